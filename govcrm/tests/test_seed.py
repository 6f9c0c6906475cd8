"""What is seeded: there on the first day, the agency's own from then on."""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from govcrm.api.desk import get_link_title
from govcrm.setup import links, seed
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_department, make_user


class TestKey(GovCRMTestCase):
	def test_the_site_has_its_encryption_key_before_anybody_needs_it(self):
		self.assertTrue(frappe.get_site_config().get("encryption_key"))


class TestSeed(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		seed.seed()

	def test_the_referral_program_is_published_and_for_staff_only(self) -> None:
		program = frappe.get_doc("Agency Program", seed.REFERRAL_PROGRAM)
		version = frappe.get_doc("Program Version", program.current_version)
		self.assertFalse(program.is_public)
		self.assertEqual((version.docstatus, version.workflow), (1, seed.REFERRAL_WORKFLOW))

	def test_the_settings_name_the_referral_program(self) -> None:
		settings = frappe.get_doc("GovCRM Settings")
		self.assertEqual(settings.referral_program, seed.REFERRAL_PROGRAM)

	def test_the_shipped_import_mappings_are_there(self) -> None:
		self.assertTrue(frappe.db.exists("Request Import Mapping", "Boston 311"))
		self.assertTrue(frappe.db.exists("Request Import Mapping", "Generic"))

	def test_seeding_again_changes_nothing(self) -> None:
		before = self.everything()
		seed.seed()
		self.assertEqual(self.everything(), before)

	def test_what_an_admin_changed_stays(self) -> None:
		program = frappe.get_doc("Agency Program", seed.REFERRAL_PROGRAM)
		program.program_name = "Ask a Colleague"
		program.save()
		seed.seed()
		name = frappe.db.get_value("Agency Program", seed.REFERRAL_PROGRAM, "program_name")
		self.assertEqual(name, "Ask a Colleague")

	def test_what_an_admin_deleted_does_not_come_back(self) -> None:
		frappe.delete_doc("Request Import Mapping", "Generic")
		seed.seed()
		self.assertFalse(frappe.db.exists("Request Import Mapping", "Generic"))

	def test_another_referral_program_in_the_settings_is_kept(self) -> None:
		settings = frappe.get_doc("GovCRM Settings")
		settings.referral_program = None
		settings.save()
		seed.seed()
		self.assertFalse(frappe.get_doc("GovCRM Settings").referral_program)

	def test_a_later_release_seeds_only_what_is_new(self) -> None:
		known = [name for name in seed.seeded() if name != "import mapping generic"]
		frappe.db.set_global(seed.REMEMBERED, frappe.as_json(known))
		frappe.delete_doc("Request Import Mapping", "Generic")
		frappe.delete_doc("Request Import Mapping", "Boston 311")
		seed.seed()
		self.assertTrue(frappe.db.exists("Request Import Mapping", "Generic"))
		self.assertFalse(frappe.db.exists("Request Import Mapping", "Boston 311"))

	def test_an_existing_root_department_takes_the_referral_program(self) -> None:
		make_department("Somewhere")
		root = seed.root_department()
		self.assertFalse(frappe.db.get_value("Agency Department", root, "parent_agency_department"))

	def everything(self) -> dict:
		doctypes = (
			"Agency Department",
			"Agency Program",
			"Program Version",
			"Request Import Mapping",
			"Workflow",
		)
		return {
			doctype: frappe.get_all(doctype, ["name", "modified"], order_by="name") for doctype in doctypes
		}


class TestNamesOfPeople(GovCRMTestCase):
	def test_links_to_users_show_full_names_unless_the_agency_said_how(self) -> None:
		self.assertTrue(frappe.db.exists("Property Setter", links.OURS))
		self.assertTrue(frappe.get_meta("User").show_title_field_in_link)
		links.remove()
		self.assertFalse(frappe.get_meta("User").show_title_field_in_link)
		make_property_setter("User", None, links.PROPERTY, "0", "Check", for_doctype=True)
		links.seed()
		self.assertFalse(frappe.get_meta("User").show_title_field_in_link)

	def test_staff_know_staff_by_name_and_nobody_learns_who_else_has_an_account(self) -> None:
		alice = make_user("alice@example.org", "Caseworker", last_name="Stone").name
		resident = make_user("resident@example.org", "Constituent", user_type="Website User").name
		for asking, about, told in (
			(alice, alice, "Alice Stone"),
			(alice, resident, resident),
			(alice, "nobody@example.org", "nobody@example.org"),
			(resident, alice, alice),
		):
			with self.set_user(asking):
				self.assertEqual(get_link_title("User", about), told, (asking, about))
