"""What the sweep finds and writes down. Nothing is committed here: `test_sweep_kill` has processes of their own."""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime

from govcrm.casework.sweep import marking
from govcrm.tests.casework import CaseTestCase
from govcrm.tests.clocks import make_clock


class SweepTestCase(CaseTestCase):
	def sweep(self, hours: float = 0) -> int:
		"""Mark what is due so many hours from now, without a commit."""
		now = marking.utc_now() + timedelta(hours=hours)
		clock = frappe.qb.DocType("Case Deadline")
		query = frappe.qb.from_(clock).select(clock.name, clock["case"]).where(clock.next_at < now)
		return marking.mark(query.run(), now)

	def happened(self, clock, *fields):
		fields = fields or ("kind", "percent")
		rows = frappe.get_all(
			"Case Deadline Event", {"case_deadline": clock.name}, fields, order_by="creation, name"
		)
		return [tuple(row[field] for field in fields) for row in rows[1:]]


class TestMarking(SweepTestCase):
	def test_a_warning_is_written_once(self):
		clock = make_clock(self.case().name, 76, warn_at="75")
		self.assertEqual(self.sweep(), 1)
		self.assertEqual(self.sweep(), 0)
		self.assertEqual(self.happened(clock), [("Warn", 75)])
		clock.reload()
		self.assertEqual(
			(clock.next_kind, clock.next_at, clock.warned_percent), ("Breach", clock.due_utc, 75)
		)

	def test_a_clock_that_is_not_due_is_left_alone(self):
		clock = make_clock(self.case().name, 74, warn_at="75")
		self.assertEqual(self.sweep(), 0)
		self.assertEqual(self.happened(clock), [])

	def test_exactly_at_the_due_time_a_clock_is_not_missed(self):
		clock = make_clock(self.case().name, 90)
		found = [(clock.name, clock.case)]
		self.assertEqual(marking.mark(found, clock.due_utc), 0)
		self.assertEqual(marking.mark(found, clock.due_utc + timedelta(seconds=1)), 1)

	def test_it_was_missed_when_it_was_due_however_late_it_is_found(self):
		clock = make_clock(self.case().name, 124)
		self.sweep()
		clock.reload()
		self.assertEqual((clock.breached, clock.breached_at, clock.next_at), (1, clock.due, None))
		at, at_utc = self.happened(clock, "at", "at_utc")[0]
		self.assertEqual((at, at_utc), (clock.due, clock.due_utc))

	def test_all_that_passed_while_nobody_looked_is_written_in_order(self):
		steps = (
			(100, "Notify Supervisors"),
			(100, "Raise Priority"),
			(120, "Reassign"),
			(150, "Raise Priority"),
		)
		clock = make_clock(self.case().name, 130, *steps, warn_at="50, 75")
		self.sweep()
		self.assertEqual(
			self.happened(clock, "kind", "percent", "detail"),
			[
				("Warn", 50, "Notify Assignee"),
				("Warn", 75, "Notify Assignee"),
				("Breach", 100, None),
				("Step", 100, "Notify Supervisors"),
				("Step", 100, "Raise Priority"),
				("Step", 120, "Reassign"),
			],
		)
		clock.reload()
		self.assertEqual((clock.next_kind, clock.next_percent), ("Step", 150))
		hours = (clock.next_at - clock.due_utc).total_seconds() / 3600
		self.assertAlmostEqual(hours, 50, places=3)

	def test_each_check_is_timed_when_it_came_due(self):
		clock = make_clock(self.case().name, 130, (120, "Raise Priority"), warn_at="50")
		self.sweep()
		hours = [
			round((at - clock.due_utc).total_seconds() / 3600) for (at,) in self.happened(clock, "at_utc")
		]
		self.assertEqual(hours, [-50, 0, 20])

	def test_the_history_of_the_case_tells_warnings_and_missed_dates(self):
		case = self.case()
		clock = make_clock(case.name, 101, warn_at="75")
		self.sweep()
		self.assertEqual(self.events(case)[-2:], ["deadline_warning", "deadline_missed"])
		self.assertEqual(self.last_event(case).at, clock.due)
		self.assertIn("Decision", self.last_event(case).detail)

	def test_the_case_shows_at_risk_then_overdue_and_never_back(self):
		case = self.case()
		make_clock(case.name, 76, warn_at="75")
		self.sweep()
		self.assertEqual(self.status(case), "At Risk")
		self.sweep(hours=30)
		self.assertEqual(self.status(case), "Overdue")
		make_clock(case.name, 76, warn_at="75")
		self.sweep()
		self.assertEqual(self.status(case), "Overdue")

	def status(self, case) -> str:
		return frappe.db.get_value("Case", case.name, "deadline_status")

	def test_a_form_that_is_open_can_still_be_saved(self):
		case = self.case()
		make_clock(case.name, 101)
		self.sweep()
		stored = frappe.db.get_value("Case", case.name, "modified")
		self.assertEqual(get_datetime(stored), get_datetime(case.modified))


class TestRule(SweepTestCase):
	def pending(self, clock) -> list[str]:
		filters = {"case_deadline": clock.name, "pending": 1}
		return frappe.get_all("Case Deadline Event", filters, pluck="detail", order_by="creation")

	def test_escalate_takes_the_steps_of_the_policy(self):
		clock = make_clock(self.case().name, 101, (100, "Raise Priority"), on_breach="Escalate")
		self.sweep()
		self.assertEqual(self.pending(clock), ["Raise Priority"])

	def test_escalate_without_steps_tells_the_supervisors(self):
		clock = make_clock(self.case().name, 101, on_breach="Escalate")
		self.sweep()
		self.assertEqual(self.pending(clock), ["Notify Supervisors"])

	def test_a_missed_date_without_effect_leaves_nothing_to_do(self):
		clock = make_clock(self.case().name, 101)
		self.sweep()
		self.assertEqual(self.pending(clock), [])
