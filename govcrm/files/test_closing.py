"""The patch for sites that had files of cases before there was a rule for them."""

from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.core.doctype.file.file import File
from frappe.utils import get_files_path

from govcrm.files import closing
from govcrm.patches.v1_0 import close_files
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case


class TestClosing(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		closing.close_all()
		self.case = make_case().name
		self.content = frappe.generate_hash()

	def before_the_rule(self, doctype: str, name: str, **values: object) -> File:
		"""As Frappe's own class writes it."""
		place = {"attached_to_doctype": doctype, "attached_to_name": name}
		file = File({"doctype": "File", "file_name": "plan.txt", "content": self.content, **place, **values})
		with patch("govcrm.files.hanging.place_of", return_value=None):
			file.insert()
		self.addCleanup(Path(file.get_full_path()).unlink, missing_ok=True)
		return file

	def test_a_public_file_of_a_case_becomes_private_and_leaves_the_public_folder(self) -> None:
		old = self.before_the_rule("Case", self.case)
		self.assertTrue(old.file_url.startswith("/files/"))
		close_files.execute()
		new = frappe.get_doc("File", old.name)
		self.assertEqual(new.is_private, 1)
		self.assertRegex(new.file_url, r"^/private/files/plan.*-[0-9a-f]{32}\.txt$")
		self.assertEqual(new.get_content(), self.content)
		frappe.db.after_commit.run()
		self.assertFalse(Path(get_files_path(old.file_url.rpartition("/")[2])).exists())
		told = frappe.get_all(
			"Comment", {"reference_name": self.case, "comment_type": "Attachment"}, pluck="content"
		)
		self.assertTrue(any(new.file_url in text for text in told), told)
		self.assertFalse(any(f"'{old.file_url}'" in text for text in told))

	def test_content_that_a_case_shared_with_others_is_its_own(self) -> None:
		shared = self.before_the_rule("User", "Guest", is_private=1)
		old = self.before_the_rule("Case", self.case, is_private=1)
		self.assertEqual(old.file_url, shared.file_url)
		close_files.execute()
		old.reload()
		self.assertNotEqual((old.file_url, old.content_hash), (shared.file_url, shared.content_hash))
		frappe.db.after_commit.run()
		for file in (old, shared):
			self.assertEqual(frappe.get_doc("File", file.name).get_content(), self.content)

	def test_a_file_of_no_case_stays_where_it_is_and_a_second_run_finds_nothing(self) -> None:
		logo = self.before_the_rule("User", "Guest")
		self.before_the_rule("Case", self.case, file_name="other.txt", content="other")
		self.assertEqual(closing.close_all(), 1)
		self.assertEqual(closing.close_all(), 0)
		self.assertEqual(
			frappe.db.get_value("File", logo.name, ("file_url", "is_private")), (logo.file_url, 0)
		)

	def test_a_file_whose_content_is_lost_is_closed_all_the_same(self) -> None:
		old = self.before_the_rule("Case", self.case)
		Path(old.get_full_path()).unlink()
		self.assertEqual(closing.close_all(), 1)
		self.assertEqual(frappe.db.get_value("File", old.name, "is_private"), 1)
