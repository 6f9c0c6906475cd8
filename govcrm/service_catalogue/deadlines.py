"""The rules of a deadline policy as a program version pins them, and what keeps it from being published with them.

A published version never looks at the policy any more, as with its workflow: an admin may change the policy for the
next version while running cases keep what they were promised.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.caching import site_cache

from govcrm.domain.conditions import answers_used, parse_condition
from govcrm.domain.deadlines import Rule

MILESTONE_FIELDS = (
	"code",
	"label",
	"nature",
	"priority",
	"condition",
	"amount",
	"unit",
	"calendar_source",
	"count_from",
	"end_rule",
	"due_at",
	"after_hours",
	"start_event",
	"start_state",
	"stop_event",
	"stop_state",
	"pauses",
	"on_transfer",
	"on_reopen",
	"is_promise",
	"warn_at",
	"on_breach",
	"breach_action",
	"citation",
	"max_extensions",
	"extension_amount",
	"extension_notice",
)
STEP_FIELDS = ("milestone", "at_percent", "step", "user")


class Pinned(NamedTuple):
	"""A rule, and the JSON text of it that each of its clocks carries."""

	rule: Rule
	text: str


def pin(policy: str | None) -> str | None:
	"""What a version keeps of its policy from its publishing on, as JSON text; None without one."""
	return frappe.as_json(take(policy), indent=None) if policy else None


def take(policy: str) -> dict:
	"""{"milestones": […], "escalations": […]} of a policy as plain data fit for JSON."""
	return of_document(frappe.get_cached_doc("Deadline Policy", policy))


def of_document(policy: Document) -> dict:
	"""Same as `take`, for a document at hand, saved or not."""
	return {
		"milestones": [_pick(row, MILESTONE_FIELDS) for row in policy.milestones],
		"escalations": [_pick(row, STEP_FIELDS) for row in policy.escalations],
	}


def _pick(row: Document, fields: tuple[str, ...]) -> dict:
	return {field: row.get(field) for field in fields if row.get(field) not in (None, "")}


def pinned(version: str) -> tuple[Pinned, ...]:
	"""The rules of a published version in their order; none when it has no policy. Kept per process."""
	modified = frappe.get_cached_value("Program Version", version, "modified")
	return _build(version, str(modified))


# Keyed by `modified` as well: whatever is saved or rolled back, an entry never speaks for another content.
@site_cache(maxsize=512)
def _build(version: str, modified: str) -> tuple[Pinned, ...]:
	snapshot = frappe.get_cached_value("Program Version", version, "deadline_snapshot")
	return tuple(compile_rules(frappe.parse_json(snapshot) or {}))


def compile_rules(snapshot: dict) -> Iterator[Pinned]:
	"""Each milestone with its steps of escalation: those that name it, and those that name none."""
	steps = snapshot.get("escalations") or []
	for milestone in snapshot.get("milestones") or []:
		own = [step for step in steps if step.get("milestone") in (None, "", milestone["code"])]
		values = {**milestone, "steps": own}
		yield Pinned(Rule.from_dict(values), json.dumps(values, sort_keys=True))


def rule_of_row(row: Document) -> Rule:
	"""The rule of a milestone at hand, without steps."""
	return Rule.from_dict(_pick(row, MILESTONE_FIELDS))


def defects(version: Document, states: set[str], actions: set[str]) -> Iterator[tuple[str, str]]:
	"""(what is wrong, what to do) of a version's policy beside its workflow and its questions. Translated."""
	if not version.deadline_policy:
		return
	policy = frappe.get_cached_doc("Deadline Policy", version.deadline_policy)
	if not policy.active:
		yield _("{0} is not active.").format(policy.name), _("Choose another policy.")
	codes = {question.code for question in version.questions}
	for row in policy.milestones:
		for message, hint in _row_defects(row, states, actions, codes):
			yield _("{0}, row {1}: {2}").format(policy.name, row.idx, message), hint


def _row_defects(
	row: Document, states: set[str], actions: set[str], codes: set[str]
) -> Iterator[tuple[str, str]]:
	for state in (row.start_state, row.stop_state):
		if state and state not in states:
			yield (
				_("its state {0} is not in the workflow.").format(state),
				_("Choose another state or another workflow."),
			)
	if row.breach_action and row.breach_action not in actions:
		yield (
			_("its action {0} is not in the workflow, or does not close a case.").format(row.breach_action),
			_("Choose an action that closes the case."),
		)
	for code in sorted(answers_of(row) - codes):
		yield _("its condition asks for {0}, which is no question.").format(code), _("Correct the condition.")


def answers_of(row: Document) -> set[str]:
	return answers_used(parse_condition(row.condition)) if row.condition else set()
