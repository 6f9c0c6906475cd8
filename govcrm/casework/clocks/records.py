"""Clocks in memory and in the database: read with locks, written with one statement a table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import now
from pypika.terms import Criterion

from govcrm.casework.clocks.telling import CLOCK, EVENT, tell
from govcrm.casework.importing.writer import insert_many
from govcrm.domain import deadlines
from govcrm.domain.calendar import UTC, Calendar, NoWorkingTime, weekly
from govcrm.domain.deadlines import (
	BREACH,
	CANCEL,
	RECOMPUTE,
	RESTART,
	STEP,
	STOP,
	WARN,
	Event,
	Next,
	Reading,
	Rule,
)
from govcrm.domain.deadlines_rules import CAPS
from govcrm.service_catalogue import calendars

SIGNS = frozenset({WARN, BREACH, STEP, RECOMPUTE})  # tell of the date, and do not make it
# What a clock has from its case when it begins.
PLACE = ("case", "program", "program_version", "department", "service_area")
MADE = ("owner", "creation")
CLOCK_FIELDS = (*PLACE, *MADE, "name", "calendar", "rule", "status", "breached", "due_utc", "next_at")
EVENT_FIELDS = (
	"case_deadline",
	"kind",
	"at_utc",
	"amount",
	"percent",
	"reason",
	"actor",
	"detail",
	"due_before",
	"due_after",
)


@dataclass
class Clock:
	"""One clock: its rule and the JSON text of it, its calendar, its events; `new` are those not written yet. `given` takes the
	place of the calendar of this name, to see what would be. `made`: by whom and when its record was."""

	name: str
	rule: Rule
	text: str
	place: dict[str, Any]
	calendar_name: str | None
	events: list[Event] = field(default_factory=list)
	new: list[Event] = field(default_factory=list)
	is_new: bool = False
	is_moved: bool = False
	given: Calendar | None = None
	made: dict[str, Any] = field(default_factory=dict)
	_standing: tuple | None = field(default=None, init=False, repr=False)

	@property
	def is_changed(self) -> bool:
		return bool(self.new) or self.is_new or self.is_moved

	def move(self, department: str) -> None:
		"""The department has the case now, and with it the clock."""
		self.is_moved = self.is_moved or department != self.place["department"]
		self.place["department"] = department

	@property
	def calendar(self) -> Calendar:
		return self.given or calendar_of(self.calendar_name)

	def append(self, events: Iterable[Event]) -> None:
		"""In order of time, whatever the clocks of people and machines say; but a date was missed when it was due."""
		for event in events:
			latest = self.events[-1].at if self.events else event.at
			event = event if event.kind == BREACH else event._replace(at=max(event.at, latest))
			self.new.append(event)
			self.events = sorted([*self.events, event], key=lambda one: one.at)

	def read(self, at: datetime) -> Reading | None:
		"""Raises frappe.ValidationError when the calendar never gets to the date."""
		try:
			return deadlines.derive(self.rule, self.events, self.calendar, at)
		except NoWorkingTime as error:
			refuse_calendar(self.calendar_name, self.rule, error)

	def standing(self) -> tuple[Reading, Next | None]:
		"""What its record shows, as of the last of its events, and what is to be done about it next. Kept: an intake
		asks for the promise, for the case and for the record."""
		state = (id(self.events), len(self.events), self.calendar_name, id(self.given))
		if not self._standing or self._standing[0] != state:
			reading = self.read(self.latest)
			check = deadlines.next_check(
				self.rule, reading, reading.warned, reading.steps_done, self.calendar
			)
			self._standing = (state, (reading, check))
		return self._standing[1]

	def read_with(self, event: Event, at: datetime) -> Reading:
		"""What it would show if this happened now."""
		return replace(self, events=[*self.events, event]).read(at)

	@property
	def latest(self) -> datetime:
		"""When it last began to run or stand still, or its date was moved. What it shows is kept as it was then."""
		return max(event.at for event in self.events if event.kind not in SIGNS)


def refuse_calendar(name: str | None, rule: Rule, error: NoWorkingTime) -> None:
	message = _("The deadline {0} cannot be computed with the calendar {1}: {2}. Correct its hours.")
	frappe.throw(message.format(rule.label, name, str(error)))


def calendar_of(name: str | None) -> Calendar:
	"""Where the agency has named no calendar, all time is working time."""
	return calendars.load(name) if name else around_the_clock(calendars.zone().key)


@lru_cache(maxsize=8)
def around_the_clock(zone: str) -> Calendar:
	days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
	return weekly(zone, {day: [("00:00", "24:00")] for day in days})


@lru_cache(maxsize=2048)
def rule_of(text: str) -> Rule:
	"""The rule that a clock carries. Thousands carry the same."""
	return Rule.from_dict(frappe.parse_json(text))


# Reading --------------------------------------------------------------------------------------------------


def clocks_of(case: str, lock: bool = True) -> list[Clock]:
	"""All clocks of a case, in the order in which they began. With `lock` as they are now, and not as they were when the
	transaction began."""
	return [clock for clock, _row in read(frappe.qb.DocType(CLOCK).case == case, lock)]


def read(which: Criterion, lock: bool = False) -> list[tuple[Clock, frappe._dict]]:
	"""The clocks that meet a condition, each with what its record holds. Two queries."""
	table = frappe.qb.DocType(CLOCK)
	query = frappe.qb.from_(table).select(*(table[name] for name in CLOCK_FIELDS)).where(which)
	query = query.orderby(table.creation, table.name)
	rows = (query.for_update() if lock else query).run(as_dict=True)
	history = events_of([row.name for row in rows], lock)
	return [(to_clock(row, history[row.name]), row) for row in rows]


def to_clock(row: frappe._dict, events: list[Event]) -> Clock:
	place, made = ({name: row[name] for name in names} for names in (PLACE, MADE))
	return Clock(row.name, rule_of(row.rule), row.rule, place, row.calendar, events, made=made)


def events_of(clocks: Collection[str], lock: bool = False) -> dict[str, list[Event]]:
	"""The events of these clocks in their order, with one query."""
	found: dict[str, list[Event]] = defaultdict(list)
	if clocks:
		table = frappe.qb.DocType(EVENT)
		query = frappe.qb.from_(table).select(*(table[name] for name in EVENT_FIELDS))
		query = query.where(table.case_deadline.isin(list(clocks))).orderby(
			table.at_utc, table.creation, table.idx
		)
		for row in (query.for_update() if lock else query).run(as_dict=True):
			found[row.case_deadline].append(to_event(row))
	return found


def to_event(row: frappe._dict) -> Event:
	before, after = (
		calendars.instant(row[name]) if row[name] else None for name in ("due_before", "due_after")
	)
	return Event(
		row.kind,
		calendars.from_utc(row.at_utc),
		row.amount or 0,
		row.percent or 0,
		before if row.kind == RESTART and row.detail == CAPS else None,
		row.reason or "",
		row.actor or "",
		row.detail or "",
		before,
		after,
	)


# Writing --------------------------------------------------------------------------------------------------


def save(clocks: Sequence[Clock]) -> list[dict[str, Any]]:
	"""Write what is new of them; returns what their records then hold."""
	rows = [clock_row(clock) for clock in clocks]
	changed = [(clock, row) for clock, row in zip(clocks, rows, strict=True) if clock.is_changed]
	written = insert(CLOCK, [row for clock, row in changed if clock.is_new])
	for clock, row in changed:
		if not clock.is_new:
			update(row)
			written.append({**clock.made, **row})
	tell(written, insert(EVENT, [row for clock in clocks for row in event_rows(clock)]))
	settle(changed, written)
	return rows


def settle(changed: list[tuple[Clock, dict[str, Any]]], written: list[dict[str, Any]]) -> None:
	"""They are in the database now, and know by whom they were made."""
	made = {row["name"]: {name: row[name] for name in MADE} for row in written}
	for clock, _row in changed:
		clock.new, clock.is_new, clock.is_moved, clock.made = [], False, False, made[clock.name]


def insert(doctype: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""All rows with one statement. Returns them with what every row has."""
	stamped = stamp(rows)
	if stamped:
		insert_many(doctype, tuple(stamped[0]), [tuple(row.values()) for row in stamped])
	return stamped


def stamp(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	moment, user = now(), frappe.session.user
	made = {"creation": moment, "modified": moment, "owner": user, "modified_by": user}
	return [{**made, **row} for row in rows]


def update(row: dict[str, Any]) -> None:
	table = frappe.qb.DocType(CLOCK)
	query = frappe.qb.update(table).set(table.modified, now())
	for name, value in row.items():
		if name not in ("name", "rule"):
			query = query.set(table[name], value)
	query.where(table.name == row["name"]).run()


def clock_row(clock: Clock) -> dict[str, Any]:
	"""What the record of a clock holds: all that its events, rule and calendar say, as of the last of its events."""
	(reading, check), rule = clock.standing(), clock.rule
	return {
		"name": clock.name,
		**clock.place,
		"label": rule.label,
		"milestone": rule.code,
		"nature": rule.nature,
		"calendar": clock.calendar_name,
		"amount": rule.amount,
		"unit": rule.unit,
		"rule": clock.text,
		"status": reading.state,
		"breached": int(reading.marked),
		"due": site(reading.due),
		"due_utc": utc(reading.due),
		"started_at": site(reading.started_at),
		"paused_at": site(reading.paused_at),
		"stopped_at": site(reading.stopped_at),
		"breached_at": site(reading.breached_at if reading.marked else None),
		"elapsed_seconds": reading.elapsed,
		"paused_seconds": reading.paused_seconds,
		"extensions": reading.extensions,
		"warned_percent": reading.warned,
		"next_at": utc(check.at) if check else None,
		"next_kind": check.kind if check else None,
		"next_percent": check.percent if check else 0,
	}


def event_rows(clock: Clock) -> list[dict[str, Any]]:
	"""The rows of the events that are not written yet. Of two at the same instant the first written comes first."""
	number = len(clock.events) - len(clock.new)
	return [event_row(clock, event, number + offset) for offset, event in enumerate(clock.new, start=1)]


def event_row(clock: Clock, event: Event, number: int) -> dict[str, Any]:
	"""What follows from a missed date is left to the sweep; nothing does once the clock has ended."""
	ended = clock.events[-1].kind in (STOP, CANCEL)
	effect = clock.rule.breach_effect if event.kind == BREACH and not ended else ""
	return {
		"name": frappe.generate_hash(length=10),
		"idx": number,
		"case_deadline": clock.name,
		"case": clock.place["case"],
		"kind": event.kind,
		"at": site(event.at),
		"at_utc": utc(event.at),
		"actor": event.actor or frappe.session.user,
		"reason": event.reason or None,
		"detail": effect or event.detail or None,
		"percent": event.percent,
		"amount": event.amount,
		"unit": clock.rule.unit if event.amount else None,
		"due_before": site(event.due_before),
		"due_after": site(event.due_after),
		"pending": int(bool(effect)),
		"try_at": utc(event.at),
	}


def site(at: datetime | None) -> str | None:
	return str(calendars.site_time(at)) if at else None


def utc(at: datetime | None) -> str | None:
	return str(calendars.utc_naive(at)) if at else None


def present() -> datetime:
	"""Now, in whole seconds: what is recorded is what is computed with."""
	return datetime.now(UTC).replace(microsecond=0)
