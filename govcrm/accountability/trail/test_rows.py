"""The row of a record is the same in memory and in the database, for every governed DocType that a site can make."""

from collections.abc import Iterator
from unittest.mock import DEFAULT, patch

import frappe

from govcrm.accountability.trail import acts, governed, rows
from govcrm.accountability.trail.entries import Entry
from govcrm.tests import GovCRMTestCase
from govcrm.tests.casework import ALICE, SUE, CaseTestCase
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


class TestCapturedRows(CaseTestCase):
	"""Events of our own records are made from memory. At that moment the database holds the very same."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program("POTHOLE", {"checklist": [{"title": "Look", "due_days": 3}]})
		self.seen: set[str] = set()
		compared = patch.object(acts, "capture", wraps=acts.capture, side_effect=self.compare)
		compared.start()
		self.addCleanup(compared.stop)

	def compare(self, entry: Entry):
		if entry.after is not None:
			self.seen.add(entry.doctype)
			self.assertEqual(entry.after, rows.one(entry.doctype, entry.name), entry.doctype)
		return DEFAULT

	def test_from_intake_to_the_end(self) -> None:
		request = make_request(
			description=" Ein Loch\r\nin der Straße ", latitude=42.1234567891, longitude=-71.5
		)
		frappe.set_user(SUE)
		case = frappe.get_doc("Case", request.case)
		case.assign(ALICE, "She knows the street.")
		frappe.set_user(ALICE)
		task = frappe.get_last_doc("Case Task", {"case": case.name})
		task.start()
		task.complete("Deep.")
		case.reload().wait_for("Answer awaited.", frappe.utils.add_days(frappe.utils.today(), 2))
		case.resume("It came.")
		case.add_comment("Info", " <b>Deep</b> <script>let me = 1</script>\r\n& wide ")
		case.reload().close("Fixed", "Filled.", "We filled it.", "Resolve")
		ours = {"Service Request", "Case", "Case Event", "Case Task", "Case Participant", "Interaction"}
		self.assertLessEqual(ours | {"Comment", "ToDo"}, self.seen)

	def test_a_citizen_with_all_that_belongs_to_them(self) -> None:
		citizen = frappe.get_doc(
			{
				"doctype": "Citizen",
				"first_name": "Ada",
				"last_name": "Lovelace",
				"date_of_birth": "1990-01-05",
				"contact_points": [{"channel": "E-mail", "value": "ada@example.org", "preferred": True}],
			}
		).insert()
		citizen.contact_points[0].value = "countess@example.org"
		citizen.save()
		self.assertIn("Citizen", self.seen)

	def test_what_an_agency_sets_up(self) -> None:
		make_area("Mitte", 0.0, 0.0)
		make_profile(ALICE)
		make_published_program("TREE")
		program = frappe.get_doc("Agency Program", "TREE")
		program.description = "Trees of all kinds"
		program.save()
		self.assertLessEqual(
			{"Service Area", "Staff Profile", "Agency Program", "Program Version"}, self.seen
		)


def every_governed_record(most: int = 40) -> Iterator[tuple[str, str]]:
	for doctype in sorted(governed.governed().covered):
		if not governed.exists(doctype):
			continue
		if governed.shape_of(doctype).single:
			yield doctype, doctype
			continue
		for name in frappe.get_all(doctype, pluck="name", limit=most, order_by="creation desc"):
			yield doctype, name
