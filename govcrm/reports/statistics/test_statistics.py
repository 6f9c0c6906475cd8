"""Published statistics: the numbers of a small town, what is withheld, and that who sees them sees nothing else."""

from contextlib import suppress
from datetime import date

import frappe
from frappe.desk.query_report import run

from govcrm.casework.importing.writer import insert_many
from govcrm.domain.statistics import MEASURES
from govcrm.reports.statistics import DOCTYPE, REPORT, editions, publishing, report
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case, make_department, make_published_program, make_user

COUNCIL = "council@example.org"
MARCH, APRIL = date(1990, 3, 1), date(1990, 4, 1)
WORKS, WATER = "Statistics Works", "Statistics Water"
HOLE, LEAK = "STATISTICS-HOLE", "STATISTICS-LEAK"
OPEN = {"opened_datetime": "1990-03-10 12:00:00", "state_category": "Open", "confidentiality": "Internal"}
CLOSED = {"state_category": "Closed", "closed_datetime": "1990-03-14 13:00:00"}


class StatisticsTestCase(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.made = 0
		frappe.db.delete(DOCTYPE)  # of a site with the demo city
		for department, program in ((WORKS, HOLE), (WATER, LEAK)):
			make_department(department)
			make_published_program(program)
			frappe.db.set_value("Agency Program", program, "department", department)
		frappe.db.set_value("Agency Program", LEAK, "kind", "Complaint")
		self.model = make_case(HOLE, department=WORKS)
		frappe.db.set_value("Case", self.model.name, "opened_datetime", "2020-01-01 12:00:00")
		make_user(COUNCIL, "Elected Official")

	def received(self, number: int, program: str, department: str, **values) -> list[str]:
		"""Cases as the database holds them."""
		row = {**OPEN, "program": program, "department": department, **values}
		self.made += number
		names = [f"STATISTICS-{self.made - at}" for at in range(number)]
		insert_many("Case", ("name", *row), [(name, *row.values()) for name in names])
		return names

	def closed(self, number: int, program: str, department: str, late: bool = False) -> None:
		"""Each late one missed two deadlines."""
		names = self.received(number, program, department, **CLOSED)
		missed = [(f"{name}-{at}", name, 1) for name in names for at in range(2)]
		insert_many("Case Deadline", ("name", "case", "breached"), missed if late else [])

	def town(self) -> None:
		self.closed(20, HOLE, WORKS)
		self.closed(12, HOLE, WORKS, late=True)
		self.received(5, HOLE, WORKS)
		self.closed(15, LEAK, WATER)
		self.closed(11, LEAK, WATER, late=True)

	def numbers(self, level: str, **filters) -> dict:
		rows = frappe.get_all(
			DOCTYPE,
			{"period": MARCH, "latest": 1, "level": level, **filters},
			[*MEASURES, "median_days", "name"],
		)
		self.assertEqual(len(rows), 1)
		return [rows[0][name] for name in (*MEASURES, "median_days")]


class TestCounting(StatisticsTestCase):
	def test_the_numbers_are_those_of_the_town(self):
		self.town()
		editions.issue(MARCH)
		self.assertEqual(self.numbers("Agency"), ["63", "58", "35", "23", "4"])
		self.assertEqual(self.numbers("Department", department=WORKS), ["37", "32", "20", "12", "4"])
		self.assertEqual(self.numbers("Kind", kind="Complaint"), ["26", "26", "15", "11", "4"])
		self.assertEqual(self.numbers("Program", program=HOLE)[0], "37")
		self.assertEqual(self.numbers("Department and Program", department=WATER, program=LEAK)[0], "26")
		self.assertEqual(self.numbers("Department and Kind", department=WATER, kind="Complaint")[3], "11")

	def test_a_count_of_few_is_withheld_and_others_with_it(self):
		self.town()
		self.received(4, LEAK, WORKS)
		editions.issue(MARCH)
		self.assertEqual(
			self.numbers("Department and Program", department=WORKS, program=LEAK)[0], "withheld"
		)
		self.assertEqual(
			self.numbers("Department and Program", department=WATER, program=LEAK)[0], "withheld"
		)
		shown = frappe.get_all(DOCTYPE, {"period": MARCH}, [*MEASURES], as_list=True)
		self.assertFalse([text for row in shown for text in row if text.isdigit() and 0 < int(text) < 10])

	def test_the_least_count_that_is_shown_is_a_setting(self):
		frappe.db.set_single_value("GovCRM Settings", "smallest_count_shown", 40)
		self.town()
		editions.issue(MARCH)
		self.assertEqual(self.numbers("Department", department=WORKS)[0], "withheld")
		self.assertEqual(frappe.db.get_value(DOCTYPE, {"period": MARCH}, "threshold"), 40)
		settings = frappe.get_doc("GovCRM Settings")
		settings.smallest_count_shown = 1
		self.assertRaises(frappe.ValidationError, settings.save)

	def test_sealed_cases_and_parts_are_not_counted_and_restricted_ones_are(self):
		self.town()
		self.received(20, HOLE, WORKS, confidentiality="Sealed")
		self.received(20, HOLE, WORKS, parent_case=self.model.name)
		self.received(10, HOLE, WORKS, confidentiality="Restricted")
		editions.issue(MARCH)
		self.assertEqual(self.numbers("Department", department=WORKS)[0], "47")

	def test_a_month_counts_its_own_days_alone(self):
		self.town()
		self.received(30, HOLE, WORKS, opened_datetime="1990-02-28 12:00:00")
		self.received(10, HOLE, WORKS, opened_datetime="1990-03-31 12:00:00")
		self.received(30, HOLE, WORKS, opened_datetime="1990-04-01 12:00:00")
		editions.issue(MARCH)
		self.assertEqual(self.numbers("Department", department=WORKS)[0], "47")


class TestPublishing(StatisticsTestCase):
	def test_months_that_have_ended_are_published_once(self):
		self.town()
		self.assertEqual(publishing.due(date(1990, 3, 31)), [])
		self.assertEqual(publishing.due(date(1990, 5, 2)), [MARCH, APRIL])
		editions.issue(MARCH)
		self.assertEqual(publishing.due(date(1990, 5, 2)), [APRIL])

	def test_what_happens_to_cases_afterwards_changes_nothing(self):
		self.town()
		editions.issue(MARCH)
		before = self.numbers("Agency")
		self.received(1, HOLE, WORKS)
		frappe.set_user(COUNCIL)
		self.assertEqual(self.numbers("Agency"), before)

	def test_another_edition_does_not_tell_of_a_single_case(self):
		self.town()
		editions.issue(MARCH)
		self.received(1, HOLE, WORKS)
		self.assertTrue(editions.issue(MARCH, "One was late."))
		self.assertEqual(self.numbers("Agency")[0], "withheld")
		self.assertEqual(len(editions.published(MARCH)), 2)

	def test_an_edition_in_which_much_has_changed_takes_the_place_of_the_last(self):
		self.town()
		editions.issue(MARCH)
		self.received(20, HOLE, WORKS)
		editions.issue(MARCH, "An import came late.")
		self.assertEqual(self.numbers("Agency")[0], "83")

	def test_the_same_numbers_make_no_other_edition(self):
		self.town()
		self.assertTrue(editions.issue(MARCH))
		self.assertEqual(editions.issue(MARCH, "For nothing."), 0)
		self.assertEqual(len(editions.published(MARCH)), 1)

	def test_publishing_is_an_event(self):
		self.town()
		editions.issue(MARCH)
		self.assertTrue(frappe.db.exists("Audit Event", {"verb": "publish", "reference_doctype": DOCTYPE}))

	def test_nobody_changes_what_was_published(self):
		self.town()
		editions.issue(MARCH)
		row = frappe.get_last_doc(DOCTYPE)
		self.assertRaises(frappe.ValidationError, row.save)
		self.assertRaises(frappe.ValidationError, row.delete)
		self.assertRaises(frappe.ValidationError, frappe.copy_doc(row).insert)

	def test_only_administrators_publish_and_again_only_with_a_reason(self):
		self.town()
		editions.issue(MARCH)
		frappe.set_user(COUNCIL)
		self.assertRaises(frappe.PermissionError, publishing.begin)
		self.assertRaises(frappe.PermissionError, publishing.begin_again, "1990-03-01", "Because")
		frappe.set_user(make_user("statistics-admin@example.org", "Agency Administrator").name)
		publishing.begin()
		publishing.begin_again("1990-03-17", "Because")
		with self.assertRaisesRegex(frappe.ValidationError, "Say why"):
			publishing.begin_again("1990-03-01", " ")
		with self.assertRaisesRegex(frappe.ValidationError, "Nothing was published"):
			publishing.begin_again("1989-03-01", "Because")


class TestReport(StatisticsTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.town()
		self.received(4, LEAK, WORKS, opened_datetime="1990-04-10 12:00:00")
		editions.issue(MARCH)
		editions.issue(APRIL)
		frappe.set_user(COUNCIL)

	def rows(self, **filters) -> dict:
		return {row["group"]: row for row in self.result(**filters)["result"]}

	def result(self, **filters) -> dict:
		return run(REPORT, filters={"month": str(MARCH), **filters})

	def test_an_official_sees_the_published_numbers_by_each_dimension(self):
		self.assertEqual(self.rows(by="Department")[WATER]["closed"], 26)
		self.assertEqual(self.rows(by="Kind")["Complaint"]["share"], "57.7%")
		self.assertEqual(self.rows(by="Month")["Mar 1990"]["growth"], "+5")
		self.assertEqual(self.rows(by="Month", department=WORKS)["Mar 1990"]["received"], 37)
		self.assertEqual(len(self.rows(by="Program", department=WORKS)), 1)
		self.assertEqual(self.rows(by="Department", month=str(APRIL))[WORKS]["received"], "withheld")

	def test_a_chart_draws_no_number_that_is_withheld(self):
		labels = self.result(by="Department")["chart"]["data"]["labels"]
		self.assertLessEqual({WORKS, WATER}, set(labels))
		labels = self.result(by="Month")["chart"]["data"]["labels"]
		self.assertIn("Mar 1990", labels)
		self.assertNotIn("Apr 1990", labels)

	def test_its_words_say_what_is_withheld(self):
		self.assertIn("fewer than 10 cases", self.result(by="Department")["message"])

	def test_cards_show_the_last_month(self):
		from govcrm.api.statistics import choices, last_month

		shown = last_month(filters='{"measure": "closed"}')
		self.assertEqual(shown, report.newest()["closed"])  # a word: April had few
		editions._replace(APRIL)
		self.assertEqual(last_month(filters='{"measure": "closed"}')["value"], 58)
		self.assertEqual(last_month(filters='{"measure": "share"}')["value"], 60.3)
		self.assertEqual(last_month(filters='{"measure": "name"}'), "None yet")
		self.assertIn(str(MARCH), choices()["months"])

	def test_who_has_no_part_in_it_is_refused(self):
		frappe.set_user(make_user("statistics-clerk@example.org", "Intake Agent").name)
		self.assertRaises(frappe.PermissionError, self.result)


class TestOfficials(StatisticsTestCase):
	"""The role has no right to any record, by whatever way."""

	def setUp(self) -> None:
		super().setUp()
		self.doctypes = frappe.get_hooks("govcrm_scoped_doctypes")
		frappe.set_user(COUNCIL)

	def test_no_scoped_doctype_has_a_right_for_the_role(self):
		for doctype in self.doctypes:
			for right in ("read", "select", "report", "export", "print", "write", "create"):
				self.assertFalse(frappe.has_permission(doctype, right), (doctype, right))

	def test_no_list_shows_them_a_record(self):
		for doctype in self.doctypes:
			self.assertRaises(frappe.PermissionError, frappe.get_list, doctype, parent_doctype="Case")

	def test_no_count_tells_them_a_number(self):
		from frappe.desk.reportview import get_count

		for doctype in self.doctypes:
			frappe.local.form_dict = frappe._dict(doctype=doctype, filters="[]", fields="[]")
			self.assertRaises(frappe.PermissionError, get_count)

	def test_no_form_opens_to_them(self):
		for right in ("read", "print"):
			self.assertFalse(frappe.has_permission("Case", right, doc=self.model.name))

	def test_no_report_on_records_runs_for_them(self):
		scoped = {"ref_doctype": ("in", self.doctypes), "disabled": 0}
		for name in frappe.get_all("Report", scoped, pluck="name", order_by="name"):
			with self.assertRaises(frappe.PermissionError, msg=name):
				run(name)

	def test_no_card_and_no_chart_of_records_is_theirs(self):
		for kind, has_permission in (
			("Number Card", "frappe.desk.doctype.number_card.number_card.has_permission"),
			("Dashboard Chart", "frappe.desk.doctype.dashboard_chart.dashboard_chart.has_permission"),
		):
			records = {"document_type": ("in", self.doctypes)}
			for name in frappe.get_all(kind, records, pluck="name", order_by="name"):
				doc = frappe.get_doc(kind, name)
				allowed = frappe.get_attr(has_permission)(doc, "read", COUNCIL)
				self.assertFalse(allowed, (kind, name))

	def test_no_search_finds_them_a_record(self):
		from frappe.desk.search import search_link
		from frappe.utils.global_search import search

		self.assertFalse([row for row in search(self.model.name[:6]) if row.doctype in self.doctypes])
		for doctype in ("Case", "Service Request", "Citizen"):
			with suppress(frappe.PermissionError):
				self.assertFalse(search_link(doctype, ""))

	def test_no_workspace_of_theirs_leads_to_records(self):
		theirs = frappe.get_all(
			"Has Role", {"parenttype": "Workspace", "role": "Elected Official"}, pluck="parent"
		)
		self.assertIn("Service Performance", theirs)
		for name in theirs:
			doc = frappe.get_doc("Workspace", name)
			self.assertFalse({row.link_to for row in [*doc.links, *doc.shortcuts]} & set(self.doctypes))
			self.assertFalse({row.document_type for row in doc.quick_lists} & set(self.doctypes))
