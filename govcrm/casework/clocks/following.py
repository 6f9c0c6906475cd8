"""What an act on a case does to its clocks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document

from govcrm import compat
from govcrm.casework import events
from govcrm.casework.clocks import opening, records, summary
from govcrm.casework.clocks.records import Clock
from govcrm.casework.events import State
from govcrm.domain.cases import RUNNING
from govcrm.domain.deadlines import BREACH, EXTEND, RESTART, Event
from govcrm.domain.deadlines_acts import Act, reactions
from govcrm.domain.deadlines_rules import ACCEPTED, ASSIGNED, CLOSED, DECIDED, FIRST_RESPONSE
from govcrm.service_catalogue.deadlines import pinned

# What a verb is to clocks beside what the change of state says.
VERBS = {
	"accept": {ACCEPTED, ASSIGNED},
	"assign": {ASSIGNED},
	"respond": {FIRST_RESPONSE},
}


def follow(
	case: Document,
	verb: str,
	before: State | None = None,
	reason: str | None = None,
	at: datetime | None = None,
	action: str | None = None,
) -> None:
	"""Let the clocks of a case, whose row the caller holds, follow an act, and the fields of the case follow them.

	`before` is the state the case was in, `action` that of the workflow, `at` the instant. The case is not saved here.
	Costs no query where no rule of its version is concerned.
	"""
	rules = [one.rule for one in pinned(case.program_version)]
	act = act_of(case, verb, before or State.of(case), reason, at, action) if rules else None
	if act and act.concerns(rules):
		clocks = records.clocks_of(case.name)
		react(case, clocks, act)
		settle(case, clocks)


def act_of(
	case: Document, verb: str, before: State, reason: str | None, at: datetime | None, action: str | None
) -> Act:
	is_running, was_running = case.state_category in RUNNING, before.category in RUNNING
	entered = case.workflow_state if case.workflow_state != before.name else None
	return Act(
		at or records.present(),
		frozenset(VERBS.get(verb, set()) | happened(case, before, action)),
		entered,
		case.state_category,
		moved=case.state_category != before.category,
		transferred=verb == "transfer",
		reopened=is_running and not was_running,
		reason=reason or "",
		actor=frappe.session.user,
	)


def happened(case: Document, before: State, action: str | None) -> set[str]:
	"""Closed, decided: closing is deciding, and so is a step that asks for another person than the one before it."""
	if case.state_category == "Closed" and before.category in RUNNING:
		return {CLOSED, DECIDED}
	return {DECIDED} if action and is_decision(case, before, action) else set()


def is_decision(case: Document, before: State, action: str) -> bool:
	taken = (before.name, action, case.workflow_state)
	return any(
		not row.allow_self_approval
		for row in case.workflow().transitions
		if (row.state, row.action, row.next_state) == taken
	)


def react(case: Document, clocks: list[Clock], act: Act) -> None:
	for clock in clocks:
		new = reactions(clock.rule, clock.events, clock.calendar, act)
		clock.append(new)
		if any(event.kind == RESTART for event in new):
			clock.calendar_name = opening.choose_calendar(case, clock.rule)
		tell_missed(case, clock)
	clocks.extend(begun(case, clocks, act))
	if act.transferred:
		for clock in clocks:
			clock.move(case.department)


def tell_missed(case: Document, clock: Clock) -> None:
	"""In the history of the case, as the sweep tells it."""
	for event in clock.new:
		if event.kind == BREACH:
			due = records.site(event.at)
			detail = clock.rule.label
			events.write(case, "deadline_missed", at=due, detail=detail)


def begun(case: Document, clocks: list[Clock], act: Act) -> list[Clock]:
	"""Clocks that this act begins: of rules that the case has no clock of yet."""
	known = {clock.rule.code for clock in clocks}
	if not any(
		act.is_any(one.rule.start_event, one.rule.start_state)
		for one in pinned(case.program_version)
		if one.rule.code not in known
	):
		return []
	fresh = [
		opening.blank(case, one)
		for one in opening.rules_of(case, answers_of(case))
		if one.rule.code not in known
	]
	for clock in fresh:
		clock.append(reactions(clock.rule, clock.events, clock.calendar, act))
	return [clock for clock in fresh if clock.events]


def answers_of(case: Document) -> Mapping[str, Any]:
	"""The answers of the request the case was opened for."""
	if not opening.needs_answers(case.program_version):
		return {}
	rows = frappe.get_all(
		"Service Request",
		{"case": case.name},
		["answers", "sensitive_answers"],
		order_by="creation",
		limit=1,
	)
	return opening.answers_in(rows[0]) if rows else {}


def settle(case: Document, clocks: list[Clock]) -> None:
	"""Write what is new, and show it on the case and its requests."""
	if not any(clock.is_changed for clock in clocks):
		return
	shown = summary.of_rows(records.save(clocks))
	expected = shown.get("expected_datetime")
	if expected and str(case.expected_datetime) != expected:
		summary.tell_requests(case.name, expected)
	case.update(shown)


def extend(case: Document, clocks: list[Clock], clock: Clock, amount: float, reason: str) -> datetime:
	"""Give one of the clocks more time, and write it. Returns the new due date."""
	at = records.present()
	event = Event(EXTEND, at, amount, reason=reason, actor=frappe.session.user)
	after = clock.read_with(event, at).due
	clock.append([event._replace(due_before=clock.read(at).due, due_after=after)])
	settle(case, clocks)
	return after


def responded(case: str | None) -> None:
	"""Those who asked have been answered for the first time, or again: a contact went out to them."""
	version = frappe.db.get_value("Case", case, "program_version") if case else None
	if not version or not any(one.rule.stop_event == FIRST_RESPONSE for one in pinned(version)):
		return
	compat.lock_row("Case", case)
	doc = frappe.get_doc("Case", case, for_update=True)
	follow(doc, "respond")
	summary.refresh_case(doc)
