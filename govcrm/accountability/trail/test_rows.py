"""The row of a record is the same in memory and in the database, for every governed DocType that a site can make."""

from collections.abc import Iterator

import frappe

from govcrm.accountability.trail import governed, rows
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import (
	make_area,
	make_profile,
	make_published_program,
	make_request,
	make_task,
	make_worker,
)


class TestRows(GovCRMTestCase):
	def same(self, doctype: str, name: str) -> None:
		doc = frappe.get_doc(doctype, name)
		stored = dict(rows.stored(doctype, [name]))
		self.assertEqual({name: rows.of(doc)}, stored, doctype)

	def test_rows_of_all_records_that_a_worked_case_leaves(self) -> None:
		make_worker("alice@example.org")
		make_profile("alice@example.org")
		make_area("Mitte", 0.0, 0.0)
		make_published_program()
		request = make_request(
			description="Ein Loch\r\nin der Straße", latitude=42.123456789, longitude=-71.5
		)
		frappe.get_doc("Case", request.case).assign("alice@example.org")
		make_task(frappe.get_doc("Case", request.case))
		for doctype, name in every_governed_record():
			with self.subTest(doctype=doctype, name=name):
				self.same(doctype, name)


def every_governed_record(most: int = 40) -> Iterator[tuple[str, str]]:
	for doctype in sorted(governed.governed().covered):
		if not governed.exists(doctype):
			continue
		if governed.shape_of(doctype).single:
			yield doctype, doctype
			continue
		for name in frappe.get_all(doctype, pluck="name", limit=most, order_by="creation desc"):
			yield doctype, name
