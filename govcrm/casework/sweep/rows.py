"""Writes what a batch has found: one statement for each table, or for each group of clocks that change alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika import Case as When
from pypika.terms import LiteralValue

from govcrm.casework import events
from govcrm.casework.clocks import summary
from govcrm.casework.importing.writer import insert_many
from govcrm.casework.sweep.checks import Found
from govcrm.casework.sweep.holding import among, literal
from govcrm.domain.deadlines import BREACH, STEP, WARN, Next, Rule
from govcrm.service_catalogue import calendars

NOTIFY_ASSIGNEE = "Notify Assignee"
MOMENT = timedelta(microseconds=1)
VERBS = {WARN: "deadline_warning", BREACH: "deadline_missed"}

# Events ---------------------------------------------------------------------------------------------------


class Written(NamedTuple):
	"""Rows that were inserted: of clock events, and of case events with the names of the clocks they tell of."""

	events: list[dict[str, Any]]
	history: list[tuple[str, dict[str, Any]]]


def write_events(found: list[Found], cases: dict[str, frappe._dict]) -> Written:
	"""What happened to each clock, and for the history of each case its warnings and missed dates."""
	happened = [one for each in found for one in happenings(each)]
	told = [one for one in happened if one.check.kind in VERBS]
	stamps = stamped(now_datetime())
	marks = [{**next(stamps), **row} for row in event_rows(happened)]
	shown = [{**next(stamps), **row} for row in history(told, cases)]
	insert("Case Deadline Event", marks)
	insert("Case Event", shown)
	return Written(marks, [(one.clock.name, row) for one, row in zip(told, shown, strict=True)])


def stamped(now: datetime) -> Iterator[dict[str, Any]]:
	"""What every row has. A microsecond apart, so that what happened first sorts first."""
	user, modified = frappe.session.user, str(now)
	while True:
		yield {
			"name": frappe.generate_hash(length=10),
			"creation": str(now),
			"modified": modified,
			"owner": user,
			"modified_by": user,
		}
		now += MOMENT


def insert(doctype: str, rows: list[dict[str, Any]]) -> None:
	if rows:
		insert_many(doctype, tuple(rows[0]), [tuple(row.values()) for row in rows])


class Happening(NamedTuple):
	"""A check that has come due: when, in site time and in UTC, and what is to be carried out."""

	clock: frappe._dict
	check: Next
	at: str
	at_utc: str
	effects: list[str]


def happenings(found: Found) -> Iterator[Happening]:
	for check in found.passed:
		yield Happening(found.clock, check, *times(found.clock, check), effects(found.rule, check))


def times(clock: frappe._dict, check: Next) -> tuple[str, str]:
	"""A date is missed when it was due, whenever that is found."""
	if check.kind == BREACH:
		return str(clock.due), str(clock.due_utc)
	return str(calendars.site_time(check.at)), str(calendars.utc_naive(check.at))


def effects(rule: Rule, check: Next) -> list[str]:
	"""What is to be carried out, each in the words of the option. A missed date without effect is an event all the same."""
	if check.kind == STEP:
		return [step.step for step in rule.steps if step.at_percent == check.percent]
	return [NOTIFY_ASSIGNEE if check.kind == WARN else rule.breach_effect]


def event_rows(happened: list[Happening]) -> Iterator[dict[str, Any]]:
	"""One for each, and for a percentage with several steps one for each of them."""
	user = frappe.session.user
	number = 0
	for one in happened:
		for effect in one.effects:
			number += 1
			yield {
				"idx": number,
				"case_deadline": one.clock.name,
				"case": one.clock["case"],
				"kind": one.check.kind,
				"at": one.at,
				"at_utc": one.at_utc,
				"actor": user,
				"percent": one.check.percent,
				"detail": effect or None,
				"pending": int(bool(effect)),
				"try_at": one.at_utc,
			}


def history(happened: list[Happening], cases: dict[str, frappe._dict]) -> Iterator[dict[str, Any]]:
	for one in happened:
		case, detail = cases[one.clock["case"]], told(one.clock, one.check)
		verb, state = VERBS[one.check.kind], events.State.of(case)
		row = events.values(case, verb, state, at=one.at, detail=detail)
		del row["doctype"]
		yield row


def told(clock: frappe._dict, check: Next) -> str:
	"""Which deadline. When it was missed stands in the time of the event."""
	if check.kind == BREACH:
		return clock.label
	return _("{0}: {1} % of the time is used.").format(clock.label, check.percent)


# Clocks and cases -----------------------------------------------------------------------------------------


def move_clocks(found: Iterable[Found]) -> None:
	"""Each to its next check. Those that differ in nothing but its time change with one statement."""
	groups = defaultdict(list)
	for one in found:
		groups[changes(one)].append(one)
	for (missed, warned, kind, percent), members in groups.items():
		clock = frappe.qb.DocType("Case Deadline")
		query = frappe.qb.update(clock).set(clock.warned_percent, warned)
		query = query.set(clock.next_kind, kind).set(clock.next_percent, percent)
		query = query.set(clock.next_at, next_time(clock, members, kind))
		if missed:
			query = query.set(clock.breached, 1).set(clock.breached_at, clock.due)
		query.where(clock.name.isin(among([one.clock.name for one in members]))).run()


def changes(found: Found) -> tuple[bool, int, str | None, int]:
	"""What of a clock changes but for the time of its next check: (missed now, warned at, next kind, next percent)."""
	upcoming = (found.next.kind, found.next.percent) if found.next else (None, 0)
	return found.is_missed, found.warned, *upcoming


def next_time(clock, members: list[Found], kind: str | None):
	"""Nothing, the date of each, or for each its own time."""
	if kind in (None, BREACH):
		return clock.due_utc if kind else None
	own = When()
	for one in members:
		name, at = literal(one.clock.name), literal(calendars.utc_naive(one.next.at))
		own = own.when(clock.name == LiteralValue(name), LiteralValue(at))
	return own.else_(clock.next_at)


def show_on_cases(found: Iterable[Found]) -> None:
	"""Overdue before At Risk, as in `govcrm.casework.clocks.summary`. Not a change by anybody: `modified` stays."""
	overdue = {one.clock["case"] for one in found if one.is_missed}
	at_risk = {one.clock["case"] for one in found if one.is_warned} - overdue
	case = frappe.qb.DocType("Case")
	if overdue:
		show(case, overdue, summary.OVERDUE).run()
	if at_risk:
		show(case, at_risk, summary.AT_RISK).where(
			case.deadline_status.isnull() | (case.deadline_status != summary.OVERDUE)
		).run()


def show(case, names: Iterable[str], status: str):
	query = frappe.qb.update(case).set(case.deadline_status, status)
	return query.where(case.name.isin(among(names)))
