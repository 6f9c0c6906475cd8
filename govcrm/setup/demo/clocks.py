"""Clocks of a copied matter: derived anew for its own times, with what the sweep would have found meanwhile.

Nothing is shifted. What people did is put at the times of the copy; when a clock was due, how much of its time was
used and what was missed follow from that by the code that keeps clocks on every site.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import frappe
from frappe.utils import get_datetime

from govcrm.casework.clocks import records, summary
from govcrm.casework.clocks.records import CLOCK, EVENT, SIGNS, Clock
from govcrm.casework.sweep.rows import VERBS, effects, told
from govcrm.domain.deadlines import BREACH, EXTEND, Event, Next, next_check
from govcrm.service_catalogue import calendars

SWEEPER = "Administrator"

Row = dict[str, Any]


def derive(clock: Clock, events: list[Row], moment: Callable[[Row], datetime], until: datetime) -> Clock:
	"""Let the acts of `events`, rows of another clock, happen to a blank one at other times; nothing is written.

	`moment` says at which time of the site each happened; `until`, too, is such a time: until then the sweep has run.
	"""
	acts = [at_time(event, moment(event)) for event in events if event["kind"] not in SIGNS]
	for act, end in zip(acts, [*(act.at for act in acts[1:]), calendars.instant(until)], strict=True):
		clock.append([extended(clock, act)])
		for check in checks_before(clock, end):
			clock.append(found(clock, check))
	return clock


def at_time(event: Row, at: datetime) -> Event:
	return records.to_event(frappe._dict(event))._replace(at=calendars.instant(at.replace(microsecond=0)))


def extended(clock: Clock, event: Event) -> Event:
	"""An extension tells from which date to which."""
	if event.kind != EXTEND:
		return event
	before = clock.read(event.at).due
	after = (
		Clock(clock.name, clock.rule, "", {}, clock.calendar_name, [*clock.events, event]).read(event.at).due
	)
	return event._replace(due_before=before, due_after=after)


def checks_before(clock: Clock, end: datetime) -> Iterator[Next]:
	"""Warnings, the missed date and steps that came due before `end`, in their order."""
	while check := following(clock):
		if check.at >= end:
			return
		yield check


def following(clock: Clock) -> Next | None:
	reading = clock.read(clock.latest)
	return next_check(clock.rule, reading, reading.warned, reading.steps_done, clock.calendar)


def found(clock: Clock, check: Next) -> Iterator[Event]:
	"""What the sweep writes about a check: for a percentage with several steps an event for each."""
	for effect in effects(clock.rule, check):
		yield Event(check.kind, check.at, percent=check.percent, detail=effect, actor=SWEEPER)


# Rows -----------------------------------------------------------------------------------------------------


def rows_of(clocks: Iterable[Clock], names: Callable[[], str]) -> dict[str, list[Row]]:
	"""All columns of the records of these clocks and their events. Steps have been carried out long ago."""
	rows: dict[str, list[Row]] = {CLOCK: [], EVENT: []}
	for clock in clocks:
		happened = [
			{**row, "name": names(), "pending": 0, **stamp(row["at"], row["at"], row["actor"])}
			for row in records.event_rows(clock)
		]
		shown = records.clock_row(clock)
		rows[CLOCK].append({**shown, **stamp(happened[0]["at"], happened[-1]["at"], happened[0]["actor"])})
		rows[EVENT] += happened
	return rows


def stamp(made: str, changed: str, user: str) -> Row:
	return {"creation": made, "modified": changed, "owner": user, "modified_by": user}


def history(clock: Clock, case: Row, acts: list[Row], names: Callable[[], str]) -> Iterator[Row]:
	"""What the history of the case tells of warnings and missed dates. `acts` are its events so far."""
	shown = frappe._dict(records.clock_row(clock))
	for event in clock.events:
		if event.kind not in VERBS:
			continue
		at = calendars.site_time(event.at)
		state = next((act for act in reversed(acts) if get_datetime(act["at"]) <= at), acts[0])
		due = clock_due_at(clock, event)
		yield {
			**acts[0],
			"name": names(),
			"case": case["name"],
			"verb": VERBS[event.kind],
			"action": None,
			"actor": SWEEPER,
			"at": at,
			"from_state": state["to_state"],
			"to_state": state["to_state"],
			"from_category": state["to_category"],
			"to_category": state["to_category"],
			"reason": None,
			"detail": told(frappe._dict(shown, due=due), Next(event.at, event.kind, event.percent)),
			**stamp(str(at), str(at), SWEEPER),
		}


def clock_due_at(clock: Clock, event: Event) -> datetime:
	"""When the clock was due as that was known then."""
	if event.kind == BREACH:
		return calendars.site_time(event.at)
	before = Clock(
		clock.name,
		clock.rule,
		"",
		{},
		clock.calendar_name,
		[one for one in clock.events if one.at <= event.at],
	)
	return calendars.site_time(before.read(event.at).due)


def shown_on_case(clocks: list[Clock]) -> Row:
	"""The fields of a case that its clocks keep."""
	return summary.of_rows(records.clock_row(clock) for clock in clocks)
