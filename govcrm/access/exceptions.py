"""What was opened to one person by name, and what they are kept from: both for a time, both before any role."""

from collections.abc import Iterable

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.utils import getdate, now_datetime

from govcrm.access import parties

SET_OF = {"Work": "may_work", "Read": "may_read", "Emergency": "emergencies"}


def opened_to(user: str) -> dict[str, frozenset[str]]:
	"""The cases by the set of the rule's `Subject` that each belongs to. A grant ends by itself, by the clock."""
	grant = DocType("Case Access Grant")
	rows = (
		frappe.qb.from_(grant)
		.select(grant["case"], grant.kind, grant.opens)
		.where((grant.user == user) & grants_in_force(grant))
		.run()
	)
	found: dict[str, set[str]] = {name: set() for name in SET_OF.values()}
	for case, kind, opens in rows:
		found[SET_OF["Emergency" if kind == "Emergency" else opens]].add(case)
	return {name: frozenset(cases) for name, cases in found.items()}


def grants_in_force(grant: DocType) -> Criterion:
	now = now_datetime()
	return (grant.status == "Granted") & (grant.valid_from <= now) & (grant.valid_to > now)


def closed_to(user: str) -> dict[str, frozenset[str]]:
	"""The cases and the people that the user is recused from today."""
	recusal = DocType("Recusal")
	query = frappe.qb.from_(recusal).select(recusal["case"], recusal.citizen)
	rows = query.where((recusal.user == user) & recusals_in_force(recusal)).run()
	return closed_by({case for case, _ in rows if case}, {citizen for _, citizen in rows if citizen})


def closed_by(cases: set[str], citizens: set[str]) -> dict[str, frozenset[str]]:
	"""All that hangs on these cases and people: cases that answer the people, parts of the cases, merged records."""
	people = _same_people(citizens)
	matters = _with_those_below("Case", "parent_case", cases | set(_cases_for(people)))
	return {"recused": frozenset(matters), "recused_citizens": frozenset(people)}


def kept_from(case: str) -> frozenset[str]:
	"""The users who are recused from the case today: `closed_to` asked from the other end."""
	recusal = DocType("Recusal")
	matters = _with_those_above("Case", "parent_case", {case})
	people = _same_people(_people_of(matters) | parties.people_of(matters, _recused_from))
	touched = recusal["case"].isin(matters)
	touched = touched | recusal.citizen.isin(people) if people else touched
	query = frappe.qb.from_(recusal).select(recusal.user).distinct()
	return frozenset(query.where(recusals_in_force(recusal) & touched).run(pluck=True))


def _recused_from() -> list[str]:
	"""The citizens whom anybody is recused from today, with all records of them."""
	recusal = DocType("Recusal")
	query = frappe.qb.from_(recusal).select(recusal.citizen).distinct()
	named = query.where(recusals_in_force(recusal) & recusal.citizen.isnotnull()).run(pluck=True)
	return sorted(_same_people(set(named)))


def recusals_in_force(recusal: DocType) -> Criterion:
	"""The condition on the table Recusal, for today."""
	today = getdate()
	begun = recusal.valid_from.isnull() | (recusal.valid_from <= today)
	return begun & (recusal.valid_to.isnull() | (recusal.valid_to >= today))


def _cases_for(citizens: Iterable[str]) -> list[str]:
	if not citizens:
		return []
	request = DocType("Service Request")
	theirs = request.citizen.isin(citizens) | request.representative.isin(citizens)
	query = frappe.qb.from_(request).select(request["case"]).distinct()
	named = query.where(theirs & request["case"].isnotnull()).run(pluck=True)
	return [*named, *parties.cases_for(citizens)]


def _same_people(citizens: set[str]) -> set[str]:
	"""All records of these people, whichever was merged into which."""
	return _with_those_below("Citizen", "merged_into", _with_those_above("Citizen", "merged_into", citizens))


def _people_of(cases: Iterable[str]) -> set[str]:
	request = DocType("Service Request")
	query = frappe.qb.from_(request).select(request.citizen, request.representative)
	return {name for row in query.where(request["case"].isin(cases)).run() for name in row if name}


def _with_those_above(doctype: str, link: str, names: set[str]) -> set[str]:
	found, last = set(names), names
	while last:
		record = DocType(doctype)
		above = frappe.qb.from_(record).select(record[link]).where(record.name.isin(last)).run(pluck=True)
		last = {name for name in above if name} - found
		found |= last
	return found


def _with_those_below(doctype: str, link: str, names: set[str]) -> set[str]:
	found, last = set(names), names
	while last:
		record = DocType(doctype)
		below = frappe.qb.from_(record).select(record.name).where(record[link].isin(last)).run(pluck=True)
		last = set(below) - found
		found |= last
	return found
