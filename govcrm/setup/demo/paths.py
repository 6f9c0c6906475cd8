"""Which way a matter goes by the routing rules of its program. Imports no frappe.

The rules of the domain decide, as on a site; the plan needs to know, for whoever works a matter is of the department it
went to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govcrm.domain.routing import Known, Part, Rule, Rules

FIRST_ORDERED = 11  # the parts that a worker asks for are numbered from 1


@dataclass(frozen=True)
class Path:
	"""The rule that fired, if any, the department it leads to, and those that get a part of their own."""

	rule: str | None
	department: str
	parts: tuple[str, ...] = ()
	is_urgent: bool = False

	def ordered_parts(self) -> Iterator[tuple[int, str]]:
		"""(number, department) of each part opened with the case."""
		return enumerate(self.parts, start=FIRST_ORDERED)


def path_of(program: dict[str, Any], version: dict[str, Any], answers: dict[str, Any]) -> Path:
	"""Where a request goes. The demo's rules look at answers alone."""
	rules = rules_of(program, version)
	rule = rules.first(Known(answers, None, {}))
	department = (rule and rule.department) or program["department"]
	parts = rules.parts_for(rule, department)
	urgent = bool(rule) and rule.priority == "Urgent"
	return Path(rule and rule.label, department, tuple(part.department for part in parts), urgent)


def rules_of(program: dict[str, Any], version: dict[str, Any]) -> Rules:
	return Rules(
		ordered=tuple(Rule(number, **row) for number, row in enumerate(version["routing_rules"], start=1)),
		parts=tuple(Part(**row) for row in program.get("routing_parts", ())),
	)


def rules_among(rows: list[dict[str, Any]], codes: set[str]) -> list[dict[str, Any]]:
	"""The rules that look at nothing but answers to these questions."""
	return [row for row in rows if Rule(0, **row).uses <= codes]
