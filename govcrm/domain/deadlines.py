"""Deadlines: clocks that anybody can compute again who has their events, their rule and the calendar.

A clock runs from an event of the case to another. What follows from its events is derived here and nowhere else: when
it is due, how much of the time is used, whether it runs. Pure; instants are aware, durations whole seconds.

How a date comes about:

- A period in working minutes or hours is so much working time. While the clock stands still none is used, so the date
  moves by the working time that passes meanwhile.
- A period in days or months is counted in days, and so are its pauses: in working days for working days, in calendar
  days for the others. As with the day of receipt, the day on which a pause begins does not count and the one on which
  it ends does (Regulation 1182/71, Art. 3(1); FRCP 6(a)(1)(A)). So two pauses move the date as far as one from the
  first beginning to the last end less the time between them, and one that ends the day it began moves nothing.
- An extension adds to the period before the pauses are counted.
- A date once missed stays: neither a pause nor the calendar moves it afterwards. Only beginning anew sets another.
- Exactly at the due instant is in time. What happens while the clock stands still cannot be late.

*Percent* is of the time allowed: working time, or time by the clock on the wall for calendar days and months.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from govcrm.domain.calendar import Calendar, NoWorkingTime
from govcrm.domain.deadlines_events import (
	BREACH,
	CANCEL,
	CANCELLED,
	EXTEND,
	OPEN_STATES,
	PAUSE,
	PAUSED,
	RECOMPUTE,
	RESTART,
	RESUME,
	RUNNING,
	START,
	STEP,
	STOP,
	STOPPED,
	WARN,
	Event,
	Move,
	Next,
	Reading,
)
from govcrm.domain.deadlines_rules import (
	STATUTORY,
	Rule,
	Step,
	due_date,
	later,
	pause,
	pause_unit,
	percents,
	rules_for,
)

__all__ = [
	"BREACH",
	"CANCEL",
	"CANCELLED",
	"EXTEND",
	"OPEN_STATES",
	"PAUSE",
	"PAUSED",
	"RECOMPUTE",
	"RESTART",
	"RESUME",
	"RUNNING",
	"START",
	"STATUTORY",
	"STEP",
	"STOP",
	"STOPPED",
	"WARN",
	"Event",
	"Move",
	"Next",
	"Reading",
	"Rule",
	"Step",
	"derive",
	"due_date",
	"instant_of",
	"next_check",
	"pause",
	"pause_unit",
	"percents",
	"rules_for",
]


def derive(rule: Rule, events: Iterable[Event], calendar: Calendar, now: datetime) -> Reading | None:
	"""What a clock shows at `now`, from its events in order of time; None if it has not started.

	Raises NoWorkingTime when the calendar never gets to the date.
	"""
	clock = None
	for event in events:
		if event.kind == START and clock is None:
			clock = _Clock(rule, calendar)
			clock.begin(event)
		elif clock:
			clock.take(event)
	return clock.read(now) if clock else None


def next_check(
	rule: Rule, reading: Reading, warned: int, steps_done: Iterable[int], calendar: Calendar
) -> Next | None:
	"""The earliest warning, breach or step that is still to come or to be found; None while the clock stands still.

	`warned` is the highest percentage warned at, `steps_done` are those at which the steps have been taken.
	"""
	if reading.state != RUNNING:
		return None
	done = frozenset(steps_done)
	waiting = [(percent, STEP) for percent in {step.at_percent for step in rule.steps} - done]
	if not reading.marked:
		waiting += [(100, BREACH), *((percent, WARN) for percent in rule.warn_at if percent > warned)]
	if not waiting:
		return None
	percent, kind = min(waiting, key=_order)
	try:
		return Next(instant_of(rule, reading, percent, calendar), kind, percent)
	except NoWorkingTime:  # so long after the date that no calendar gets there
		return None


def _order(check: tuple[int, str]) -> tuple[int, int]:
	return check[0], (WARN, BREACH, STEP).index(check[1])


def instant_of(rule: Rule, reading: Reading, percent: int, calendar: Calendar) -> datetime:
	"""When this percentage of the time allowed is used: before the date counted back from it, after it on from it.

	What falls on the end of a day's work before the date is the opening of the next: a warning then finds somebody.
	"""
	return _reckoned(rule, calendar, reading.due, round(reading.allowed * (percent - 100) / 100))


def _reckoned(rule: Rule, calendar: Calendar, at: datetime, seconds: int) -> datetime:
	return at + timedelta(seconds=seconds) if rule.is_wall_time else calendar.add(at, seconds)


# The clock ------------------------------------------------------------------------------------------------


class _Clock:
	"""Folds events into a reading."""

	def __init__(self, rule: Rule, calendar: Calendar) -> None:
		self.rule, self.calendar = rule, calendar
		self.extensions = 0

	def begin(self, event: Event) -> None:
		self.state = RUNNING
		self.started_at = self.since = event.at  # `since`: when it last began to run or to stand still
		self.paused_at = self.stopped_at = self.breached_at = None
		self.cap, self.added, self.paused, self.counted, self.paused_seconds = event.cap, 0.0, 0, 0, 0
		self.warned, self.steps, self.marked = 0, set(), False
		self.reckon()
		self.moves = [Move(event, None, self.due)]

	def take(self, event: Event) -> None:
		if handler := _HANDLERS.get(event.kind):
			handler(self, event)

	def reckon(self) -> None:
		"""The date and the time allowed. `counted` is the time used when it last began to run or stand still."""
		self.due = due_date(self.rule, self.calendar, self.started_at, self.added, self.paused)
		if self.cap:
			self.due = min(self.due, later(self.rule, self.calendar, self.cap, self.added, self.paused))
		# The days of a pause may end before it goes on: then no time is left, and none is taken back.
		self.allowed = self.counted + max(0, self.measure(self.since, self.due))

	def measure(self, since: datetime, until: datetime) -> int:
		if self.rule.is_wall_time:
			return round((until - since).total_seconds())
		return self.calendar.between(since, until)

	def halt(self, at: datetime) -> None:
		"""From running to standing still: what is used stays, and so does a date that was missed."""
		if self.state == RUNNING:
			self.counted += self.measure(self.since, at)
			self.since = at
			self.miss(at)

	def miss(self, at: datetime) -> None:
		"""A date that passes while the clock runs is missed, whether or not anybody has marked it yet."""
		if self.state == RUNNING and at > self.due and not self.breached_at:
			self.breached_at = self.due

	def pause(self, event: Event) -> None:
		if self.state == RUNNING:
			self.halt(event.at)
			self.state, self.paused_at = PAUSED, event.at

	def resume(self, event: Event) -> None:
		if self.state == RUNNING:
			return
		since, before = self.since, self.due
		self.paused_seconds += round((event.at - since).total_seconds())
		self.state, self.since, self.paused_at, self.stopped_at = RUNNING, event.at, None, None
		by = 0
		if not self.breached_at:
			by = pause(self.rule, self.calendar, since, event.at)
			self.paused += by
			self.reckon()
		self.moves.append(Move(event, before, self.due, since, by, pause_unit(self.rule)))

	def extend(self, event: Event) -> None:
		before = self.due
		self.miss(event.at)
		self.extensions += 1
		self.added += event.amount
		if not self.breached_at:
			self.reckon()
		self.moves.append(Move(event, before, self.due, by=event.amount, unit=self.rule.unit))

	def stop(self, event: Event) -> None:
		if self.state in OPEN_STATES:
			self.halt(event.at)
			self.state = CANCELLED if event.kind == CANCEL else STOPPED
			self.stopped_at, self.paused_at = event.at, None

	def restart(self, event: Event) -> None:
		stood_still = self.state == PAUSED
		self.begin(event)
		if stood_still:
			self.state, self.paused_at = PAUSED, event.at

	def warn(self, event: Event) -> None:
		self.warned = max(self.warned, event.percent)

	def breach(self, event: Event) -> None:
		self.breached_at, self.marked = self.breached_at or event.at, True

	def step(self, event: Event) -> None:
		self.steps.add(event.percent)

	def read(self, now: datetime) -> Reading:
		runs = self.state == RUNNING
		missed = self.due if runs and now > self.due else None
		return Reading(
			self.state,
			self.due,
			self.allowed,
			self.counted + (self.measure(self.since, now) if runs else 0),
			self.started_at,
			self.paused_at,
			self.stopped_at,
			self.breached_at or missed,
			self.marked,
			self.paused_seconds,
			self.extensions,
			self.warned,
			frozenset(self.steps),
			tuple(self.moves),
			self.added,
			self.paused,
		)


_HANDLERS: dict[str, Callable[[_Clock, Event], None]] = {
	PAUSE: _Clock.pause,
	RESUME: _Clock.resume,
	EXTEND: _Clock.extend,
	STOP: _Clock.stop,
	CANCEL: _Clock.stop,
	RESTART: _Clock.restart,
	WARN: _Clock.warn,
	BREACH: _Clock.breach,
	STEP: _Clock.step,
}
