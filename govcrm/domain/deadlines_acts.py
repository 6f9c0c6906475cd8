"""What an act on a case does to each of its clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from govcrm.domain.calendar import Calendar
from govcrm.domain.deadlines import derive
from govcrm.domain.deadlines_events import (
	BREACH,
	CANCEL,
	OPEN_STATES,
	PAUSE,
	PAUSED,
	RESTART,
	RESUME,
	RUNNING,
	START,
	STOP,
	Event,
	Reading,
)
from govcrm.domain.deadlines_rules import (
	CAPS,
	CLOSED,
	FIRST_RESPONSE,
	KEEPS,
	RESTARTS,
	STATE_ENTERED,
	Rule,
)
from govcrm.domain.workflow import CANCELLED, ENDS, OPEN, WAITING

# `detail` of the event that ends a clock with its case: a case that is reopened takes these up again.
ENDED_WITH_CASE = frozenset({CLOSED, CANCELLED})
TRANSFERRED, REOPENED, ENTERED_AGAIN = "Transfer", "Reopened", "Entered Again"


@dataclass(frozen=True)
class Act:
	"""Something done on a case.

	`happened`: which of the options of start_event and stop_event it is. `entered`: the state it led to, if another.
	`category`: that of the state the case is in afterwards.
	"""

	at: datetime
	happened: frozenset[str] = frozenset()
	entered: str | None = None
	category: str = OPEN
	moved: bool = False
	transferred: bool = False
	reopened: bool = False
	reason: str = ""
	actor: str = ""

	@property
	def ends_case(self) -> bool:
		return self.category in ENDS

	def is_any(self, event: str, state: str) -> bool:
		"""Is it what a rule names as its start or stop?"""
		return (event == STATE_ENTERED and bool(state) and state == self.entered) or event in self.happened

	def concerns(self, rules: Sequence[Rule]) -> bool:
		"""Could it do anything to clocks of these rules?"""
		if not rules:
			return False
		return (
			self.moved
			or self.transferred
			or any(
				self.is_any(rule.start_event, rule.start_state)
				or self.is_any(rule.stop_event, rule.stop_state)
				for rule in rules
			)
		)

	def event(self, kind: str, detail: str = "", **more) -> Event:
		return Event(kind, self.at, reason=self.reason, actor=self.actor, detail=detail, **more)


def reactions(rule: Rule, events: Sequence[Event], calendar: Calendar, act: Act) -> list[Event]:
	"""The events to append to those of a clock; none of them before the last one there is.

	A date missed before the clock is halted or begun anew is found now, if the sweep has not: as an event at the time
	it was missed.
	"""
	reading = derive(rule, events, calendar, act.at)
	if reading is None:
		new = _start(rule, act)
	elif reading.state in OPEN_STATES:
		new = _change(rule, events, calendar, reading, act)
	else:
		new = _take_up(rule, events, act)
	new += _stand(rule, _state(reading, new), act)
	return _found_late(reading, act) + new if new else []


def _start(rule: Rule, act: Act) -> list[Event]:
	begins = not act.ends_case and act.is_any(rule.start_event, rule.start_state)
	return [act.event(START, detail=rule.start_event)] if begins else []


def _change(
	rule: Rule, events: Sequence[Event], calendar: Calendar, reading: Reading, act: Act
) -> list[Event]:
	if act.category == CANCELLED:
		return [act.event(CANCEL, detail=CANCELLED)]
	if act.ends_case:
		answered = rule.stop_event == FIRST_RESPONSE
		return [act.event(STOP, detail=FIRST_RESPONSE if answered else CLOSED)]
	if act.is_any(rule.stop_event, rule.stop_state):
		return [act.event(STOP, detail=rule.stop_event)]
	return _transfer(rule, events, calendar, reading, act) if act.transferred else []


def _transfer(
	rule: Rule, events: Sequence[Event], calendar: Calendar, reading: Reading, act: Act
) -> list[Event]:
	"""A date that was missed stays where one no later than it is asked for: a cap in the past would be missed again."""
	if rule.on_transfer == KEEPS or (rule.on_transfer == CAPS and reading.breached_at):
		return []
	latest = due_if_going_on(rule, events, calendar, act.at)
	cap = max(latest, act.at) if rule.on_transfer == CAPS else None
	return [act.event(RESTART, detail=CAPS if cap else TRANSFERRED, due_before=cap or latest, cap=cap)]


def _take_up(rule: Rule, events: Sequence[Event], act: Act) -> list[Event]:
	"""A clock that has ended goes on with the case it ended with, or begins anew when its state is entered again."""
	if act.ends_case:
		return []
	if act.reopened and ended_by(events) in ENDED_WITH_CASE:
		return [act.event(RESTART if rule.on_reopen == RESTARTS else RESUME, detail=REOPENED)]
	if rule.start_event == STATE_ENTERED and act.is_any(STATE_ENTERED, rule.start_state):
		return [act.event(RESTART, detail=ENTERED_AGAIN)]
	return []


def ended_by(events: Sequence[Event]) -> str:
	return next((event.detail for event in reversed(events) if event.kind in (STOP, CANCEL)), "")


def _state(reading: Reading | None, new: list[Event]) -> str | None:
	if not new:
		return reading.state if reading else None
	if new[-1].kind == RESTART and reading and reading.state == PAUSED:
		return PAUSED
	return RUNNING if new[-1].kind in (START, RESUME, RESTART) else None


def _stand(rule: Rule, state: str | None, act: Act) -> list[Event]:
	if state == RUNNING and act.category == WAITING and rule.pauses:
		return [act.event(PAUSE)]
	return [act.event(RESUME)] if state == PAUSED and act.category == OPEN else []


def _found_late(reading: Reading | None, act: Act) -> list[Event]:
	if not reading or not reading.breached_at or reading.marked:
		return []
	return [Event(BREACH, reading.breached_at, percent=100)]


def due_if_going_on(rule: Rule, events: Sequence[Event], calendar: Calendar, now: datetime) -> datetime:
	"""The date of a clock, also of one that stands still, if it went on now."""
	reading = derive(rule, events, calendar, now)
	if reading.state == RUNNING:
		return reading.due
	return derive(rule, [*events, Event(RESUME, now)], calendar, now).due
