"""What the routing rules of a draft would have done with the last requests of its program. Changes nothing.

Only requests that the user may read are tried, so that nobody learns of a request by writing a rule that fits it. For
the same reason nothing protected (see `govcrm.domain.routing`), nor anything about citizens, is known to the rules
unless the user may read it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.routing import Routed, compile_rules, route
from govcrm.domain.routing import Rule, Rules

DEFAULT, MOST = 500, 5_000
EXAMPLES = 5
SENSITIVE_LEVEL = 1
FIELDS = (
	"name",
	"requested_datetime",
	"channel",
	"citizen",
	"representative",
	"postal_code",
	"latitude",
	"longitude",
	"answers",
	"department",
	"priority",
	"confidentiality",
)


class Move(NamedTuple):
	"""Where a request is, where it would have gone, and by which rule."""

	department: str
	priority: str
	confidentiality: str
	new_department: str
	new_priority: str
	new_confidentiality: str
	rule: str


def try_rules(version: Document, count: int) -> dict:
	"""Run the rules of a version, saved or not, over the last `count` requests of its program.

	Returns how many were `tried`, how many of them `stayed`, how many were `left_out` because the user may not read
	them; `untried_rules`, names of those that look at what the user may not read; `parts`, how many cases more would
	have been opened; `moves`, a row for each kind of change with `count` and up to five `examples`, most frequent first.
	"""
	count = max(1, min(count, MOST))
	rules, untried = rules_for_user(version)
	found = last_requests(version.program, count)
	requests = readable(found)
	moves, parts = defaultdict(list), 0
	for request in requests:
		routed = route(request, version, rules)
		parts += len(routed.parts)
		if move := move_of(request, routed):
			moves[move].append(request.name)
	return {
		"tried": len(requests),
		"stayed": len(requests) - sum(map(len, moves.values())),
		"left_out": len(found) - len(requests),
		"untried_rules": untried,
		"parts": parts,
		"moves": as_rows(moves),
	}


def last_requests(program: str, count: int) -> list[str]:
	return frappe.get_all(
		"Service Request", {"program": program}, pluck="name", order_by="requested_datetime desc", limit=count
	)


def readable(names: list[str]) -> list[frappe._dict]:
	"""Those of the requests that the user may read, newest first, with what the rules may know."""
	if not names or not frappe.has_permission("Service Request"):
		return []
	fields = [*FIELDS, "sensitive_answers"] if sees_protected() else list(FIELDS)
	return frappe.get_list(
		"Service Request",
		filters={"name": ["in", names]},
		fields=fields,
		order_by="requested_datetime desc",
		limit=len(names),
	)


def sees_protected() -> bool:
	return SENSITIVE_LEVEL in frappe.get_meta("Service Request").get_permlevel_access("read")


def rules_for_user(version: Document) -> tuple[Rules, list[str]]:
	"""The rules that may be tried for the user, and the names of the others."""
	rules = compile_rules(version)
	if sees_protected():
		return rules, []
	untried = [rule for rule in rules.ordered if looks_at_people(rule, rules.sensitive)]
	kept = tuple(rule for rule in rules.ordered if rule not in untried)
	return Rules(kept, rules.parts, rules.sensitive), [rule.label for rule in untried]


def looks_at_people(rule: Rule, sensitive: Iterable[str]) -> bool:
	return rule.is_protected(frozenset(sensitive)) or any(name.startswith("citizen.") for name in rule.uses)


def move_of(request: frappe._dict, routed: Routed) -> Move | None:
	"""What would have been different. None if nothing would."""
	now = (request.department, request.priority, request.confidentiality)
	then = (routed.department or _("Nobody"), routed.priority, routed.confidentiality)
	return None if now == then else Move(*now, *then, routed.fitted.label if routed.fitted else "")


def as_rows(moves: dict[Move, list[str]]) -> list[dict]:
	ordered = sorted(moves.items(), key=lambda item: (-len(item[1]), item[0]))
	return [{**move._asdict(), "count": len(names), "examples": names[:EXAMPLES]} for move, names in ordered]
