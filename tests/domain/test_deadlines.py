"""Clocks derived from their events: properties for any course of events, and courses that can be followed by hand."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from govcrm.domain.calendar import UNITS, UTC, WORKING_DAYS, WORKING_HOURS, Calendar, Holiday, weekly
from govcrm.domain.deadlines import (
	BREACH,
	CANCEL,
	EXTEND,
	PAUSE,
	PAUSED,
	RESTART,
	RESUME,
	RUNNING,
	START,
	STEP,
	STOP,
	STOPPED,
	WARN,
	Event,
	Rule,
	derive,
	due_date,
	instant_of,
	next_check,
	pause,
	percents,
	rules_for,
)

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = weekly("America/New_York", {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in WEEK})
MONDAY = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # 10:00 in New York
# Both changes of the clock and a year's end lie within reach.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def rule(amount: float = 10, unit: str = WORKING_DAYS, **values) -> Rule:
	return Rule.from_dict({"code": "decision", "label": "Decision", "amount": amount, "unit": unit, **values})


rules = st.builds(
	rule,
	st.integers(1, 30),
	st.sampled_from(UNITS),
	count_from=st.sampled_from(["Next Day", "Same Day"]),
	end_rule=st.sampled_from(["Next Working Day", "Preceding Working Day", "Keep"]),
	due_at=st.sampled_from(["Close Of Business", "End Of Day", "Same Time"]),
	warn_at=st.sampled_from(["", "50", "25, 75, 90"]),
)
starts = st.integers(0, 300 * 86400).map(lambda seconds: BEGINNING + timedelta(seconds=seconds))
gaps = st.lists(st.integers(0, 20 * 86400), min_size=1, max_size=8)


def course(start: datetime, seconds: list[int]) -> list[Event]:
	"""Started, then stopped and gone on in turn, after so many seconds each."""
	events, at = [Event(START, start)], start
	for number, gap in enumerate(seconds):
		at += timedelta(seconds=gap)
		events.append(Event(RESUME if number % 2 else PAUSE, at))
	return events


def last(events: list[Event]) -> datetime:
	return events[-1].at


# For any course -------------------------------------------------------------------------------------------


@given(rules, starts, gaps)
def test_what_a_clock_shows_follows_from_its_events_alone(rule, start, seconds):
	events = course(start, seconds)
	fresh = Calendar(OFFICE.zone.key, OFFICE.plan.hours)
	assert derive(rule, events, OFFICE, last(events)) == derive(rule, list(events), fresh, last(events))


@given(rules, starts, gaps)
def test_what_is_used_and_what_is_left_is_what_is_allowed(rule, start, seconds):
	events = course(start, seconds)
	reading = derive(rule, events, OFFICE, last(events) + timedelta(days=3))
	assert reading.elapsed + reading.remaining == reading.allowed
	assert reading.elapsed >= 0


@given(rules, starts, gaps)
def test_no_event_but_a_restart_brings_the_date_nearer(rule, start, seconds):
	events = course(start, seconds)
	dates = [derive(rule, events[:n], OFFICE, events[n - 1].at).due for n in range(1, len(events) + 1)]
	assert dates == sorted(dates)


@given(st.integers(1, 200), starts, gaps)
def test_in_hours_the_date_moves_by_the_working_time_that_passed_meanwhile(hours, start, seconds):
	slow, events = rule(hours, WORKING_HOURS), course(start, seconds)
	if events[-1].kind == PAUSE:
		events.append(Event(RESUME, last(events) + timedelta(hours=30)))
	reading = derive(slow, events, OFFICE, last(events))
	paused = sum(OFFICE.between(one.at, two.at) for one, two in zip(events[1::2], events[2::2], strict=True))
	due = due_date(slow, OFFICE, start)
	if reading.breached_at is None and reading.due > last(events):
		assert reading.due == OFFICE.add(due, paused)
		assert reading.allowed == hours * 3600


@given(rules, starts, st.integers(0, 20 * 86400), st.integers(0, 20 * 86400))
def test_two_pauses_end_to_end_move_the_date_as_one_does(rule, start, first, second):
	pausing = start + timedelta(hours=1)
	middle, end = pausing + timedelta(seconds=first), pausing + timedelta(seconds=first + second)
	assert pause(rule, OFFICE, pausing, middle) + pause(rule, OFFICE, middle, end) == pause(
		rule, OFFICE, pausing, end
	)


@given(rules, starts, gaps)
def test_a_clock_that_stands_still_cannot_be_late(rule, start, seconds):
	events = course(start, seconds[:1])
	early, late = (derive(rule, events, OFFICE, last(events) + timedelta(days=days)) for days in (0, 900))
	assert early.breached_at == late.breached_at
	assert early.elapsed == late.elapsed


@example(rule(1, count_from="Same Day"), BEGINNING, 1, [0, 1])  # missed, and nobody has marked it
@given(rules, starts, st.integers(1, 30), gaps)
def test_an_extension_never_brings_the_date_nearer(rule, start, amount, seconds):
	events = course(start, seconds)
	before = derive(rule, events, OFFICE, last(events))
	after = derive(rule, [*events, Event(EXTEND, last(events), amount)], OFFICE, last(events))
	assert after.due >= before.due
	assert after.extensions == 1
	assert (after.due == before.due) or not before.breached_at


@given(rules, starts, gaps)
def test_a_capped_restart_is_never_later_than_the_cap_nor_than_a_restart(rule, start, seconds):
	events = course(start, [second for second in seconds if second][:2])
	at = last(events)
	cap = derive(rule, events, OFFICE, at).due
	free = derive(rule, [*events, Event(RESTART, at)], OFFICE, at)
	capped = derive(rule, [*events, Event(RESTART, at, cap=cap)], OFFICE, at)
	assert capped.due == min(cap, free.due)


@example(  # its days have ended before it goes on
	rule(1, "Calendar Days", end_rule="Preceding Working Day", warn_at="50"), BEGINNING, [0, 165602]
)
@given(rules, starts, gaps)
def test_the_next_check_is_the_earliest_of_all(rule, start, seconds):
	events = course(start, seconds)
	reading = derive(rule, events, OFFICE, last(events))
	check = next_check(rule, reading, 0, (), OFFICE)
	if reading.state != RUNNING:
		assert check is None
	else:
		assert check.at <= reading.due
		assert check.percent == (rule.warn_at[0] if rule.warn_at else 100)


@given(rules, starts)
def test_percentages_come_in_their_order(rule, start):
	reading = derive(rule, [Event(START, start)], OFFICE, start)
	instants = [instant_of(rule, reading, percent, OFFICE) for percent in (10, 50, 90, 100, 150)]
	assert instants == sorted(instants)
	assert instants[3] == reading.due


# By hand --------------------------------------------------------------------------------------------------


def due_of(events: list[Event], one: Rule | None = None, calendar: Calendar = OFFICE) -> str:
	reading = derive(one or rule(), events, calendar, last(events))
	return reading.due.astimezone(calendar.zone).strftime("%a %d %b %H:%M")


def after(**time) -> datetime:
	return MONDAY + timedelta(**time)


def test_ten_working_days_from_a_monday():
	assert due_of([Event(START, MONDAY)]) == "Mon 30 Nov 17:00"


def test_a_pause_over_two_nights_moves_working_days_by_two():
	assert due_of([Event(START, MONDAY), Event(PAUSE, after(days=1)), Event(RESUME, after(days=3))]) == (
		"Wed 02 Dec 17:00"
	)


def test_a_pause_within_a_day_moves_no_days():
	events = [Event(START, MONDAY), Event(PAUSE, after(hours=1)), Event(RESUME, after(hours=6))]
	assert due_of(events) == "Mon 30 Nov 17:00"


def test_a_pause_over_a_weekend_moves_working_days_by_one():
	events = [Event(START, MONDAY), Event(PAUSE, after(days=4)), Event(RESUME, after(days=7))]
	assert due_of(events) == "Tue 01 Dec 17:00"


def test_calendar_days_and_months_move_by_calendar_days():
	events = [Event(START, MONDAY), Event(PAUSE, after(days=4)), Event(RESUME, after(days=7))]
	assert due_of(events, rule(14, "Calendar Days")) == "Thu 03 Dec 17:00"
	assert due_of(events, rule(1, "Calendar Months", end_rule="Keep")) == "Sat 19 Dec 23:59"
	assert due_of(events, rule(1, "Calendar Months")) == "Mon 21 Dec 17:00"


def test_the_other_way_from_the_receipt_to_the_end_of_a_month_stays_whole():
	"""31 January and one month is the end of February, and a pause of three days is three days from there."""
	start = datetime(2026, 1, 31, 15, tzinfo=UTC)
	monthly = rule(1, "Calendar Months", end_rule="Keep", due_at="End Of Day")
	events = [
		Event(START, start),
		Event(PAUSE, start + timedelta(days=1)),
		Event(RESUME, start + timedelta(days=4)),
	]
	assert due_of(events[:1], monthly) == "Sat 28 Feb 23:59"
	assert due_of(events, monthly) == "Tue 03 Mar 23:59"


def test_an_extension_counts_before_the_pauses():
	events = [Event(START, MONDAY), Event(EXTEND, after(days=1), 5)]
	assert due_of(events) == "Mon 07 Dec 17:00"


def test_holidays_move_working_days():
	closed = Calendar(
		"America/New_York", OFFICE.plan.hours, [Holiday(datetime(2026, 11, 26).date(), "Thanksgiving")]
	)
	assert due_of([Event(START, MONDAY)], calendar=closed) == "Tue 01 Dec 17:00"


def test_four_hours_over_a_break_and_two_hours_of_waiting():
	quick = rule(4, WORKING_HOURS)
	assert due_of([Event(START, MONDAY)], quick) == "Mon 16 Nov 15:00"
	events = [Event(START, MONDAY), Event(PAUSE, after(hours=1)), Event(RESUME, after(hours=4))]
	assert due_of(events, quick) == "Mon 16 Nov 17:00"  # 11:00 to 14:00 is two hours of work


def test_exactly_at_the_due_instant_is_in_time():
	quick = rule(2, WORKING_HOURS)
	due = after(hours=2)
	in_time, late = (
		derive(quick, [Event(START, MONDAY), Event(STOP, at)], OFFICE, at)
		for at in (due, due + timedelta(seconds=1))
	)
	assert (in_time.state, in_time.breached_at) == (STOPPED, None)
	assert late.breached_at == due


def test_a_date_once_missed_stays():
	quick = rule(2, WORKING_HOURS)
	events = [Event(START, MONDAY), Event(PAUSE, after(hours=3)), Event(RESUME, after(days=3))]
	reading = derive(quick, [*events, Event(EXTEND, after(days=3), 40)], OFFICE, after(days=4))
	assert reading.due == reading.breached_at == after(hours=2)


def test_a_recorded_breach_stays_when_the_calendar_is_changed_afterwards():
	quick = rule(2, WORKING_HOURS)
	events = [Event(START, MONDAY), Event(BREACH, after(hours=2), percent=100)]
	closed = Calendar("America/New_York", OFFICE.plan.hours, [Holiday(MONDAY.date(), "Storm")])
	assert derive(quick, events, closed, after(hours=3)).breached_at == after(hours=2)


def test_a_restart_begins_anew_and_forgets_what_was_missed():
	quick = rule(2, WORKING_HOURS)
	events = [Event(START, MONDAY), Event(WARN, after(hours=1), percent=50), Event(BREACH, after(hours=2))]
	reading = derive(quick, [*events, Event(RESTART, after(days=1))], OFFICE, after(days=1))
	assert (reading.due, reading.marked, reading.breached_at, reading.warned) == (
		after(days=1, hours=2),
		False,
		None,
		0,
	)


def test_a_restart_while_waiting_stands_still():
	events = [Event(START, MONDAY), Event(PAUSE, after(days=1)), Event(RESTART, after(days=2))]
	reading = derive(rule(), events, OFFICE, after(days=3))
	assert (reading.state, reading.started_at, reading.paused_at) == (PAUSED, after(days=2), after(days=2))
	assert due_of([*events, Event(RESUME, after(days=3))]) == "Thu 03 Dec 17:00"


def test_a_clock_goes_on_after_it_had_ended():
	for end in (STOP, CANCEL):
		events = [Event(START, MONDAY), Event(end, after(days=1)), Event(RESUME, after(days=3))]
		assert due_of(events) == "Wed 02 Dec 17:00"


def test_without_a_start_there_is_no_clock():
	assert derive(rule(), [Event(PAUSE, MONDAY)], OFFICE, MONDAY) is None


def test_warnings_breach_and_steps_come_one_after_the_other():
	steps = [{"at_percent": percent, "step": "Notify Supervisors"} for percent in (100, 150)]
	quick = rule(4, WORKING_HOURS, warn_at="50, 75", steps=steps)
	events, found = [Event(START, MONDAY)], []
	while True:
		reading = derive(quick, events, OFFICE, last(events))
		check = next_check(quick, reading, reading.warned, reading.steps_done, OFFICE)
		if not check:
			break
		found.append((check.kind, check.percent, check.at))
		events.append(Event(check.kind, check.at, percent=check.percent))
	assert found == [
		(WARN, 50, after(hours=3)),  # 12:00 is the break, 13:00 the end of it
		(WARN, 75, after(hours=4)),  # 14:00, the break lies between
		(BREACH, 100, after(hours=5)),
		(STEP, 100, after(hours=5)),
		(STEP, 150, after(hours=7)),
	]


def test_a_step_beyond_any_calendar_never_comes_and_keeps_nothing_before_it_back():
	"""Twenty years are the most a policy allows, and ten times the time is the latest step."""
	one = rule(5200, steps=[{"at_percent": 1000, "step": "Notify Supervisors"}])
	running = derive(one, [Event(START, MONDAY)], OFFICE, MONDAY)
	assert next_check(one, running, 0, (), OFFICE).kind == BREACH
	assert next_check(one, replace(running, marked=True), 0, (), OFFICE) is None


def test_a_warning_at_the_end_of_a_day_waits_for_the_next_opening():
	"""Half of fourteen hours from an opening is the closing of the first day, when nobody is there to be warned."""
	opening = after(hours=-1)
	slow = rule(14, WORKING_HOURS, warn_at="50")
	reading = derive(slow, [Event(START, opening)], OFFICE, opening)
	assert instant_of(slow, reading, 50, OFFICE) == opening + timedelta(days=1)


# Rules ----------------------------------------------------------------------------------------------------


def test_of_each_code_the_first_rule_that_fits_is_taken():
	milestones = [
		rule(1, priority="Urgent"),
		rule(3, condition='size == "large"'),
		rule(10),
		rule(2, code="first", priority="Low"),
	]
	amounts = [
		[found.amount for found in rules_for(milestones, priority, answers)]
		for priority, answers in (("Urgent", {}), ("Low", {"size": "large"}), ("High", {"size": "small"}))
	]
	assert amounts == [[1], [3, 2], [10]]


def test_percentages_are_read_from_what_people_write():
	assert percents("75, 50 %,90, 50") == (50, 75, 90)
	assert percents(None) == percents("") == ()
	with pytest.raises(ValueError):
		percents("soon")


def test_what_follows_from_a_missed_date_is_said_by_the_rule():
	steps = [{"at_percent": 100, "step": "Reassign"}]
	effects = [
		rule(on_breach=effect, steps=found).breach_effect
		for effect, found in (("None", ()), ("Escalate", ()), ("Escalate", steps), ("Deemed Granted", ()))
	]
	assert effects == ["", "Notify Supervisors", "", "Deemed Granted"]
