"""Clocks of cases: each course of events is played through the verbs, then derived again from what is stored."""

from datetime import datetime, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import get_datetime

from govcrm.casework.clocks import recompute, records, summary
from govcrm.domain.calendar import UTC
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_department, make_published_program, make_user

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

	def test_closing_stops_all_clocks_and_reopening_goes_on(self):
		case = self.clocked(as_user=SUE)
		self.later(days=1)
		case.close("Resolve", "Done")
		self.assertEqual(
			(self.clock(case).status, case.next_due, case.deadline_status), ("Stopped", None, "")
		)
		self.assert_derived(case)
		self.later(days=3)
		case.reopen("Came back")
		self.assertEqual(self.kinds(self.clock(case)), ["Start", "Stop", "Resume"])
		self.assertEqual(self.due(case), datetime(2026, 12, 3, 17, tzinfo=UTC))
		self.assert_derived(case)

	def test_reopening_restarts_where_the_policy_says_so(self):
		case = self.clocked(milestone(on_reopen="Restart"), as_user=SUE)
		self.later(days=1)
		case.close("Resolve", "Done")
		self.later(days=6)
		case.reopen("Came back")
		self.assertEqual(self.kinds(self.clock(case))[-1], "Restart")
		self.assertEqual(self.due(case), datetime(2026, 12, 7, 17, tzinfo=UTC))
		self.assert_derived(case)

	def test_cancelling_gives_the_clocks_up(self):
		case = self.clocked(as_user=SUE)
		case.cancel("Not wanted")
		self.assertEqual((self.clock(case).status, self.clock(case).next_at), ("Cancelled", None))
		self.assert_derived(case)

	def test_a_clock_that_does_not_pause_runs_on_in_a_waiting_state(self):
		case = self.clocked(milestone(pauses=0))
		case.wait_for("Documents")
		self.assertEqual((self.clock(case).status, self.kinds(self.clock(case))), ("Running", ["Start"]))

	def test_acts_that_concern_no_clock_ask_for_none(self):
		case = self.clocked()
		with patch.object(records, "clocks_of", side_effect=AssertionError):
			case.take_action("Start Work")

	def test_clocks_begin_and_end_with_the_states_and_acts_that_the_policy_names(self):
		case = self.clocked(
			milestone("acknowledge", amount=4, unit="Working Hours", stop_event="Accepted"),
			milestone("work", start_event="State Entered", start_state="In Progress"),
		)
		self.later(hours=1)
		case.accept()
		self.assertEqual(self.clock(case, "acknowledge").status, "Stopped")
		self.assertFalse(frappe.db.exists("Case Deadline", {"case": case.name, "milestone": "work"}))
		case.take_action("Start Work")
		self.assertEqual(self.clock(case, "work").started_at, records.calendars.site_time(self.at))
		self.assert_derived(case)

	def test_a_clock_stopped_late_is_marked_missed_at_its_due_time(self):
		case = self.clocked(milestone(amount=2, unit="Working Hours"))
		self.later(hours=5)
		case.close("Resolve", "Done")
		clock = self.clock(case)
		self.assertEqual((clock.breached, clock.breached_at), (1, clock.due))
		self.assertEqual(self.kinds(clock), ["Start", "Breach", "Stop"])
		self.assertIn("deadline_missed", self.events(case))
		self.assert_derived(case)

	def test_exactly_at_the_due_instant_is_in_time(self):
		case = self.clocked(milestone(amount=2, unit="Working Hours"))
		self.later(hours=2)
		case.close("Resolve", "Done")
		self.assertEqual(self.clock(case).breached, 0)

	def test_a_date_missed_while_waiting_is_not_missed(self):
		case = self.clocked(milestone(amount=2, unit="Working Hours"))
		self.later(hours=1)
		case.wait_for("Documents")
		self.later(days=30)
		case.resume("They came")
		self.assertEqual((self.clock(case).breached, self.clock(case).status), (0, "Running"))
		self.assert_derived(case)

	def test_the_first_rule_of_a_code_that_fits_the_priority_counts(self):
		rules = (milestone(priority="Urgent", amount=1), milestone(amount=10))
		case = self.clocked(*rules, priority="Urgent")
		self.assertEqual(self.clock(case).amount, 1)
		self.assertEqual(frappe.db.count("Case Deadline", {"case": case.name}), 1)

	def test_a_part_has_clocks_of_its_own(self):
		case = self.clocked(as_user=SUE)
		make_department("Water")
		part = case.refer("Water", "Look at the main", program="POTHOLE")
		self.assertEqual(frappe.db.count("Case Deadline", {"case": part}), 1)


class TestTransfer(ClockTestCase):
	def moved(self, on_transfer: str):
		case = self.clocked(milestone(on_transfer=on_transfer), as_user=SUE)
		self.later(days=2)
		case.transfer("Water", "Theirs")
		frappe.set_user("Administrator")
		self.assert_derived(case)
		return case

	def test_a_kept_clock_keeps_its_date_and_changes_its_department(self):
		case = self.moved("Keep")
		self.assertEqual(
			(self.due(case).date().isoformat(), self.clock(case).department), ("2026-11-30", "Water")
		)

	def test_a_restarted_clock_counts_from_the_transfer(self):
		self.assertEqual(self.due(self.moved("Restart")).date().isoformat(), "2026-12-02")

	def test_a_capped_one_ends_no_later_than_before(self):
		case = self.moved("Cap")
		self.assertEqual(self.due(case).date().isoformat(), "2026-11-30")
		self.assertEqual(self.kinds(self.clock(case)), ["Start", "Restart"])


class TestExtending(ClockTestCase):
	def extendable(self, **values):
		rule = {"max_extensions": 1, "extension_amount": 5, **values}
		return self.clocked(milestone(**rule), as_user=SUE)

	def test_a_supervisor_extends_within_what_the_policy_allows(self):
		case = self.extendable()
		case.extend("decision", 3, "An expert is asked")
		self.assertEqual((self.due(case).date().isoformat(), self.clock(case).extensions), ("2026-12-03", 1))
		self.assertEqual(self.last_event(case).verb, "extend")
		self.assert_derived(case)

	def test_not_more_often_than_allowed(self):
		case = self.extendable()
		case.extend("decision", 3, "An expert is asked")
		self.assertRaisesRegex(frappe.ValidationError, "1 times", case.extend, "decision", 1, "Again")

	def test_not_by_more_than_allowed_nor_by_part_of_a_day(self):
		case = self.extendable()
		for amount in (6, 0, -1, 1.5):
			self.assertRaises(frappe.ValidationError, case.extend, "decision", amount, "Much to do")

	def test_not_after_the_date_was_missed(self):
		case = self.extendable()
		self.later(days=30)
		self.assertRaisesRegex(frappe.ValidationError, "has passed", case.extend, "decision", 1, "Late")

	def test_not_by_a_caseworker(self):
		case = self.extendable()
		frappe.set_user(ALICE)
		self.assertRaises(
			frappe.PermissionError, frappe.get_doc("Case", case.name).extend, "decision", 1, "x"
		)


class TestRequests(ClockTestCase):
	"""What those who asked see."""

	def requested(self, *milestones: dict, **values):
		version = {"anonymous_allowed": 1, "deadline_policy": make_policy(*milestones).name}
		version.update(calendar=make_calendar().name, effective_from="2026-01-01")
		make_published_program("LIGHT", version)
		doc = {"doctype": "Service Request", "program": "LIGHT", "channel": "Phone", **values}
		doc["requested_datetime"] = records.calendars.site_time(self.at)
		return frappe.get_doc(doc).insert()

	def expected(self, request) -> datetime:
		return records.calendars.instant(
			frappe.db.get_value("Service Request", request.name, "expected_datetime")
		)

	def test_they_are_promised_the_milestone_that_is_a_promise(self):
		request = self.requested(milestone("answer", amount=2, is_promise=1), milestone())
		self.assertEqual(self.expected(request), datetime(2026, 11, 18, 17, tzinfo=UTC))
		case = frappe.get_doc("Case", request.case)
		self.assertEqual(case.expected_datetime, get_datetime(request.expected_datetime))

	def test_the_promise_moves_with_its_clock(self):
		request = self.requested(milestone(is_promise=1))
		case = frappe.get_doc("Case", request.case)
		case.wait_for("Documents")
		self.later(days=2)
		case.reload()
		case.resume("They came")
		self.assertEqual(self.expected(request), self.due(case))
		self.assertEqual(self.due(case).date().isoformat(), "2026-12-02")

	def test_a_form_of_theirs_opened_before_the_promise_moved_can_be_saved_and_keeps_it(self):
		request = self.requested(milestone(is_promise=1, max_extensions=1))
		form = frappe.get_doc("Service Request", request.name)
		case = frappe.get_doc("Case", request.case)
		case.extend("decision", 2, "An expert is asked")
		form.description = "It still does not work."
		form.save()
		self.assertEqual(self.expected(request), self.due(case))

	def test_writing_to_them_is_the_first_response(self):
		request = self.requested(milestone("first", stop_event="First Response"), milestone())
		case = frappe._dict(name=request.case)
		self.assertEqual(self.clock(case, "first").status, "Running")
		self.later(hours=1)
		self.contact(request, "Inbound")
		self.assertEqual(self.clock(case, "first").status, "Running")
		self.contact(request, "Outbound")
		self.assertEqual(self.clock(case, "first").status, "Stopped")
		self.assertEqual(frappe.db.get_value("Case", request.case, "next_deadline"), "Decision")
		self.assert_derived(case)

	def contact(self, request, direction: str) -> None:
		doc = {"doctype": "Interaction", "channel": "Phone", "direction": direction}
		doc.update(occurred_at=frappe.utils.now_datetime(), service_request=request.name)
		frappe.get_doc(doc).insert()

	def test_an_extension_with_notice_tells_them(self):
		rule = milestone(max_extensions=1, extension_notice=1, is_promise=1)
		request = self.requested(rule)
		case = frappe.get_doc("Case", request.case)
		with self.assertRaises(frappe.MandatoryError):
			case.extend("decision", 2, "An expert is asked")
		case.reload()
		case.extend("decision", 2, "An expert is asked", "We need two more days.")
		request.reload()
		self.assertEqual((request.status_notes, request.status), ("We need two more days.", "Open"))
		self.assertEqual(self.expected(request), self.due(case))
		sent = frappe.get_last_doc("Interaction", {"service_request": request.name, "direction": "Outbound"})
		self.assertEqual((sent.channel, sent.summary), ("Web", "We need two more days."))

	def test_who_joins_later_is_promised_the_same_date(self):
		first = self.requested(milestone(is_promise=1))
		self.later(days=3)
		second = {"doctype": "Service Request", "program": "LIGHT", "channel": "Phone", "case": first.case}
		joined = frappe.get_doc(second).insert()
		self.assertEqual(self.expected(joined), self.due(frappe._dict(name=first.case)))

	def test_rules_by_answers_fit_what_was_answered(self):
		make_calendar()
		questions = [{"code": "size", "label": "Size", "datatype": "string"}]
		rules = (milestone(condition='size == "large"', amount=30), milestone(amount=5))
		version = {
			"anonymous_allowed": 1,
			"deadline_policy": make_policy(*rules).name,
			"questions": questions,
		}
		make_published_program("LIGHT", version)
		doc = {"doctype": "Service Request", "program": "LIGHT", "channel": "Phone"}
		large = frappe.get_doc({**doc, "answers": '{"size": "large"}'}).insert()
		small = frappe.get_doc({**doc, "answers": '{"size": "small"}'}).insert()
		amounts = [self.clock(frappe._dict(name=one.case)).amount for one in (large, small)]
		self.assertEqual(amounts, [30, 5])


class TestExplaining(ClockTestCase):
	def test_each_step_is_said_in_words(self):
		case = self.clocked(milestone(citation="§ 42"))
		self.later(days=1)
		case.wait_for("Documents")
		self.later(days=2)
		case.resume("They came")
		(told,) = case.why_these_dates()
		text = " ".join(step["text"] for step in told["steps"])
		for words in ("§ 42", "10 working days", "Nine to Five", "Documents", "2 working days"):
			self.assertIn(words, text)
		self.assertEqual(told["numbers"]["due"], "2026-12-02T17:00:00+00:00")

	def test_while_it_stands_still_the_date_it_would_have_is_said(self):
		case = self.clocked()
		case.wait_for("Documents")
		self.later(days=2)
		(told,) = case.why_these_dates()
		steps = {step["code"]: step["text"] for step in told["steps"]}
		self.assertIn("30", steps["due"])
		self.assertIn("02", steps["going_on"])

	def test_dates_that_ended_before_the_calendar_was_changed_are_said_to_differ(self):
		case = self.clocked(as_user=SUE)
		case.close("Resolve", "Done")
		frappe.set_user("Administrator")
		calendar = frappe.get_doc("Business Calendar", "Nine to Five")
		calendar.append("holidays", {"date": "2026-11-26", "title": "Thanksgiving"})
		with patch.object(recompute, "enqueue"):
			calendar.save()
		(told,) = case.why_these_dates()
		self.assertEqual(told["steps"][-1]["code"], "changed_since")

	def test_who_may_not_read_the_case_is_told_nothing(self):
		case = self.clocked()
		frappe.set_user(BOB)
		self.assertRaises(frappe.PermissionError, frappe.get_doc("Case", case.name).why_these_dates)


class TestStaleForms(ClockTestCase):
	def test_a_form_opened_before_a_date_was_missed_changes_nothing_of_it(self):
		case = self.clocked()
		stale = frappe.get_doc("Case", case.name)
		frappe.db.set_value("Case", case.name, "deadline_status", "Overdue", update_modified=False)
		stale.priority = "High"
		stale.deadline_status, stale.next_due = "On Track", "2099-01-01 00:00:00"
		stale.save()
		kept = frappe.db.get_value("Case", case.name, ["deadline_status", "priority", "next_due"])
		self.assertEqual(kept, ("Overdue", "High", self.clock(case).due))


class TestRecomputing(ClockTestCase):
	def setUp(self) -> None:
		super().setUp()
		quiet = patch.object(recompute, "enqueue")
		self.enqueued = quiet.start()
		self.addCleanup(quiet.stop)

	def closed_on(self, day: str = "2026-11-26"):
		"""The calendar with a holiday more, not saved."""
		calendar = frappe.get_doc("Business Calendar", "Nine to Five")
		calendar.append("holidays", {"date": day, "title": "Thanksgiving"})
		return calendar

	def change(self) -> recompute.Outcome:
		frappe.set_user("Administrator")
		self.closed_on().save()
		return self.run_job()

	def run_job(self) -> recompute.Outcome:
		with patch.object(frappe.db, "commit"):  # the test takes all back
			return recompute.run("Nine to Five")

	def test_how_many_dates_would_move_is_shown_and_nothing_is_changed(self):
		case = self.clocked(as_user="Administrator")
		outcome = recompute.preview(self.closed_on())
		self.assertEqual((outcome.clocks, outcome.moved, outcome.earlier), (1, 1, 0))
		self.assertEqual(outcome.examples[0]["case"], case.name)
		self.assertEqual(self.due(case).date().isoformat(), "2026-11-30")

	def test_running_clocks_get_their_new_date_and_both_are_recorded(self):
		case = self.clocked()
		self.assertEqual(self.change().moved, 1)
		self.enqueued.assert_called_once_with("Nine to Five")
		self.assertEqual(self.due(case).date().isoformat(), "2026-12-01")
		event = frappe.get_last_doc("Case Deadline Event", {"case": case.name, "kind": "Recompute"})
		days = [str(day.date()) for day in (event.due_before, event.due_after)]
		self.assertEqual(days, ["2026-11-30", "2026-12-01"])
		self.assertEqual(frappe.db.get_value("Case", case.name, "next_due"), self.clock(case).due)
		self.assert_derived(case)

	def test_computing_again_changes_nothing_more(self):
		case = self.clocked()
		self.change()
		again = self.run_job()
		self.assertEqual((again.clocks, again.moved), (1, 0))
		self.assertEqual(self.kinds(self.clock(case)), ["Start", "Recompute"])

	def test_what_is_owed_is_known_until_it_is_done(self):
		self.clocked()
		frappe.set_user("Administrator")
		self.closed_on().save()
		self.enqueued.reset_mock()
		recompute.resume()
		self.enqueued.assert_called_once_with("Nine to Five")
		self.run_job()
		self.enqueued.reset_mock()
		recompute.resume()
		self.enqueued.assert_not_called()

	def test_a_change_while_dates_are_computed_stays_owed_though_nobody_has_heard_of_it(self):
		self.clocked()
		frappe.set_user("Administrator")
		self.closed_on().save()
		mark = {"parent": "__global", "defkey": recompute.mark_of("Nine to Five")}
		changed = lambda *_any: frappe.db.set_value("DefaultValue", mark, "defvalue", '["Nine to Five", "x"]')  # noqa: E731
		with patch.object(recompute, "tell_progress", changed):
			self.run_job()
		self.enqueued.reset_mock()
		recompute.resume()
		self.enqueued.assert_called_once_with("Nine to Five")

	def test_a_change_that_says_nothing_else_about_hours_owes_nothing(self):
		self.clocked()
		frappe.set_user("Administrator")
		calendar = frappe.get_doc("Business Calendar", "Nine to Five")
		calendar.description = "For all offices"
		calendar.save()
		self.enqueued.assert_not_called()

	def test_missed_dates_and_ended_clocks_stay(self):
		missed = self.clocked(as_user=SUE)
		frappe.db.set_value("Case Deadline", self.clock(missed).name, "breached", 1)
		done = self.case(SUE, opened_datetime=records.calendars.site_time(self.at))
		done.close("Resolve", "Done")
		self.assertEqual(self.change().moved, 0)

	def test_cases_that_the_planner_of_hours_may_not_read_are_counted_and_not_named(self):
		case = self.clocked()
		values = self.closed_on().as_dict()
		frappe.set_user("Administrator")
		self.assertEqual([one["case"] for one in recompute.preview_form(values)["examples"]], [case.name])
		frappe.set_user(make_user("planner@example.org", "Program Designer").name)
		shown = recompute.preview_form(values)
		self.assertEqual((shown["moved"], shown["examples"]), (1, []))

	def test_only_those_who_may_save_the_calendar_may_ask(self):
		self.clocked()
		values = self.closed_on().as_dict()
		frappe.set_user(ALICE)
		self.assertRaises(frappe.PermissionError, recompute.preview_form, values)
