"""Reports of deadlines: their figures are those of the pure computation, and nobody reads in them what no list shows."""

import random
from datetime import timedelta

import frappe
from frappe.desk.query_report import export_query, run
from frappe.utils import getdate

from govcrm.domain import metrics
from govcrm.reports import ageing, answer_times, performance
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.clock_rows import NOON, TODAY, left_open, make_clock, make_missed
from govcrm.tests.factories import make_case, make_department, make_user

PERIOD = {"from_date": str(TODAY - timedelta(days=28)), "to_date": str(TODAY)}


class ReportTestCase(CaseTestCase):
	def rows(self, report: str, **filters) -> dict:
		"""Rows of a report by their group, as the Desk gets them."""
		return {row["group"]: row for row in self.result(report, **filters)["result"]}

	def result(self, report: str, **filters) -> dict:
		return run(report, filters={**PERIOD, **filters})


class TestDeadlinePerformance(ReportTestCase):
	REPORT = "Deadline Performance"

	def test_it_says_what_was_kept_and_what_was_missed(self):
		case = make_case()
		make_clock(case)
		make_missed(case)
		left_open(case)
		make_clock(case, status="Running", stopped_at=None)
		row = self.rows(self.REPORT)["Public Works"]
		self.assertEqual([row[name] for name in ("stopped", "on_time", "late", "overdue")], [2, 1, 1, 1])
		self.assertEqual(row["percent_on_time"], 33.3)
		self.assertEqual((row["working_median"], row["wall_median"]), (10, 2))
		self.assertTrue(row["wall_few"])

	def test_a_clock_counts_on_the_day_it_was_settled(self):
		case, long_ago = make_case(), NOON - timedelta(days=40)
		make_clock(case, started_at=long_ago, stopped_at=long_ago + timedelta(days=1))
		make_missed(case, breached_at=long_ago)
		frappe.set_user(ALICE)
		self.assertEqual(self.rows(self.REPORT), {})
		make_clock(case, started_at=long_ago)
		self.assertEqual(self.rows(self.REPORT)["Public Works"]["on_time"], 1)

	def test_nobody_of_another_department_gets_a_row_or_a_number(self):
		make_clock(make_case())
		left_open(make_case())
		frappe.set_user(ALICE)
		self.assertEqual(self.rows(self.REPORT)["Public Works"]["overdue"], 1)
		frappe.set_user(BOB)
		for group in ("Department", "Program", "Area", "Milestone"):
			found = self.result(self.REPORT, group_by=group)
			self.assertEqual((found["result"], found["chart"]), ([], None))
			self.assertFalse(any(figure["value"] for figure in found["report_summary"]))
		self.assertFalse(any(row["stopped"] for row in self.rows(self.REPORT, group_by="Week").values()))

	def test_a_total_counts_only_what_its_reader_may_see(self):
		make_clock(make_case())
		make_clock(make_case(department=make_department("Water").name))
		for user in (ALICE, BOB):
			frappe.set_user(user)
			found = self.result(self.REPORT, group_by="Program")
			self.assertEqual([row["stopped"] for row in found["result"]], [1])
			self.assertIn(1, [figure["value"] for figure in found["report_summary"]])

	def test_a_restricted_case_is_counted_for_its_supervisor_alone(self):
		make_clock(make_case(confidentiality="Restricted"))
		for user, expected in ((ALICE, {}), (SUE, {"Public Works": 1})):
			frappe.set_user(user)
			found = {key: row["stopped"] for key, row in self.rows(self.REPORT).items()}
			self.assertEqual(found, expected)

	def test_who_does_not_work_on_cases_is_refused(self):
		clerk = make_user("report-clerk@example.org", "Intake Agent")
		frappe.set_user(clerk.name)
		self.assertRaises(frappe.PermissionError, self.result, self.REPORT)

	def test_what_is_counted_in_calendar_days_has_no_working_hours(self):
		make_clock(make_case(), unit="Calendar Days")
		row = self.rows(self.REPORT)["Public Works"]
		self.assertEqual((row["working_median"], row["wall_median"]), (None, 2))

	def test_filters_narrow_it_and_a_department_stands_for_those_below(self):
		above = make_department("Reports Above", is_group=1)
		below = make_department("Reports Below", parent_agency_department=above.name)
		make_clock(make_case(department=below.name), nature="Statutory")
		make_clock(make_case())
		self.assertEqual(list(self.rows(self.REPORT, department=above.name)), [below.name])
		self.assertEqual(list(self.rows(self.REPORT, nature="Statutory", program="POTHOLE")), [below.name])
		self.assertEqual(self.rows(self.REPORT, program="NOWHERE"), {})

	def test_a_week_without_anything_settled_is_shown_as_a_gap(self):
		make_clock(make_case())
		frappe.set_user(ALICE)
		rows = self.rows(self.REPORT, group_by="Week")
		self.assertEqual(len(rows), 5)
		self.assertEqual(sum(row["on_time"] for row in rows.values()), 1)
		self.assertEqual([row["percent_on_time"] for row in rows.values()].count(None), 4)

	def test_a_period_that_ends_before_it_begins_is_refused(self):
		with self.assertRaisesRegex(frappe.ValidationError, "ends before it begins"):
			performance.run({"from_date": "2026-02-01", "to_date": "2026-01-01"})

	def test_an_export_holds_what_the_reader_sees(self):
		make_clock(make_case())
		for user, rows in ((ALICE, 1), (BOB, 0)):
			frappe.set_user(user)
			self.assertEqual(self.exported().count("Public Works"), rows)

	def exported(self) -> str:
		wanted = {"report_name": self.REPORT, "file_format_type": "CSV", "filters": frappe.as_json(PERIOD)}
		frappe.local.form_dict = frappe._dict(wanted, visible_idx="[]", csv_quoting=2, csv_delimiter=",")
		export_query()
		content = frappe.response.pop("filecontent")
		return content.decode() if isinstance(content, bytes) else content

	def test_the_database_agrees_with_the_pure_computation(self):
		chance = random.Random(3)
		cases = [make_case(), make_case(department=make_department("Water").name)]
		clocks = [self.any_clock(chance, chance.choice(cases)) for _ in range(120)]
		first = getdate(PERIOD["from_date"])
		expected = metrics.tally(
			(row.department, clock)
			for row in clocks
			if (clock := as_clock(row))
			and (day := metrics.settled_at(clock))
			and first <= day.date() <= TODAY
		)
		rows = self.rows(self.REPORT, program="POTHOLE")
		self.assertEqual(set(rows), set(expected))
		for department, tally in expected.items():
			row = rows[department]
			found = (row["on_time"], row["late"], row["overdue"], row["percent_on_time"])
			self.assertEqual(found, (tally.on_time, tally.late, tally.overdue, tally.percent_on_time))
			self.assertEqual(row["wall_p90"], round(metrics.spread(tally.wall).p90 / 86400, 1))
			self.assertEqual(row["working_median"], round(metrics.spread(tally.working).median / 3600, 1))

	def any_clock(self, chance: random.Random, case):
		started = NOON - timedelta(hours=chance.randint(30, 1200))
		status = chance.choice(["Running", "Paused", "Stopped", "Stopped", "Stopped", "Cancelled"])
		breached = chance.random() < 0.4
		return make_clock(
			case,
			status=status,
			breached=int(breached),
			started_at=started,
			stopped_at=started + timedelta(hours=chance.randint(1, 29)) if status == "Stopped" else None,
			breached_at=started + timedelta(hours=chance.randint(1, 29)) if breached else None,
			elapsed_seconds=chance.randint(0, 90000),
		)


def as_clock(row) -> metrics.Clock:
	return metrics.Clock(
		row.status, bool(row.breached), row.started_at, row.stopped_at, row.breached_at, row.elapsed_seconds
	)


class TestAnswerTimes(ReportTestCase):
	REPORT = "Answer Times"

	def test_it_gives_the_time_to_close(self):
		for days in (1, 2, 9):
			self.closed_case(days)
		row = self.rows(self.REPORT, group_by="Department")["Public Works"]
		self.assertEqual((row["closed"], row["close_median"], row["close_p90"]), (3, 2, 9))

	def test_it_gives_the_time_to_a_first_response_whatever_its_milestone_is_called(self):
		case = make_case()
		milestones = [
			{"code": "hello", "stop_event": "First Response"},
			{"code": "end", "stop_event": "Closed"},
		]
		snapshot = frappe.as_json({"milestones": milestones, "escalations": []})
		frappe.db.set_value("Program Version", case.program_version, "deadline_snapshot", snapshot)
		make_clock(case, milestone="hello", started_at=NOON - timedelta(days=4))
		make_clock(case, milestone="end", started_at=NOON - timedelta(days=20))
		row = self.rows(self.REPORT, group_by="Program")[case.program]
		self.assertEqual((row["responded"], row["response_median"], row["closed"]), (1, 3, 0))

	def test_nobody_of_another_department_learns_how_long_it_took(self):
		self.closed_case(2)
		frappe.set_user(BOB)
		self.assertEqual(self.rows(self.REPORT, group_by="Department"), {})
		self.assertIsNone(self.result(self.REPORT)["chart"])

	def closed_case(self, days: int):
		case = make_case()
		times = {
			"opened_datetime": NOON - timedelta(days=days + 1),
			"closed_datetime": NOON - timedelta(days=1),
		}
		frappe.db.set_value("Case", case.name, {**times, "state_category": "Closed"})
		return case


class TestCaseAgeing(ReportTestCase):
	REPORT = "Case Ageing"

	def test_open_cases_are_counted_by_their_age(self):
		for days in (0, 7, 8, 200):
			self.old_case(days)
		self.old_case(9, state_category="Closed")
		row = self.rows(self.REPORT)["Public Works"]
		self.assertEqual([row[f"band_{number}"] for number in range(6)], [2, 1, 0, 0, 0, 1])
		self.assertEqual(row["open"], 4)

	def test_nobody_of_another_department_learns_how_many(self):
		self.old_case(3)
		frappe.set_user(BOB)
		found = self.result(self.REPORT)
		self.assertEqual((found["result"], found["chart"]), ([], None))

	def test_every_band_has_a_name(self):
		self.assertEqual(len(set(ageing.band_names())), 6)

	def old_case(self, days: int, **values):
		case = make_case()
		opened = {"opened_datetime": NOON - timedelta(days=days)}
		frappe.db.set_value("Case", case.name, {**opened, **values})


class TestResponseMilestones(CaseTestCase):
	def test_a_version_without_a_policy_has_none(self):
		case = make_case()
		self.assertFalse(
			{code for version, code in answer_times.response_milestones() if version == case.program_version}
		)
