"""Why a clock is due when it is: the steps by which its date comes about, as messages with values.

A message is English with places for its values, to be translated and filled in by whoever shows it. A value may be a
text, a number, an instant (aware datetime), a day (date) or a `Span` of time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from govcrm.domain.calendar import (
	CLOSE_OF_BUSINESS,
	END_OF_DAY,
	KEEP,
	NEXT_WORKING_DAY,
	SAME_DAY,
	SAME_TIME,
	Calendar,
)
from govcrm.domain.calendar.days import day_of_receipt
from govcrm.domain.deadlines_acts import ENTERED_AGAIN, REOPENED
from govcrm.domain.deadlines_events import (
	CANCELLED,
	EXTEND,
	PAUSE,
	PAUSED,
	RECOMPUTE,
	RESTART,
	RESUME,
	START,
	STOPPED,
	Event,
	Move,
	Reading,
)
from govcrm.domain.deadlines_rules import CAPS, SECONDS, Rule, due_date
from govcrm.domain.texts import _

FEW = 5  # holidays: as many are named
LONGEST = 3660  # days looked through for them


class Span(NamedTuple):
	"""So much time: `unit` is one of the units of a milestone, or "Seconds" of working time."""

	amount: float
	unit: str


class Named(NamedTuple):
	"""Days with their names."""

	days: tuple[tuple[date, str], ...]


class Step(NamedTuple):
	"""One step of the explanation. `code` says which, `values` fill the places of `message`."""

	code: str
	message: str
	values: tuple[Any, ...] = ()


BEGINNINGS = {
	"Opened": _("Received on {0}."),
	"Accepted": _("Accepted by the one who works on it on {0}."),
	"Assigned": _("Given to the one who works on it on {0}."),
	"State Entered": _("It came to the state {1} on {0}."),
}
RESTARTS = {
	CAPS: _("Given to another department on {0}: the time begins anew, but ends no later than {1}."),
	REOPENED: _("Reopened on {0}: the time begins anew."),
	ENTERED_AGAIN: _("It came to the state again on {0}: the time begins anew."),
}
RESTARTED = _("Given to another department on {0}: the time begins anew.")
ENDS = {
	CLOSE_OF_BUSINESS: _("It ends when work ends on the last day."),
	END_OF_DAY: _("It ends when the last day ends."),
	SAME_TIME: _("It ends on the last day at the time of day at which it began."),
}


def explain(
	rule: Rule, events: Sequence[Event], calendar: Calendar, reading: Reading, calendar_name: str = ""
) -> list[Step]:
	"""The steps from the beginning to the date that the clock shows.

	`reading` is what `derive` gave for these events on this calendar.
	"""
	return [
		*_beginning(rule, reading),
		*_allowed(rule, calendar, calendar_name),
		*_counting(rule, calendar, reading),
		*_ending(rule, calendar, reading),
		*_holidays(rule, calendar, reading),
		*_moves(reading, events),
		*_recomputed(events),
		Step("due", _("So it is due on {0}."), (reading.due,)),
		*_standing(reading),
	]


def _beginning(rule: Rule, reading: Reading) -> Iterator[Step]:
	start = reading.moves[0].event
	if start.kind == START:
		yield Step("start", BEGINNINGS[rule.start_event], (start.at, rule.start_state))
	elif start.kind == RESTART:
		yield Step("restart", RESTARTS.get(start.detail, RESTARTED), (start.at, start.cap))


def _allowed(rule: Rule, calendar: Calendar, calendar_name: str) -> Iterator[Step]:
	message = _("{0}: within {1}, by {2}.") if rule.citation else _("{0}: within {1}.")
	yield Step("rule", message, (rule.label, Span(rule.amount, rule.unit), rule.citation))
	message = _("Counted by the calendar {0}, time zone {1}.") if calendar_name else _("Time zone {1}.")
	yield Step("calendar", message, (calendar_name, calendar.zone.key))


def _counting(rule: Rule, calendar: Calendar, reading: Reading) -> Iterator[Step]:
	if rule.unit in SECONDS:
		first = calendar.next_opening(reading.started_at)
		if first > reading.started_at:
			yield Step(
				"counted_from", _("That was outside working hours: time counts from {0} on."), (first,)
			)
		return
	received = day_of_receipt(calendar, reading.started_at, rule.days)
	if received > calendar.local_date(reading.started_at):
		yield Step("received", _("That was after working hours: it counts as of {0}."), (received,))
	if rule.days.count_from == SAME_DAY:
		yield Step("counted_from", _("This day counts: {0} is the first day."), (received,))
	else:
		yield Step(
			"counted_from", _("This day does not count: the time begins the day after {0}."), (received,)
		)


def _ending(rule: Rule, calendar: Calendar, reading: Reading) -> Iterator[Step]:
	if rule.unit in SECONDS:
		return
	yield Step("end_of_day", ENDS[rule.days.due_at])
	kept = replace(rule, days=replace(rule.days, end_rule=KEEP, due_at=END_OF_DAY))
	last = calendar.local_date(due_date(kept, calendar, reading.started_at, reading.added, reading.paused))
	if rule.days.end_rule != KEEP and not calendar.is_working_day(last):
		following = rule.days.end_rule == NEXT_WORKING_DAY
		message = (
			_("The last day, {0}, is no working day: it ends on the next working day.")
			if following
			else _("The last day, {0}, is no working day: it ends on the working day before.")
		)
		yield Step("end_rule", message, (last,))


def _holidays(rule: Rule, calendar: Calendar, reading: Reading) -> Iterator[Step]:
	if rule.is_wall_time:
		return
	skipped = tuple(holidays(calendar, reading.started_at, reading.due))
	if len(skipped) > FEW:
		yield Step("holidays", _("{0} holidays lie in this time and do not count."), (len(skipped),))
	elif skipped:
		yield Step("holidays", _("Holidays that do not count: {0}."), (Named(skipped),))


def holidays(calendar: Calendar, since: datetime, until: datetime) -> Iterator[tuple[date, str]]:
	"""Days with their names that would be working days but for a holiday of the whole day."""
	first, last = calendar.local_date(since), calendar.local_date(until)
	for number in range(min((last - first).days, LONGEST) + 1):
		day = first + timedelta(days=number)
		found = calendar.plan.holidays_on(day)
		if found and calendar.plan.usual(day) and not calendar.is_working_day(day):
			yield day, found[0].title


# What moved it --------------------------------------------------------------------------------------------


def _moves(reading: Reading, events: Sequence[Event]) -> Iterator[Step]:
	reasons = {event.at: event.reason for event in events if event.kind == PAUSE}
	if len(reading.moves) > 1:
		yield Step("first_due", _("That gives {0}."), (reading.moves[0].after,))
	for move in reading.moves[1:]:
		yield _MOVES[move.event.kind](move, reasons.get(move.since, ""))


def _resumed(move: Move, reason: str) -> Step:
	reopened = move.event.detail == REOPENED
	moved = move.before != move.after
	message = {
		(False, False): _("It stood still from {0} to {1} ({2}). That does not move the date."),
		(False, True): _("It stood still from {0} to {1} ({2}). The date moves by {3}, to {4}."),
		(True, False): _("It had ended from {0} to {1} and was reopened. That does not move the date."),
		(True, True): _("It had ended from {0} to {1} and was reopened. The date moves by {3}, to {4}."),
	}[reopened, moved]
	by = Span(move.by, move.unit)
	return Step(
		"resume", message, (move.since, move.event.at, reason or _("no reason given"), by, move.after)
	)


def _extended(move: Move, _reason: str) -> Step:
	message = _("It was extended on {0} by {1} ({2}). The date moves to {3}.")
	return Step("extend", message, (move.event.at, Span(move.by, move.unit), move.event.reason, move.after))


_MOVES: dict[str, Callable[[Move, str], Step]] = {RESUME: _resumed, EXTEND: _extended}


def _recomputed(events: Sequence[Event]) -> Iterator[Step]:
	message = _("The calendar was changed on {0}: the date moved from {1} to {2}.")
	for event in events:
		if event.kind == RECOMPUTE:
			yield Step("recompute", message, (event.at, event.due_before, event.due_after))


def _standing(reading: Reading) -> Iterator[Step]:
	if reading.breached_at:
		yield Step("missed", _("The date was missed."))
	if reading.state == PAUSED:
		yield Step(
			"paused",
			_("It stands still since {0}. The date moves on while that lasts."),
			(reading.paused_at,),
		)
	elif reading.state == STOPPED:
		yield Step("stopped", _("It was done on {0}."), (reading.stopped_at,))
	elif reading.state == CANCELLED:
		yield Step("cancelled", _("It was given up on {0}."), (reading.stopped_at,))
