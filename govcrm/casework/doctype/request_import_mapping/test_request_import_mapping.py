"""Mappings are checked when they are saved; shipped ones are seeded once and then the agency's."""

import frappe

from govcrm.casework.importing import mappings
from govcrm.tests import GovCRMTestCase

NEEDED = [
	{"target": "source_id", "column": "id"},
	{"target": "program", "column": "type"},
	{"target": "requested_datetime", "column": "opened", "transform": "datetime"},
]


class TestRequestImportMapping(GovCRMTestCase):
	def make_mapping(self, *more: dict, **values):
		values = {"mapping_name": "Old System", "source": "Old System", "columns": [*NEEDED, *more], **values}
		return frappe.get_doc({"doctype": "Request Import Mapping", **values}).insert()

	def test_a_mapping_of_what_is_needed_is_taken(self):
		self.make_mapping({"target": "answer:size", "column": "size"})
		self.assertEqual(mappings.load("Old System").titles, ("id", "type", "opened", "size"))

	def test_an_unknown_target_is_told_by_name(self):
		with self.assertRaisesRegex(frappe.ValidationError, "owner"):
			self.make_mapping({"target": "owner", "column": "x"})

	def test_a_table_without_equals_signs_is_told(self):
		with self.assertRaisesRegex(frappe.ValidationError, "equals sign"):
			self.make_mapping({"target": "channel", "column": "x", "transform": "lookup", "value": "Phone"})

	def test_making_programs_needs_a_workflow(self):
		with self.assertRaisesRegex(frappe.ValidationError, "workflow"):
			self.make_mapping(create_missing=1)

	def test_every_shipped_mapping_is_sound_and_what_an_agency_changed_stays(self):
		mappings.seed_mappings()
		for name in ("Boston 311", "Generic", "Open311 Bulk"):
			frappe.get_doc("Request Import Mapping", name).save()
		frappe.db.set_value("Request Import Mapping", "Generic", "source", "Ours")
		mappings.seed_mappings()
		self.assertEqual(mappings.load("Generic").source, "Ours")
