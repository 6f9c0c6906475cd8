"""Parts of a case that is, or becomes, sealed."""

import frappe

from govcrm.tests.casework import SUE
from govcrm.tests.factories import make_department, make_published_program
from govcrm.tests.sealing import SealedTestCase


class TestParts(SealedTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")
		make_department("Water")
		make_published_program("PART")
		frappe.set_user(SUE)

	def refer(self):
		case = frappe.get_doc("Case", self.matter.name)
		return frappe.get_doc("Case", case.refer("Water", "Please look", "PART"))

	def raise_to(self, level: str) -> None:
		case = frappe.get_doc("Case", self.matter.name)
		case.confidentiality = level
		case.save()

	def test_a_part_starts_at_the_level_of_the_case_that_it_is_a_part_of(self):
		self.raise_to("Restricted")
		self.assertEqual(self.refer().confidentiality, "Restricted")

	def test_a_part_that_is_there_keeps_its_level_and_who_seals_the_case_is_told(self):
		part = self.refer()
		frappe.local.message_log = []
		self.seal()
		self.assertNotEqual(part.reload().confidentiality, "Sealed")
		self.assertIn(part.name, str(frappe.local.message_log))

	def test_who_seals_a_case_without_parts_is_told_nothing_of_them(self):
		frappe.local.message_log = []
		self.seal()
		self.assertNotIn("parts", str(frappe.local.message_log))
