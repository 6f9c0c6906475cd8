"""The sweep and the keeper of clocks agree: what it writes is what the events of the clock say."""

from datetime import timedelta

import frappe
from frappe.utils import format_datetime

from govcrm.casework.sweep import effects, marking
from govcrm.service_catalogue import calendars
from govcrm.tests.casework import SUE
from govcrm.tests.factories import make_department
from govcrm.tests.test_clocks import MONDAY, ClockTestCase, milestone

STEPS = (
	{"at_percent": 100, "step": "Notify Supervisors"},
	{"at_percent": 120, "step": "Raise Priority"},
	{"at_percent": 150, "step": "Raise Priority"},
)
SIGNS = ("Warn", "Breach", "Step")


class TestCourse(ClockTestCase):
	def sweep(self, **later) -> None:
		"""Let time pass and the sweep come by, marks and steps, without a commit."""
		self.later(**later)
		now = calendars.utc_naive(self.at)
		clock = frappe.qb.DocType("Case Deadline")
		query = frappe.qb.from_(clock).select(clock.name, clock["case"]).where(clock.next_at < now)
		marking.mark(query.run(), now)
		self.carry_out()

	def carry_out(self) -> None:
		fields, order = ["name", "case"], "try_at, idx"
		for row in frappe.get_all("Case Deadline Event", {"pending": 1}, fields, order_by=order):
			self.assertTrue(effects.carry_out(effects.Pending(row.name, row["case"], None)))

	def happened(self, clock) -> list[tuple]:
		filters = {"case_deadline": clock.name, "kind": ("in", SIGNS)}
		fields = ["kind", "percent", "at_utc"]
		return frappe.get_all("Case Deadline Event", filters, fields, order_by="at_utc, idx", as_list=True)

	def assert_agree(self, *milestones: dict) -> None:
		case = self.clocked(*milestones, escalations=STEPS)
		for _step in range(30):
			self.sweep(days=1.5)
			self.assert_derived(case)
		kinds = [kind for kind, *_more in self.happened(self.clock(case))]
		self.assertEqual(kinds, ["Warn", "Warn", "Breach", "Step", "Step", "Step"])

	def test_working_days(self):
		self.assert_agree()

	def test_working_hours(self):
		self.assert_agree(milestone(amount=80, unit="Working Hours"))

	def test_calendar_days(self):
		self.assert_agree(milestone(amount=14, unit="Calendar Days"))

	def test_one_sweep_after_a_month_finds_what_a_sweep_a_day_would_have(self):
		daily, once = self.clocked(escalations=STEPS), self.case(opened_datetime=self.opened())
		frappe.db.set_value("Case Deadline", self.clock(once).name, "next_at", None)
		for _day in range(30):
			self.sweep(days=1)
		frappe.db.set_value("Case Deadline", self.clock(once).name, "next_at", self.first_check(once))
		self.sweep()
		self.assertEqual(len(self.happened(self.clock(daily))), 6)
		self.assertEqual(self.happened(self.clock(once)), self.happened(self.clock(daily)))

	def opened(self):
		return calendars.site_time(MONDAY)

	def first_check(self, case):
		other = frappe.qb.DocType("Case Deadline Event")
		query = frappe.qb.from_(other).select(other.at_utc).where(other.kind == "Warn").orderby(other.at_utc)
		return query.limit(1).run()[0][0]

	def test_a_clock_that_stands_still_is_left_alone_and_goes_on_where_it_was(self):
		case = self.clocked()
		self.later(days=1)
		case.wait_for("Documents")
		self.sweep(days=30)
		self.assertFalse(self.happened(self.clock(case)))
		frappe.get_doc("Case", case.name).resume("They came")
		self.sweep(days=30)
		kinds = [kind for kind, *_more in self.happened(self.clock(case))]
		self.assertEqual(kinds, ["Warn", "Warn", "Breach"])
		self.assert_derived(case)

	def test_an_extension_after_a_warning_moves_the_date_that_is_then_missed(self):
		case = self.clocked(milestone(max_extensions=1))
		self.sweep(days=8)
		frappe.set_user("Administrator")
		frappe.get_doc("Case", case.name).extend("decision", 5, "Many documents")
		clock = self.clock(case)
		self.sweep(days=14)
		self.assertGreater(clock.due_utc, calendars.utc_naive(MONDAY) + timedelta(days=14))
		clock.reload()
		self.assertEqual((clock.breached, clock.breached_at), (1, clock.due))
		self.assert_derived(case)

	def test_a_deemed_decision_closes_the_case_and_stops_its_clocks(self):
		values = {"nature": "Statutory", "on_breach": "Deemed Granted", "breach_action": "Resolve"}
		case = self.clocked(milestone(**values, citation="Code § 7", warn_at=""))
		case.take_action("Start Work")
		frappe.set_user("Administrator")
		self.sweep(days=20)
		clock = self.clock(case)
		self.assertEqual((clock.status, clock.breached), ("Stopped", 1))
		self.assertEqual(case.reload().outcome, "Deemed granted")
		self.assert_derived(case)

	def test_a_missed_date_is_missed_once_though_the_case_is_transferred(self):
		make_department("Water")
		case = self.clocked(milestone(warn_at="", on_transfer="Cap"), as_user=SUE)
		self.sweep(days=20)
		case.reload().transfer("Water", "Theirs")
		frappe.set_user("Administrator")
		self.sweep(days=1)
		self.assertEqual(self.kinds(self.clock(case)), ["Start", "Breach"])
		self.assertEqual(case.reload().deadline_status, "Overdue")
		self.assert_derived(case)

	def test_what_follows_from_a_missed_date_names_it_though_the_clock_began_anew(self):
		make_department("Water")
		case = self.clocked(milestone(warn_at="", on_transfer="Restart", on_breach="Escalate"), as_user=SUE)
		missed = self.clock(case).due
		self.later(days=20)
		case.transfer("Water", "Theirs")
		self.assertGreater(self.clock(case).due, missed)
		frappe.set_user("Administrator")
		self.carry_out()
		self.assertIn(format_datetime(missed), self.last_event(case).reason)

	def test_a_form_that_was_open_does_not_take_the_missed_date_back(self):
		case = self.clocked(milestone(warn_at=""))
		form = frappe.get_doc("Case", case.name)
		self.sweep(days=20)
		form.save(ignore_permissions=True)  # whoever may, it must change nothing
		self.assertEqual(frappe.db.get_value("Case", case.name, "deadline_status"), "Overdue")
