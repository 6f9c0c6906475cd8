"""Where a new request goes: by the rules of its version, by its place, by default. And why, in words."""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.caching import site_cache

from govcrm.casework.known import About, known_of
from govcrm.domain.areas import Area
from govcrm.domain.routing import (
	PASSED_OVER,
	Candidate,
	Part,
	Rule,
	Rules,
	candidates,
	choose,
	more_confidential,
)
from govcrm.service_catalogue.areas import area_map, edition, locate

LONGEST_LABEL = 140


class Routed(NamedTuple):
	"""`rule` and `reason` are for all who see the case. `detail` tells of a rule that looks at protected data.

	`fitted` is the rule itself, protected or not.
	"""

	department: str | None
	priority: str
	confidentiality: str
	rule: str | None
	reason: str
	detail: str | None
	service_area: str | None
	parts: tuple[Part, ...]
	fitted: Rule | None


def route(request: Document | frappe._dict, version: Document, rules: Rules | None = None) -> Routed:
	"""Decide about a request, of which nothing is changed. Its answers must have been checked.

	`version` may be a draft, with its `rules` compiled once for many requests.
	"""
	rules = rules_of(version) if rules is None else rules
	place = locate(request.get("latitude"), request.get("longitude"))
	line = area_map().line(place) if place else ()
	rule = rules.first(known_of(About(request, version, line))) if rules.ordered else None
	chosen, passed = choose(candidates_for(version, place, rule), is_active)
	department = chosen.department if chosen else None
	secret = rules.is_protected(rule)
	return Routed(
		department=department,
		priority=(rule and rule.priority) or version.default_priority,
		confidentiality=more_confidential(version.default_confidentiality, rule and rule.confidentiality),
		rule=rule.label[:LONGEST_LABEL] if rule and not secret else None,
		reason="\n".join(_reasons(rules, rule, secret, line, chosen, passed)),
		detail=_rule_in_words(rule) if secret else None,
		service_area=place,
		parts=rules.parts_for(rule, department),
		fitted=rule,
	)


def responsible_department(version: Document, place: str | None = None) -> str | None:
	"""The department that requests in a service area go to where no rule is asked, as for history."""
	chosen, _passed = choose(candidates_for(version, place), is_active)
	return chosen and chosen.department


def candidates_for(version: Document, place: str | None, rule: Rule | None = None) -> Iterator[Candidate]:
	owner, group = frappe.get_cached_value("Agency Program", version.program, ["department", "program_group"])
	return candidates(
		rule,
		area_map().departments(place, group or "") if place else (),
		version=version.default_department,
		program=owner,
		agency=frappe.get_cached_doc("GovCRM Settings").default_department,
	)


def is_active(department: str) -> bool:
	return bool(frappe.get_cached_value("Agency Department", department, "active"))


# Rules of a version ---------------------------------------------------------------------------------------


def rules_of(version: Document) -> Rules:
	"""The rules of a version. Those of a published one are read once in a process."""
	if version.docstatus == 1:
		return _kept(version.name, str(version.modified), edition())
	return compile_rules(version)


# Keyed by `modified` as well: an entry never speaks for another content. Renaming a department changes rules, too.
@site_cache(maxsize=1024)
def _kept(version: str, modified: str, edition: str) -> Rules:
	return compile_rules(frappe.get_cached_doc("Program Version", version))


def compile_rules(version: Document) -> Rules:
	"""Raises ConditionError if a condition cannot be read, which publishing does not let through."""
	return Rules(
		ordered=tuple(Rule(**rule_values(row)) for row in version.routing_rules),
		parts=tuple(part_of(row) for row in version.routing_parts),
		sensitive=frozenset(row.code for row in version.questions if row.sensitive),
	)


def rule_values(row: Document) -> dict:
	"""What `Rule` takes, from a row of the version."""
	return {
		"number": row.idx,
		"label": row.label or "",
		"condition": row.condition or "",
		"department": row.department or None,
		"priority": row.priority or None,
		"confidentiality": row.confidentiality or None,
		"explanation": row.explanation or "",
	}


def part_of(row: Document) -> Part:
	return Part(
		department=row.department,
		instructions=row.instructions or "",
		program=row.program or None,
		rule=row.rule or "",
		holds_parent=bool(row.holds_parent),
	)


# In words -------------------------------------------------------------------------------------------------


def _reasons(
	rules: Rules,
	rule: Rule | None,
	secret: bool,
	line: tuple[Area, ...],
	chosen: Candidate | None,
	passed: tuple[str, ...],
) -> Iterator[str]:
	if secret:
		yield _(
			"A rule that looks at protected data fits. The request names it to those who may read such data."
		)
	elif rule:
		yield _rule_in_words(rule)
	elif rules.ordered:
		yield _("None of the rules of the version fits.")
	if line:
		yield _("The place lies in {0}.").format(", ".join(area.name for area in line))
	yield from (_(PASSED_OVER).format(department) for department in passed)
	if chosen:
		yield _(chosen.why).format(chosen.department, *chosen.values)
	yield from _other_effects(rule)


def _rule_in_words(rule: Rule) -> str:
	fits = (
		_("Rule {0}, {1}, fits: {2}") if rule.condition.strip() else _("Rule {0}, {1}, fits every request.")
	)
	words = fits.format(rule.number, rule.label, rule.condition.strip())
	return f"{words}\n{rule.explanation}" if rule.explanation else words


def _other_effects(rule: Rule | None) -> Iterator[str]:
	if rule and rule.priority:
		yield _("Priority by the rule: {0}.").format(_(rule.priority))
	if rule and rule.confidentiality:
		yield _("At least this confidentiality by the rule: {0}.").format(_(rule.confidentiality))
