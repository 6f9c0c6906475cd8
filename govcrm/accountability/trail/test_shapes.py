"""Shapes of DocTypes: kept for as long as what they were made of is the same, and no longer."""

from unittest.mock import patch

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.accountability.trail import governed
from govcrm.accountability.trail.governed import shape_of
from govcrm.tests import GovCRMTestCase

CLOCK = "Case Deadline"


class TestShapes(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(setattr, frappe.local, "request", None)
		self.addCleanup(governed.forget)
		self.addCleanup(frappe.clear_cache, doctype=CLOCK)
		self.begin()

	def begin(self) -> None:
		"""As a web worker begins a request: with what Redis holds and what the process has kept."""
		frappe.local.cache.clear()
		frappe.local.request = Request(EnvironBuilder(path="/api/method/ping").get_environ())
		governed.forget()

	def set_property(self, field: str, name: str, value: str) -> None:
		values = {"doctype_or_field": "DocField", "doc_type": CLOCK, "field_name": field}
		values |= {"property": name, "property_type": "Data", "value": value}
		frappe.get_doc({"doctype": "Property Setter", **values}).insert()

	def leave_out(self, field: str) -> None:
		"""As when an app is installed whose hooks say so: what is kept of the DocType is let go."""
		hooks = frappe.get_hooks
		extended = lambda hook=None, *args, **kwargs: (  # noqa: E731
			{CLOCK: [field]} if hook == "govcrm_audit_derived_fields" else hooks(hook, *args, **kwargs)
		)
		patcher = patch.object(frappe, "get_hooks", extended)
		patcher.start()
		self.addCleanup(patcher.stop)
		frappe.clear_cache(doctype=CLOCK)
		frappe.get_meta(CLOCK)

	def test_a_field_that_changed_gives_another_shape_in_this_request_and_in_the_next(self) -> None:
		self.assertEqual(shape_of(CLOCK).kinds["label"], "Data")
		self.set_property("label", "fieldtype", "Small Text")
		self.assertEqual(shape_of(CLOCK).kinds["label"], "Small Text")
		self.begin()
		self.assertEqual(shape_of(CLOCK).kinds["label"], "Small Text")

	def test_what_the_hooks_of_a_new_app_leave_out_is_in_no_shape_of_the_next_request(self) -> None:
		frappe.get_meta(CLOCK)
		self.begin()
		self.assertIn("label", shape_of(CLOCK).kinds)
		self.leave_out("label")
		self.begin()
		self.assertNotIn("label", shape_of(CLOCK).kinds)
