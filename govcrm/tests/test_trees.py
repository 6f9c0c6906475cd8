"""Where a record stands in its tree follows from the records above it."""

import frappe
from frappe.utils.nestedset import rebuild_tree

from govcrm.accountability.trail import capture
from govcrm.tests import GovCRMTestCase
from govcrm.tests.trail import Watch

TREES = {"Agency Department": "parent_agency_department", "Service Area": "parent_service_area"}


class TestTrees(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		capture.install()

	def test_a_tree_that_is_built_anew_does_not_differ_from_the_log(self) -> None:
		for doctype in TREES:
			frappe.db.set_value(doctype, {"name": ("is", "set")}, {"lft": 0, "rgt": 0}, update_modified=False)
			watch = Watch([doctype])
			rebuild_tree(doctype)
			self.assertEqual(watch.gaps(), [], doctype)

	def test_to_move_a_branch_tells_of_it_alone(self) -> None:
		top = frappe.get_doc(doctype="Agency Department", department_name="Yards", is_group=1).insert()
		moved = frappe.get_doc(doctype="Agency Department", department_name="Depot").insert()
		watch = Watch(["Agency Department"])
		moved.parent_agency_department = top.name
		moved.save()
		self.assertEqual(watch.gaps(), [])
