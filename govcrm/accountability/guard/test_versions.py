from unittest.mock import patch

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.delete_doc import delete_dynamic_links
from frappe.model.rename_doc import rename_versions
from frappe.utils.safe_exec import safe_exec

from govcrm.accountability.guard import AppendOnlyError, statements
from govcrm.accountability.trail.governed import governed
from govcrm.tests import GovCRMTestCase

KEPT, OTHER = "Agency Department", "Note"


class TestVersions(GovCRMTestCase):
	"""The history of a department, and that of a note, which nobody governs."""

	def setUp(self) -> None:
		super().setUp()
		statements.install()
		self.version, self.of_note = self.make(KEPT), self.make(OTHER)

	def make(self, doctype: str) -> str:
		version = {"doctype": "Version", "ref_doctype": doctype, "docname": "x", "data": '{"changed": []}'}
		return frappe.get_doc(version).insert().name

	def refused(self, deed, *args: object, **kwargs: object) -> None:
		before = frappe.db.get_value("Version", self.version, "*", as_dict=True)
		with self.assertRaises(AppendOnlyError):
			deed(*args, **kwargs)
		self.assertEqual(frappe.db.get_value("Version", self.version, "*", as_dict=True), before)

	def test_the_history_of_a_governed_record_is_not_changed(self) -> None:
		version = frappe.get_doc("Version", self.version)
		version.data = "{}"
		self.refused(version.save)
		self.refused(version.db_update)
		self.refused(frappe.db.set_value, "Version", self.version, "data", "{}")
		self.refused(frappe.db.bulk_update, "Version", {self.version: {"data": "{}"}})
		self.refused(frappe.client.set_value, "Version", self.version, "data", "{}")

	def test_the_history_of_a_governed_record_is_not_deleted(self) -> None:
		self.refused(frappe.delete_doc, "Version", self.version)
		self.refused(frappe.delete_doc, "Version", self.version, force=True, ignore_on_trash=True)
		self.refused(frappe.db.delete, "Version", {"name": self.version})
		self.refused(frappe.db.delete, "Version", {"ref_doctype": ("in", [KEPT, OTHER])})
		self.refused(frappe.db.delete, "Version")
		table = frappe.qb.DocType("Version")
		self.refused(frappe.qb.from_(table).delete().where(table.name == self.version).run)

	def test_the_history_of_a_governed_record_is_not_given_to_another(self) -> None:
		self.refused(frappe.rename_doc, "Version", self.version, "other", force=True)
		with patch("frappe.utils.safe_exec.is_safe_exec_enabled", lambda: True):
			self.refused(safe_exec, f"frappe.db.set_value('Version', {self.version!r}, 'docname', 'y')")

	def test_deleting_a_governed_record_leaves_its_history(self) -> None:
		delete_dynamic_links(KEPT, "x")
		self.assertTrue(frappe.db.exists("Version", self.version))

	def test_other_histories_go_as_ever(self) -> None:
		delete_dynamic_links(OTHER, "x")
		self.assertFalse(frappe.db.exists("Version", self.of_note))
		another = self.make(OTHER)
		frappe.delete_doc("Version", another)
		self.assertFalse(frappe.db.exists("Version", another))

	def test_the_history_follows_a_record_that_is_renamed(self) -> None:
		rename_versions(KEPT, "x", "y")
		self.assertEqual(frappe.db.get_value("Version", self.version, "docname"), "y")


class TestTracking(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		statements.install()

	def test_tracking_of_a_governed_doctype_is_not_turned_off_by_a_property(self) -> None:
		for value in ("0", 0, ""):
			with self.assertRaises(AppendOnlyError):
				make_property_setter(KEPT, None, "track_changes", value, "Check", for_doctype=True)

	def test_tracking_of_a_governed_doctype_is_not_turned_off_by_customize_form(self) -> None:
		form = frappe.get_doc("Customize Form")
		form.doc_type = KEPT
		form.fetch_to_customize()
		form.track_changes = 0
		self.assertRaises(AppendOnlyError, form.save_customization)

	def test_tracking_of_a_governed_doctype_is_not_turned_off_in_the_doctype(self) -> None:
		doctype = frappe.get_doc("DocType", KEPT)
		doctype.track_changes = 0
		with patch.dict(frappe.conf, developer_mode=1), patch.object(doctype, "export_doc"):
			self.assertRaises(AppendOnlyError, doctype.save)
		with self.assertRaises(AppendOnlyError):
			frappe.db.set_value("DocType", KEPT, "track_changes", 0)
		self.assertTrue(frappe.get_meta(KEPT).track_changes)

	def test_others_may_turn_theirs_off_and_on(self) -> None:
		make_property_setter(OTHER, None, "track_changes", "0", "Check", for_doctype=True)
		make_property_setter(KEPT, None, "track_changes", "1", "Check", for_doctype=True)

	def test_what_is_governed_is_tracked(self) -> None:
		for doctype in ("Case", "Citizen", "Service Request", KEPT):
			self.assertIn(doctype, governed().doctypes)
			self.assertTrue(frappe.get_meta(doctype).track_changes, doctype)
