"""What install and migrate do may be done again, and an unknown Frappe is refused."""

from unittest.mock import patch

import frappe

from govcrm.setup import install, uninstall
from govcrm.tests import GovCRMTestCase

SEEDED = (
	"Role",
	"Custom Field",
	"Workflow",
	"Workflow State",
	"Workflow Action Master",
	"Agency Program",
	"Kanban Board",
)


class TestInstall(GovCRMTestCase):
	def test_setting_up_again_makes_nothing_twice(self):
		before = {doctype: frappe.db.count(doctype) for doctype in SEEDED}
		install.set_up()
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in SEEDED}, before)

	def test_a_workflow_the_agency_changed_stays_as_it_is(self):
		frappe.db.set_value(
			"Workflow Document State", {"parent": "Complaint", "idx": 1}, "allow_edit", "System Manager"
		)
		install.set_up()
		kept = frappe.db.get_value("Workflow Document State", {"parent": "Complaint", "idx": 1}, "allow_edit")
		self.assertEqual(kept, "System Manager")

	def test_an_unknown_version_of_frappe_is_refused_before_anything_is_written(self):
		with patch.object(install, "MAJOR", 14):
			self.assertRaises(frappe.ValidationError, install.before_install)
		install.before_install()


class TestUninstall(GovCRMTestCase):
	def test_the_files_name_every_doctype_of_the_app(self):
		modules = frappe.get_all("Module Def", filters={"app_name": "govcrm"}, pluck="name")
		on_site = frappe.get_all("DocType", filters={"module": ("in", modules)}, pluck="name")
		self.assertEqual(uninstall.shipped_doctypes(), sorted(on_site))

	def test_rows_that_name_our_doctypes_are_found_in_frappes_own(self):
		found = set(uninstall._fields_naming_a_doctype(uninstall.shipped_doctypes()))
		self.assertLessEqual(
			{("Version", "ref_doctype"), ("ToDo", "reference_type"), ("Workflow", "document_type")}, found
		)
