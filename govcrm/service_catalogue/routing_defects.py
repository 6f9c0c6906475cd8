"""What the routing of a version lacks, as the site with its departments, areas and programs stands."""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.questions import questions_of
from govcrm.casework.routing import is_active, part_of, rule_values
from govcrm.domain.questions import Problem
from govcrm.domain.routing import WEEKDAYS, Part
from govcrm.domain.routing_checks import check_rules, vocabulary


def problems(version: Document) -> Iterator[Problem]:
	"""Everything to put right in the rules and parts of a version, published or not."""
	parts = [part_of(row) for row in version.routing_parts]
	rows = [rule_values(row) for row in version.routing_rules]
	if rows or parts:
		words = vocabulary(questions_of(version), values_of_facts())
		yield from check_rules(rows, parts, words, version.default_confidentiality)
		yield from _department_problems(version)
		yield from _program_problems(parts)


def values_of_facts() -> dict[str, list[str] | tuple[str, ...]]:
	"""What the facts can be that are kept in lists, by their names."""
	areas = frappe.get_all("Service Area", pluck="name", order_by="name")
	return {
		"request.channel": frappe.get_meta("Service Request").get_options("channel").split("\n"),
		"request.weekday": WEEKDAYS,
		"request.area": areas,
		"request.areas": areas,
		"citizen.language": frappe.get_all("Language", pluck="name", order_by="name"),
	}


def _department_problems(version: Document) -> Iterator[Problem]:
	for row in (*version.routing_rules, *version.routing_parts):
		if row.department and not is_active(row.department):
			yield Problem(
				f"{row.parentfield}.{row.idx}",
				_("{0} is not active and takes no work. Choose another department."),
				(row.department,),
			)


def _program_problems(parts: list[Part]) -> Iterator[Problem]:
	referral = frappe.get_cached_doc("GovCRM Settings").referral_program
	for number, part in enumerate(parts, 1):
		program = part.program or referral
		if not program:
			message = _("Part {0} has no program, and GovCRM Settings name none for referrals.")
			yield Problem(f"routing_parts.{number}", message, (number,))
		elif not _takes_cases(program):
			message = _("Part {0}: {1} takes no cases, it is not active or has no version in force.")
			yield Problem(f"routing_parts.{number}", message, (number, program))


def _takes_cases(program: str) -> bool:
	return all(frappe.get_cached_value("Agency Program", program, ["active", "current_version"]))
