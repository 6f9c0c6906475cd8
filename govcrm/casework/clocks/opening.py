"""The clocks a case begins with: the same for intake, for the import and for the demo city."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from govcrm.casework.clocks import records, summary
from govcrm.casework.clocks.records import PLACE, Clock
from govcrm.casework.states import initial_state
from govcrm.domain.deadlines import rules_for
from govcrm.domain.deadlines_acts import Act, reactions
from govcrm.domain.deadlines_rules import CLOSED, DECIDED, FIRST_RESPONSE, OPENED, Rule
from govcrm.domain.workflow import CLOSED as CLOSED_CATEGORY
from govcrm.service_catalogue import calendars
from govcrm.service_catalogue.deadlines import Pinned, pinned

Rows = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def rows(case: Mapping[str, Any], answers: Mapping[str, Any] | None = None) -> Rows:
	"""The rows of Case Deadline and Case Deadline Event of a new case, without creation and owner.

	`case` has its fields and its name: opened_datetime, closed_datetime if it arrives closed. `answers` are those of its
	request; none are needed where no rule asks for any.
	"""
	clocks = begin(case, answers)
	return [records.clock_row(clock) for clock in clocks], [
		row for clock in clocks for row in records.event_rows(clock)
	]


def begin(case: Mapping[str, Any], answers: Mapping[str, Any] | None = None) -> list[Clock]:
	"""The clocks of a new case, not written."""
	rules = rules_of(case, answers)
	acts = acts_of(case) if rules else []
	clocks = []
	for one in rules:
		clock = blank(case, one)
		for act in acts:
			clock.append(reactions(clock.rule, clock.events, clock.calendar, act))
		if clock.events:
			clocks.append(clock)
	return clocks


def acts_of(case: Mapping[str, Any]) -> list[Act]:
	"""Opened; and closed, if it arrives so."""
	actor = frappe.session.user
	state, category = initial_state(case.get("program_version"))
	opened = Act(instant(case.get("opened_datetime")), frozenset({OPENED}), state, category, actor=actor)
	if not case.get("closed_datetime"):
		return [opened]
	closed = Act(
		max(opened.at, instant(case.get("closed_datetime"))),
		frozenset({CLOSED, DECIDED, FIRST_RESPONSE}),
		case.get("workflow_state"),
		CLOSED_CATEGORY,
		moved=True,
		actor=actor,
	)
	return [opened, closed]


def rules_of(case: Mapping[str, Any], answers: Mapping[str, Any] | None) -> list[Pinned]:
	"""The rules of its version that fit the case."""
	every = pinned(case.get("program_version"))
	if not every:
		return []
	texts = {id(one.rule): one for one in every}
	fitting = rules_for((one.rule for one in every), case.get("priority"), answers or {})
	return [texts[id(rule)] for rule in fitting]


def blank(case: Mapping[str, Any], one: Pinned) -> Clock:
	"""A clock that has not begun."""
	place = {field: case.get(field) for field in PLACE if field != "case"}
	return Clock(
		frappe.generate_hash(length=10),
		one.rule,
		one.text,
		{"case": case.get("name"), **place},
		choose_calendar(case, one.rule),
		is_new=True,
	)


def choose_calendar(case: Mapping[str, Any], rule: Rule) -> str | None:
	version = frappe.get_cached_doc("Program Version", case.get("program_version"))
	return calendars.choose(version, case.get("department"), rule.calendar_source)


def instant(site_time: Any) -> datetime:
	return calendars.instant(get_datetime(site_time).replace(microsecond=0))


def needs_answers(version: str) -> bool:
	return any(one.rule.condition for one in pinned(version))


def answers_for(request: Mapping[str, Any]) -> dict[str, Any]:
	"""Those of a new request, where a rule of its version asks for any."""
	return answers_in(request) if needs_answers(request.get("program_version")) else {}


def answers_in(request: Mapping[str, Any]) -> dict[str, Any]:
	"""The answers that stand in a request, the sensitive ones among them. Nobody is shown them here."""
	found = [frappe.parse_json(request.get(field) or "{}") for field in ("sensitive_answers", "answers")]
	return {code: answer for answers in found for code, answer in answers.items()}


# With controllers -----------------------------------------------------------------------------------------


def start(case: Document) -> None:
	"""Before a case is inserted: its clocks in memory, and what it shows of them.

	`flags.clocks` are those that its request began for it, for the promise; a part begins its own.
	"""
	if case.flags.clocks is None:
		case.flags.clocks = begin(case)
	case.update(shown(case, [records.clock_row(clock) for clock in case.flags.clocks]))


def shown(case: Mapping[str, Any], clock_rows: list[dict[str, Any]]) -> dict[str, Any]:
	"""The fields of a new case that follow from the rows of its clocks."""
	fields = summary.of_rows(clock_rows) if clock_rows else {}
	if case.get("expected_datetime") and not case.get("parent_case"):
		# The request has been promised that, or had it in another system.
		fields.pop("expected_datetime", None)
	return fields


def write(case: Document) -> None:
	"""After it: they know its name now."""
	clocks = case.flags.pop("clocks", None) or []
	for clock in clocks:
		clock.place["case"] = case.name
	records.save(clocks)


def begin_for(request: Document) -> list[Clock]:
	"""The clocks that the case of a new request will begin with. It is not there yet: `write` tells them its name."""
	case = {**{field: request.get(field) for field in (*PLACE, "priority")}, "name": None}
	case["opened_datetime"] = request.get("requested_datetime")
	return begin(case, answers_for(request))


def promise_of(clocks: list[Clock]) -> datetime | None:
	"""What those who ask can be promised: when the milestone ends that is a promise; in site time."""
	shown = summary.of_rows(records.clock_row(clock) for clock in clocks)
	return get_datetime(shown["expected_datetime"]) if "expected_datetime" in shown else None
