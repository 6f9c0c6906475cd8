"""What acts on a case do to its clocks, and how it is told afterwards."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.calendar import UTC, WORKING_DAYS, WORKING_HOURS, Calendar, Holiday, weekly
from govcrm.domain.deadlines import (
	BREACH,
	CANCEL,
	EXTEND,
	PAUSE,
	RECOMPUTE,
	RESTART,
	RESUME,
	START,
	STOP,
	Event,
	Rule,
	derive,
)
from govcrm.domain.deadlines_acts import Act, reactions
from govcrm.domain.deadlines_explain import Span, explain
from govcrm.domain.deadlines_extending import TEXTS, refusal

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = weekly("America/New_York", {day: [("09:00", "17:00")] for day in WEEK})
MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


def rule(amount: float = 10, unit: str = WORKING_DAYS, **values) -> Rule:
	return Rule.from_dict({"code": "decision", "label": "Decision", "amount": amount, "unit": unit, **values})


def act(days: float, *happened: str, category: str = "Open", **more) -> Act:
	return Act(MONDAY + timedelta(days=days), frozenset(happened), category=category, **more)


def played(one: Rule, *acts: Act) -> list[Event]:
	events: list[Event] = []
	for each in acts:
		events += reactions(one, sorted(events, key=lambda event: event.at), OFFICE, each)
	return events


def kinds(one: Rule, *acts: Act) -> list[str]:
	return [event.kind for event in played(one, *acts)]


OPENED = act(0, "Opened")
WAITS, GOES_ON = act(1, category="Waiting", moved=True), act(2, moved=True)
CLOSED = act(3, "Closed", "Decided", category="Closed", moved=True)
REOPENED = act(4, moved=True, reopened=True)


def test_a_clock_runs_from_its_start_to_its_stop():
	assert kinds(rule(), OPENED, act(1, "Accepted"), CLOSED) == [START, STOP]
	assert kinds(
		rule(start_event="Accepted", stop_event="Decided"), OPENED, act(1, "Accepted"), act(2, "Decided")
	) == [
		START,
		STOP,
	]


def test_states_start_and_stop_what_names_them():
	named = rule(
		start_event="State Entered", start_state="Inspection", stop_event="State Entered", stop_state="Ready"
	)
	entering, ready = act(1, entered="Inspection"), act(2, entered="Ready")
	assert kinds(named, OPENED, entering, ready) == [START, STOP]
	assert kinds(named, OPENED, entering, ready, act(3, entered="Inspection")) == [START, STOP, RESTART]


def test_waiting_pauses_what_pauses():
	assert kinds(rule(), OPENED, WAITS, GOES_ON) == [START, PAUSE, RESUME]
	assert kinds(rule(pauses=0), OPENED, WAITS, GOES_ON) == [START]


def test_a_clock_that_starts_in_a_waiting_state_stands_still_at_once():
	named = rule(start_event="State Entered", start_state="On Hold")
	assert kinds(named, act(0, entered="On Hold", category="Waiting", moved=True)) == [START, PAUSE]


def test_transfer_keeps_restarts_or_caps():
	transfer = act(1, transferred=True)
	assert kinds(rule(), OPENED, transfer) == [START]
	assert kinds(rule(on_transfer="Restart"), OPENED, transfer) == [START, RESTART]
	capped = played(rule(on_transfer="Cap"), OPENED, transfer)[-1]
	assert capped.cap == derive(rule(), [Event(START, MONDAY)], OFFICE, MONDAY).due


def test_a_cap_set_while_waiting_is_the_date_as_it_would_be_if_it_went_on():
	events = played(rule(on_transfer="Cap"), OPENED, WAITS, act(3, category="Waiting", transferred=True))
	assert events[-1].kind == RESTART
	assert events[-1].cap.astimezone(OFFICE.zone).date() == date(2026, 12, 2)


def test_a_date_missed_before_a_transfer_is_not_missed_again_by_a_cap():
	one, moved = rule(1, on_transfer="Cap"), act(7, transferred=True)
	assert kinds(one, OPENED, moved) == [START]
	assert kinds(one, OPENED, act(7, category="Waiting", moved=True), moved) == [START, BREACH, PAUSE, RESUME]
	assert kinds(rule(1, on_transfer="Restart"), OPENED, moved) == [START, BREACH, RESTART]


def test_a_cap_is_never_before_the_transfer_that_sets_it():
	"""A day that is waited through only in part moves no date, and what stands still cannot be late."""
	late = act(0.5, category="Waiting", transferred=True)
	one = rule(1, count_from="Same Day", on_transfer="Cap")
	events = played(one, OPENED, act(0.1, category="Waiting", moved=True), late)
	assert [event.kind for event in events] == [START, PAUSE, RESTART]
	assert events[-1].cap == late.at > derive(one, events[:1], OFFICE, MONDAY).due


def test_reopening_takes_up_what_ended_with_the_case():
	assert kinds(rule(), OPENED, CLOSED, REOPENED) == [START, STOP, RESUME]
	assert kinds(rule(on_reopen="Restart"), OPENED, CLOSED, REOPENED) == [START, STOP, RESTART]


def test_reopening_takes_up_nothing_that_was_done_before():
	first = rule(stop_event="First Response")
	assert kinds(first, OPENED, act(1, "First Response"), CLOSED, REOPENED) == [START, STOP]
	assert kinds(rule(stop_event="Decided"), OPENED, act(1, "Decided"), CLOSED, REOPENED) == [START, STOP]


def test_a_cancelled_case_gives_its_clocks_up():
	assert kinds(rule(), OPENED, act(1, category="Cancelled", moved=True)) == [START, CANCEL]


def test_reopened_into_waiting_it_stands_still():
	waiting = act(4, category="Waiting", moved=True, reopened=True)
	assert kinds(rule(), OPENED, CLOSED, waiting) == [START, STOP, RESUME, PAUSE]


def test_what_was_missed_is_found_before_the_clock_is_halted():
	quick = rule(2, WORKING_HOURS)
	for halting in (WAITS, CLOSED):
		events = played(quick, OPENED, halting)
		assert events[1].kind == BREACH
		assert events[1].at == MONDAY + timedelta(hours=2)


def test_an_act_that_no_rule_names_concerns_none():
	assert not act(1, "Assigned").concerns([rule()])
	assert act(1, "Assigned").concerns([rule(start_event="Assigned")])
	assert WAITS.concerns([rule()])
	assert not WAITS.concerns([])


acts = st.lists(
	st.sampled_from(
		[
			{"category": "Waiting", "moved": True},
			{"moved": True},
			{"happened": frozenset({"Closed", "Decided"}), "category": "Closed", "moved": True},
			{"moved": True, "reopened": True},
			{"transferred": True},
			{"happened": frozenset({"First Response"})},
		]
	),
	max_size=10,
)
some_rules = st.builds(
	rule,
	st.integers(1, 20),
	st.sampled_from([WORKING_DAYS, WORKING_HOURS, "Calendar Days", "Calendar Months"]),
	on_transfer=st.sampled_from(["Keep", "Restart", "Cap"]),
	on_reopen=st.sampled_from(["Continue", "Restart"]),
	stop_event=st.sampled_from(["Closed", "First Response", "Decided"]),
	citation=st.sampled_from(["", "§ 42"]),
	count_from=st.sampled_from(["Next Day", "Same Day"]),
)


@given(some_rules, acts, st.integers(1, 40))
def test_any_course_can_be_derived_and_explained(one, course, hours):
	events = played(
		one,
		OPENED,
		*(Act(MONDAY + timedelta(hours=hours * n), **each) for n, each in enumerate(course, start=1)),
	)
	events.sort(key=lambda event: event.at)
	now = MONDAY + timedelta(days=30)
	reading = derive(one, events, OFFICE, now)
	steps = explain(one, events, OFFICE, reading, "Office")
	said = [step.message.format(*step.values) for step in steps]
	assert all(said)
	assert [step.values for step in steps if step.code == "due"] == [(reading.due,)]


# Told -----------------------------------------------------------------------------------------------------


def test_the_explanation_names_all_that_made_the_date():
	closed = Calendar("America/New_York", OFFICE.plan.hours, [Holiday(date(2026, 11, 26), "Thanksgiving")])
	events = [
		Event(START, MONDAY),
		Event(PAUSE, MONDAY + timedelta(days=1), reason="Documents are missing"),
		Event(RESUME, MONDAY + timedelta(days=2)),
		Event(EXTEND, MONDAY + timedelta(days=3), 2, reason="An expert is asked"),
		Event(RECOMPUTE, MONDAY + timedelta(days=4), due_before=MONDAY, due_after=MONDAY),
	]
	one = rule(citation="§ 42")
	steps = {
		step.code: step
		for step in explain(one, events, closed, derive(one, events, closed, MONDAY), "Office")
	}
	assert list(steps) == [
		"start",
		"rule",
		"calendar",
		"counted_from",
		"end_of_day",
		"holidays",
		"first_due",
		"resume",
		"extend",
		"recompute",
		"due",
	]
	assert "§ 42" in steps["rule"].values
	assert "Documents are missing" in steps["resume"].values
	assert Span(1, WORKING_DAYS) in steps["resume"].values
	assert Span(2, WORKING_DAYS) in steps["extend"].values
	assert steps["holidays"].values[0].days == ((date(2026, 11, 26), "Thanksgiving"),)


def test_a_start_outside_hours_and_an_end_on_a_day_off_are_told():
	saturday = datetime(2026, 11, 21, 15, tzinfo=UTC)
	quick, monthly = rule(4, WORKING_HOURS), rule(1, "Calendar Months")
	told = [
		[step.code for step in explain(one, events, OFFICE, derive(one, events, OFFICE, saturday))]
		for one in (quick, monthly)
		for events in [[Event(START, saturday - timedelta(days=0 if one is quick else 2))]]
	]
	assert "counted_from" in told[0]
	assert "end_rule" in told[1]  # 19 December 2026 is a Saturday


# Extending ------------------------------------------------------------------------------------------------


def test_each_reason_not_to_extend_is_said():
	allowed = {"max_extensions": 1, "extension_amount": 5}
	running = derive(rule(), [Event(START, MONDAY)], OFFICE, MONDAY)
	extended = derive(rule(), [Event(START, MONDAY), Event(EXTEND, MONDAY, 1)], OFFICE, MONDAY)
	late = derive(rule(), [Event(START, MONDAY)], OFFICE, MONDAY + timedelta(days=60))
	ended = derive(rule(), [Event(START, MONDAY), Event(STOP, MONDAY)], OFFICE, MONDAY)
	cases = {
		"never": (rule(), running, 1),
		"often": (rule(**allowed), extended, 1),
		"missed": (rule(**allowed), late, 1),
		"ended": (rule(**allowed), ended, 1),
		"nothing": (rule(**allowed), running, 0),
		"part": (rule(**allowed), running, 1.5),
		"much": (rule(**allowed), running, 6),
	}
	assert {code: refusal(*given)[0] for code, given in cases.items()} == {code: code for code in cases}
	assert set(TEXTS) == set(cases)
	assert refusal(rule(**allowed), running, 5) is None


def test_an_extension_beyond_any_calendar_is_refused_in_words():
	running = derive(rule(), [Event(START, MONDAY)], OFFICE, MONDAY)
	endless = {"max_extensions": 1}
	for unit in (WORKING_DAYS, WORKING_HOURS):
		for amount in (1e9, float("inf"), float("nan")):
			assert refusal(rule(unit=unit, **endless), running, amount), (unit, amount)
		assert refusal(rule(unit=unit, **endless), running, 500) is None
