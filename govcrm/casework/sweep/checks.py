"""Which checks of a clock have come due, and which one is next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import frappe

from govcrm.casework.clocks import records
from govcrm.domain import deadlines
from govcrm.domain.deadlines import BREACH, RUNNING, STEP, WARN, Event, Next, Reading, Rule
from govcrm.service_catalogue import calendars

Derive = Callable[[frappe._dict], Reading]


class Found(NamedTuple):
	"""A clock, its rule, the checks that have come due in their order, and the next one, if any."""

	clock: frappe._dict
	rule: Rule
	passed: tuple[Next, ...]
	next: Next | None

	@property
	def breached(self) -> bool:
		return any(check.kind == BREACH for check in self.passed)

	@property
	def warned(self) -> int:
		return max((check.percent for check in self.passed if check.kind == WARN), default=0)


def find(clock: frappe._dict, now: datetime, derive: Derive) -> Found:
	"""Go from the check that the clock names on to the first that lies after `now`, an instant.

	All that passed since the last sweep is found, however long ago that was. `derive` reads the clock from its events.
	"""
	rule, passed = records.rule_of(clock.rule), []
	check = Next(calendars.from_utc(clock.next_at), clock.next_kind, clock.next_percent)
	while check and check.at < now:
		passed.append(check)
		check = following(clock, rule, passed, derive)
	return Found(clock, rule, tuple(passed), check)


def following(clock: frappe._dict, rule: Rule, passed: list[Next], derive: Derive) -> Next | None:
	"""What comes next depends on the rule and on what is done; when it comes, unless at the due date, on the events."""
	quick = after(clock, rule, passed, due_only(clock))
	if quick is None or quick.percent == 100:
		return quick
	return after(clock, rule, passed, derive(clock))


def after(clock: frappe._dict, rule: Rule, passed: list[Next], reading: Reading) -> Next | None:
	last = passed[-1]
	warned = max([clock.warned_percent or 0, *(check.percent for check in passed if check.kind == WARN)])
	if clock.breached or any(check.kind == BREACH for check in passed):
		reading = replace(reading, marked=True)
	return deadlines.next_check(
		rule, reading, warned, steps_until(rule, last), calendars.load(clock.calendar)
	)


def steps_until(rule: Rule, last: Next) -> set[int]:
	"""Where steps have been taken once this check is: they come in the order of their percentages."""
	return {
		step.at_percent
		for step in rule.steps
		if step.at_percent < last.percent or (step.at_percent == last.percent and last.kind == STEP)
	}


def due_only(clock: frappe._dict) -> Reading:
	"""What the record shows of a running clock; enough to say what comes next."""
	due = calendars.from_utc(clock.due_utc)
	return Reading(RUNNING, due, allowed=0, elapsed=0, started_at=due)


class Histories:
	"""Reads clocks from their events. Those of the whole batch are fetched with one query, and only if one is needed."""

	def __init__(self, clocks: list[frappe._dict], now: datetime) -> None:
		self.names, self.now = [clock.name for clock in clocks], now

	def derive(self, clock: frappe._dict) -> Reading:
		rule, calendar = records.rule_of(clock.rule), records.calendar_of(clock.calendar)
		return deadlines.derive(rule, self.events[clock.name], calendar, self.now)

	@cached_property
	def events(self) -> dict[str, list[Event]]:
		return records.events_of(self.names)
