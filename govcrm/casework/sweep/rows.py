"""Writes what a batch has found: one statement for each table, or for each group of clocks that change alike."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime
from pypika import Case as When

from govcrm.casework import events
from govcrm.casework.clocks import summary
from govcrm.casework.importing.writer import insert_many
from govcrm.casework.sweep.checks import Found
from govcrm.domain.deadlines import BREACH, STEP, WARN, Next, Rule
from govcrm.service_catalogue import calendars

NOTIFY_ASSIGNEE = "Notify Assignee"
VERBS = {WARN: "deadline_warning", BREACH: "deadline_missed"}

# Events ---------------------------------------------------------------------------------------------------


def write_events(found: list[Found], cases: dict[str, frappe._dict]) -> None:
	"""What happened to each clock, and for the history of each case its warnings and missed dates."""
	stamps = stamped(now_datetime())
	happened = [row for one in found for row in event_rows(one)]
	insert("Case Deadline Event", [{**next(stamps), **row} for row in happened])
	told = [row for one in found for row in history(one, cases[one.clock["case"]])]
	insert("Case Event", [{**next(stamps), **row} for row in told])


def stamped(now: datetime) -> Iterator[dict[str, Any]]:
	"""What every row has. A microsecond apart, so that what happened first sorts first."""
	user = frappe.session.user
	while True:
		yield {
			"name": frappe.generate_hash(length=10),
			"creation": str(now),
			"modified": str(now),
			"owner": user,
			"modified_by": user,
		}
		now += timedelta(microseconds=1)


def insert(doctype: str, rows: list[dict[str, Any]]) -> None:
	if rows:
		columns = tuple(rows[0])
		insert_many(doctype, columns, [tuple(row[column] for column in columns) for row in rows])


def event_rows(found: Found) -> Iterator[dict[str, Any]]:
	"""One event for each check, and for a percentage with several steps one for each of them."""
	happened = [(check, effect) for check in found.passed for effect in effects(found.rule, check)]
	for number, (check, effect) in enumerate(happened, start=1):
		at, at_utc = times(found.clock, check)
		yield {
			"idx": number,
			"case_deadline": found.clock.name,
			"case": found.clock["case"],
			"kind": check.kind,
			"at": str(at),
			"at_utc": str(at_utc),
			"actor": frappe.session.user,
			"percent": check.percent,
			"detail": effect or None,
			"pending": int(bool(effect)),
			"try_at": str(at_utc),
		}


def times(clock: frappe._dict, check: Next) -> tuple[datetime, datetime]:
	"""When it happened, in site time and in UTC. A date is missed when it was due, whenever that is found."""
	if check.kind == BREACH:
		return clock.due, clock.due_utc
	return calendars.site_time(check.at), calendars.utc_naive(check.at)


def effects(rule: Rule, check: Next) -> list[str]:
	"""What is to be carried out, each in the words of the option. A missed date without effect is an event all the same."""
	if check.kind == STEP:
		return [step.step for step in rule.steps if step.at_percent == check.percent]
	return [NOTIFY_ASSIGNEE if check.kind == WARN else rule.breach_effect]


def history(found: Found, case: frappe._dict) -> Iterator[dict[str, Any]]:
	for check in found.passed:
		if verb := VERBS.get(check.kind):
			at, _at_utc = times(found.clock, check)
			row = events.values(
				case, verb, events.State.of(case), at=str(at), detail=told(found.clock, check)
			)
			yield {name: value for name, value in row.items() if name != "doctype"}


def told(clock: frappe._dict, check: Next) -> str:
	due = frappe.utils.format_datetime(clock.due)
	if check.kind == BREACH:
		return _("{0}: was due {1}.").format(clock.label, due)
	return _("{0}: {1} % of the time is used. Due {2}.").format(clock.label, check.percent, due)


# Clocks and cases -----------------------------------------------------------------------------------------


def move_clocks(found: Iterable[Found]) -> None:
	"""Each to its next check. Those that differ in nothing but its time change with one statement."""
	groups = defaultdict(list)
	for one in found:
		groups[changes(one)].append(one)
	for (breached, warned, kind, percent), members in groups.items():
		clock = frappe.qb.DocType("Case Deadline")
		query = frappe.qb.update(clock).set(clock.warned_percent, warned)
		query = query.set(clock.next_kind, kind).set(clock.next_percent, percent)
		query = query.set(clock.next_at, next_times(clock, members) if kind else None)
		if breached:
			query = query.set(clock.breached, 1).set(clock.breached_at, clock.due)
		query.where(clock.name.isin([one.clock.name for one in members])).run()


def changes(found: Found) -> tuple[bool, int, str | None, int]:
	"""What of a clock changes but for the time of its next check: (missed now, warned at, next kind, next percent)."""
	warned = max(found.clock.warned_percent or 0, found.warned)
	return found.breached, warned, found.next and found.next.kind, found.next.percent if found.next else 0


def next_times(clock, members: list[Found]):
	times_by_name = When()
	for one in members:
		at = calendars.utc_naive(one.next.at)
		times_by_name = times_by_name.when(clock.name == one.clock.name, at)
	return times_by_name.else_(clock.next_at)


def show_on_cases(found: Iterable[Found]) -> None:
	"""Overdue before At Risk, as in `govcrm.casework.clocks.summary`. Not a change by anybody: `modified` stays."""
	overdue = {one.clock["case"] for one in found if one.breached}
	at_risk = {one.clock["case"] for one in found if one.warned} - overdue
	case = frappe.qb.DocType("Case")
	if overdue:
		show(case, overdue, summary.OVERDUE).run()
	if at_risk:
		show(case, at_risk, summary.AT_RISK).where(
			case.deadline_status.isnull() | (case.deadline_status != summary.OVERDUE)
		).run()


def show(case, names: Iterable[str], status: str):
	query = frappe.qb.update(case).set(case.deadline_status, status)
	return query.where(case.name.isin(sorted(names)))
