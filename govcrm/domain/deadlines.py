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
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from govcrm.domain.calendar import CALENDAR_MONTHS, NEXT_DAY, Calendar, DayRules, due
from govcrm.domain.deadlines_rules import (
	SECONDS,
	STATUTORY,
	Rule,
	Step,
	due_date,
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

# States of a clock
RUNNING, PAUSED, STOPPED, CANCELLED = "Running", "Paused", "Stopped", "Cancelled"
OPEN_STATES = frozenset({RUNNING, PAUSED})

# Kinds of events
START, PAUSE, RESUME, EXTEND, STOP, RESTART, CANCEL = (
	"Start",
	"Pause",
	"Resume",
	"Extend",
	"Stop",
	"Restart",
	"Cancel",
)
WARN, BREACH, STEP, RECOMPUTE = "Warn", "Breach", "Step", "Recompute"


class Event(NamedTuple):
	"""What happened to a clock.

	`amount` of an extension is in the unit of the rule. `cap` of a restart: the date it may not go beyond. `percent` of
	a warning or step. The rest is told, not counted.
	"""

	kind: str
	at: datetime
	amount: float = 0
	percent: int = 0
	cap: datetime | None = None
	reason: str = ""
	actor: str = ""
	detail: str = ""
	due_before: datetime | None = None
	due_after: datetime | None = None


class Move(NamedTuple):
	"""What an event did to the date. `since` is when the pause began that a Resume ends; `by` is in `unit`."""

	event: Event
	before: datetime | None
	after: datetime
	since: datetime | None = None
	by: float = 0
	unit: str = ""


@dataclass(frozen=True)
class Reading:
	"""What a clock shows.

	`due` of a clock that stands still: where it stood when that began. `elapsed`, `remaining` and `allowed` in seconds
	of the time in which percent are counted; `paused_seconds` by the clock on the wall. `breached_at` is the due time
	missed; `marked` says that this has been recorded. All but `extensions` is of the present run.
	"""

	state: str
	due: datetime
	allowed: int
	elapsed: int
	started_at: datetime
	paused_at: datetime | None = None
	stopped_at: datetime | None = None
	breached_at: datetime | None = None
	marked: bool = False
	paused_seconds: int = 0
	extensions: int = 0
	warned: int = 0
	steps_done: frozenset[int] = frozenset()
	moves: tuple[Move, ...] = ()

	@property
	def remaining(self) -> int:
		return self.allowed - self.elapsed


class Next(NamedTuple):
	"""What is to be done about a clock next: `kind` is Warn, Breach or Step."""

	at: datetime
	kind: str
	percent: int


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
	return Next(instant_of(rule, reading, percent, calendar), kind, percent)


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
		self.moves: list[Move] = []

	def begin(self, event: Event) -> None:
		self.state = RUNNING
		self.started_at = self.since = event.at  # `since`: when it last began to run or to stand still
		self.paused_at = self.stopped_at = self.breached_at = None
		self.cap, self.cap_added, self.cap_paused = event.cap, 0.0, 0
		self.added, self.paused, self.counted, self.paused_seconds = 0.0, 0, 0, 0
		self.warned, self.steps, self.marked = 0, set(), False
		self.reckon()
		self.moves.append(Move(event, None, self.due))

	def take(self, event: Event) -> None:
		if handler := _HANDLERS.get(event.kind):
			handler(self, event)

	def reckon(self) -> None:
		"""The date and the time allowed. `counted` is the time used when it last began to run or stand still."""
		self.due = due_date(self.rule, self.calendar, self.started_at, self.added, self.paused)
		if self.cap:
			self.due = min(self.due, self.moved_cap())
		self.allowed = self.counted + self.measure(self.since, self.due)

	def moved_cap(self) -> datetime:
		"""Pauses and extensions since it was set move the latest date as they move any other."""
		if not (self.added or self.paused):
			return self.cap
		if self.rule.unit in SECONDS:
			return self.calendar.add(self.cap, round(self.added * SECONDS[self.rule.unit]) + self.paused)
		days = DayRules(NEXT_DAY, self.rule.days.end_rule, self.rule.days.due_at)
		if self.rule.unit == CALENDAR_MONTHS:
			later = due(self.calendar, self.cap, self.added, CALENDAR_MONTHS, days)
			return due(self.calendar, later, self.paused, CALENDAR_DAYS, days) if self.paused else later
		return due(self.calendar, self.cap, self.added + self.paused, self.rule.unit, days)

	def measure(self, since: datetime, until: datetime) -> int:
		if self.rule.is_wall_time:
			return round((until - since).total_seconds())
		return self.calendar.between(since, until)

	def halt(self, at: datetime) -> None:
		"""From running to standing still: what is used stays, and so does a date that was missed."""
		if self.state == RUNNING:
			self.counted += self.measure(self.since, at)
			self.since = at
			if at > self.due and not self.breached_at:
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
