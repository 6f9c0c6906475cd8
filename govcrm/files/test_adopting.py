"""Who may read the file of a case does not take it out of the case."""

import frappe

from govcrm.files.test_doors import RESOURCE, SECRET, FilesTestCase
from govcrm.tests.casework import ALICE
from govcrm.tests.factories import make_case


class TestAdopting(FilesTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.address = self.file("open.txt", SECRET, make_case().name).file_url
		frappe.set_user(ALICE)

	def test_a_file_of_a_case_is_not_adopted_out_of_it(self) -> None:
		self.assertEqual(self.download(self.address).status, 200)  # else this would prove nothing
		for version, path in RESOURCE.items():
			for more in ({}, {"is_private": 1}, {"attached_to_doctype": "User", "attached_to_name": ALICE}):
				self.refused(
					self.ask(f"{path}/File", "POST", file_url=self.address, **more), "stays with cases"
				)
			self.refused(self.upload("x", None, version, file_url=self.address), "stays with cases")
			answer = self.ask(f"{path}/User/{ALICE}", "PUT", user_image=self.address)
			self.refused(answer, "stays with cases")
		self.assertEqual(self.owned_by(ALICE), [])

	def test_a_file_of_a_case_is_copied_to_another_record_that_one_may_write(self) -> None:
		other = make_case().name
		place = {"attached_to_doctype": "Case", "attached_to_name": other}
		for path in RESOURCE.values():
			answer = self.ask(f"{path}/File", "POST", file_url=self.address, **place)
			self.assertEqual(answer.status, 200, answer)
			self.assertNotEqual(answer.message["file_url"], self.address)
