"""Which checks of a clock have come due, and which one is next."""

from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import frappe

from govcrm.casework.clocks import records
from govcrm.domain import deadlines
from govcrm.domain.calendar import Calendar
from govcrm.domain.deadlines import BREACH, RUNNING, STEP, WARN, Event, Next, Reading, Rule
from govcrm.service_catalogue import calendars


class Found(NamedTuple):
	"""A clock, its rule, the checks that have come due in their order, and the next one, if any.

	`breached` and `warned` are what the record says once they are marked, `is_missed` whether it is one of them.
	"""

	clock: frappe._dict
	rule: Rule
	passed: list[Next]
	next: Next | None
	warned: int
	breached: bool

	@property
	def is_missed(self) -> bool:
		return self.breached and not self.clock.breached

	@property
	def is_warned(self) -> bool:
		return self.warned > (self.clock.warned_percent or 0)


class Finder:
	"""Reads the clocks of a batch. Their calendars are looked up once; their events fetched with one query, if at all."""

	def __init__(self, clocks: list[frappe._dict], now: datetime) -> None:
		self.clocks, self.now = clocks, now
		self.calendars: dict[str | None, Calendar] = {}

	def find_all(self) -> list[Found]:
		return [self.find(clock) for clock in self.clocks]

	def find(self, clock: frappe._dict) -> Found:
		"""Go from the check that the clock names on to the first that does not lie before now.

		All that passed since the last sweep is found, however long ago that was.
		"""
		rule, passed = records.rule_of(clock.rule), []
		warned, breached = clock.warned_percent or 0, bool(clock.breached)
		check = Next(calendars.from_utc(clock.next_at), clock.next_kind, clock.next_percent)
		while check and check.at < self.now:
			passed.append(check)
			breached = breached or check.kind == BREACH
			if check.kind == WARN:
				warned = max(warned, check.percent)
			check = self.following(Found(clock, rule, passed, check, warned, breached))
		return Found(clock, rule, passed, check, warned, breached)

	def following(self, found: Found) -> Next | None:
		"""What comes next depends on the rule and what is done; when it comes, unless at the date, on the events."""
		quick = self.after(found, as_shown(found))
		if quick is None or quick.percent == 100:
			return quick
		return self.after(found, replace(self.derive(found), marked=found.breached))

	def after(self, found: Found, reading: Reading) -> Next | None:
		done = steps_until(found.rule, found.passed[-1])
		return deadlines.next_check(found.rule, reading, found.warned, done, self.calendar(found.clock))

	def derive(self, found: Found) -> Reading:
		history = self.events[found.clock.name]
		return deadlines.derive(found.rule, history, self.calendar(found.clock), self.now)

	def calendar(self, clock: frappe._dict) -> Calendar:
		if clock.calendar not in self.calendars:
			self.calendars[clock.calendar] = records.calendar_of(clock.calendar)
		return self.calendars[clock.calendar]

	@cached_property
	def events(self) -> dict[str, list[Event]]:
		return records.events_of([clock.name for clock in self.clocks])


def as_shown(found: Found) -> Reading:
	"""What the record shows of a running clock; enough to say what comes next."""
	due = calendars.from_utc(found.clock.due_utc)
	return Reading(RUNNING, due, allowed=0, elapsed=0, started_at=due, marked=found.breached)


def steps_until(rule: Rule, last: Next) -> set[int]:
	"""Where steps have been taken once this check is: they come in the order of their percentages."""
	if not rule.steps:
		return set()
	return {
		step.at_percent
		for step in rule.steps
		if step.at_percent < last.percent or (step.at_percent == last.percent and last.kind == STEP)
	}
