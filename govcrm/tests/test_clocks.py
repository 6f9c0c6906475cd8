"""Clocks of cases: each course of events is played through the verbs, then derived again from what is stored."""

from datetime import datetime, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import get_datetime

from govcrm.casework.clocks import records, summary
from govcrm.casework.clocks.opening import instant
from govcrm.domain.calendar import UTC
from govcrm.tests.casework import ALICE, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_published_program

MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


def make_calendar(name: str = "Nine to Five", **values):
	if frappe.db.exists("Business Calendar", name):
		return frappe.get_doc("Business Calendar", name)
	days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
	hours = [{"weekday": day, "starts": "09:00:00", "ends": "17:00:00"} for day in days]
	doc = {"doctype": "Business Calendar", "calendar_name": name, "timezone": "UTC", "hours": hours}
	return frappe.get_doc({**doc, **values}).insert(ignore_permissions=True)  # tests set the stage


def milestone(code: str = "decision", **values) -> dict:
	return {
		"code": code,
		"label": code.title(),
		"amount": 10,
		"unit": "Working Days",
		"stop_event": "Closed",
		"warn_at": "50, 75",
		"pauses": 1,
		**values,
	}


def make_policy(*milestones: dict, name: str = "Prompt", escalations: tuple = ()):
	doc = {"doctype": "Deadline Policy", "policy_name": name, "milestones": milestones or [milestone()]}
	doc["escalations"] = escalations
	return frappe.get_doc(doc).insert(ignore_permissions=True)  # tests set the stage


class ClockTestCase(CaseTestCase):
	"""The time is what the test says: `self.at` is now."""

	def setUp(self) -> None:
		super().setUp()
		self.at = MONDAY
		stand_still = patch.object(records, "present", lambda: self.at)
		stand_still.start()
		self.addCleanup(stand_still.stop)

	def later(self, **time) -> None:
		self.at += timedelta(**time)

	def clocked(self, *milestones: dict, as_user: str = ALICE, escalations: tuple = (), **values):
		policy = make_policy(*milestones, escalations=escalations)
		version = {"deadline_policy": policy.name, "calendar": make_calendar().name}
		opened = records.calendars.site_time(self.at)
		return self.case(as_user, version=version, opened_datetime=opened, **values)

	def clock(self, case, code: str = "decision"):
		return frappe.get_doc("Case Deadline", {"case": case.name, "milestone": code})

	def kinds(self, clock) -> list[str]:
		filters = {"case_deadline": clock.name}
		return frappe.get_all("Case Deadline Event", filters, pluck="kind", order_by="at_utc, idx")

	def due(self, case, code: str = "decision") -> datetime:
		return records.calendars.from_utc(self.clock(case, code).due_utc)

	def assert_derived(self, case) -> None:
		"""What is stored of each clock, and on the case, is what its events say."""
		rows = []
		for clock in records.clocks_of(case.name):
			derived, stored = records.clock_row(clock), frappe.get_doc("Case Deadline", clock.name)
			rows.append(derived)
			for field, value in derived.items():
				if field != "rule":
					self.assertEqual(plain(stored.get(field)), plain(value), field)
		shown = frappe.db.get_value(
			"Case", case.name, ["next_due", "next_deadline", "deadline_status"], as_dict=1
		)
		for field, value in summary.of_rows(rows).items():
			if field in shown:
				self.assertEqual(plain(shown[field]), plain(value), field)


def plain(value):
	if isinstance(value, datetime):
		return str(value)
	return value or None


class TestCourses(ClockTestCase):
	def test_a_case_begins_with_its_clocks(self):
		case = self.clocked()
		clock = self.clock(case)
		self.assertEqual((clock.status, self.kinds(clock)), ("Running", ["Start"]))
		self.assertEqual(self.due(case), datetime(2026, 11, 30, 17, tzinfo=UTC))
		self.assertEqual((case.next_deadline, case.deadline_status), ("Decision", "On Track"))
		self.assertEqual(get_datetime(case.next_due), clock.due)
		self.assert_derived(case)

	def test_waiting_stops_the_clock_and_resuming_moves_the_date(self):
		case = self.clocked()
		self.later(days=1)
		case.wait_for("Documents")
		self.assertEqual((self.clock(case).status, case.deadline_status), ("Paused", "Paused"))
		self.assertIsNone(self.clock(case).next_at)
		self.assert_derived(case)
		self.later(days=2)
		case.resume("They came")
		self.assertEqual(self.due(case), datetime(2026, 12, 2, 17, tzinfo=UTC))
		self.assertEqual(self.kinds(self.clock(case)), ["Start", "Pause", "Resume"])
		self.assert_derived(case)
