"""What was opened to one person by name, and what they are kept from: both for a time, both before any role."""

from collections.abc import Iterable, Iterator, Set

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Max, Min
from frappe.utils import getdate, now_datetime

from govcrm.access import parties
from govcrm.access.stored import SHORT, Column, Stored, literal

SET_OF = {"Work": "may_work", "Read": "may_read", "Emergency": "emergencies"}
NONE = frozenset({None, ""})


def opened_to(user: str) -> dict[str, Set[str]]:
	"""The cases by the set of the rule's `Subject` that each belongs to. A grant ends by itself, by the clock."""
	grant = DocType("Case Access Grant")
	query = frappe.qb.from_(grant).where((grant.user == user) & grants_in_force(grant))
	rows = query.select(grant["case"], grant.kind, grant.opens).limit(SHORT + 1).run()
	if len(rows) > SHORT:
		return _opened_to_many(user, query, grant)
	found: dict[str, set[str]] = {name: set() for name in SET_OF.values()}
	for case, kind, opens in rows:
		found[_set_of(kind, opens)].add(case)
	return {name: frozenset(cases) for name, cases in found.items()}


def _opened_to_many(user: str, query, grant: DocType) -> dict[str, Set[str]]:
	"""The same, left in the database.

	The moments are the last at which one began and the first at which one will end, which give the same rows as the time
	of day: so the text of the query is the same until a grant begins or ends, and can be kept.
	"""
	found: dict[str, list[Column]] = {}
	rows = query.select(grant.kind, grant.opens, Max(grant.valid_from), Min(grant.valid_to))
	for kind, opens, begun, ends in rows.groupby(grant.kind, grant.opens).run():
		alike = _alike(grant, {"user": user, "status": "Granted", "kind": kind, "opens": opens})
		in_force = (grant.valid_from <= literal(str(begun))) & (grant.valid_to >= literal(str(ends)))
		column = Column("Case Access Grant", "case", alike & in_force)
		found.setdefault(_set_of(kind, opens), []).append(column)
	return {name: Stored(columns) for name, columns in found.items()}


def _alike(table: DocType, values: dict[str, str | None]) -> Criterion:
	return Criterion.all(
		table[field].isnull() if value is None else table[field] == literal(value)
		for field, value in values.items()
	)


def _set_of(kind: str, opens: str) -> str:
	return SET_OF["Emergency" if kind == "Emergency" else opens]


def grants_in_force(grant: DocType) -> Criterion:
	now = now_datetime()
	return (grant.status == "Granted") & (grant.valid_from <= now) & (grant.valid_to > now)


def closed_to(user: str) -> dict[str, Set[str]]:
	"""The cases and the people that the user is recused from today, with all that hangs on them.

	That is: cases that answer the people, parts of the cases, merged records.
	"""
	recusal = DocType("Recusal")
	mine = (recusal.user == literal(user)) & recusals_in_force(recusal)
	rows = (
		frappe.qb.from_(recusal).select(recusal["case"], recusal.citizen).where(mine).limit(SHORT + 1).run()
	)
	cases, columns = {case for case, _ in rows}, []
	citizens = {citizen for _, citizen in rows}
	if len(rows) > SHORT:
		cases, columns = set(), [Column("Recusal", "case", mine)]
		citizens = set(Column("Recusal", "citizen", mine).read())
	people = _same_people(citizens - NONE)
	named = (cases - NONE) | set(parties.cases_for(people))
	closed = _with_parts([*columns, *_requests_of(people)], named)
	return {"recused": closed, "recused_citizens": frozenset(people)}


def _requests_of(people: set[str]) -> Iterator[Column]:
	"""The cases that answer any of these people."""
	request, named = DocType("Service Request"), [literal(name) for name in sorted(people)]
	for field in ("citizen", "representative") if people else ():
		yield Column("Service Request", "case", request[field].isin(named))


def _with_parts(columns: list[Column], names: Iterable[str]) -> Set[str]:
	"""These cases and all below them. Columns with many cases stay in the database; parts are few, and read."""
	names, many = set(names), []
	for column in columns:
		found = column.read(SHORT + 1)
		many.extend([column] if len(found) > SHORT else [])
		names.update(found if len(found) <= SHORT else ())
	names.update(part for column in many for part in _parts_of(column))
	names = _with_those_below("Case", "parent_case", names)
	return Stored(many, names) if many else frozenset(names)


def _parts_of(column: Column) -> list[str]:
	case = DocType("Case")
	return frappe.qb.from_(case).select(case.name).where(case.parent_case.isin(column.query)).run(pluck=True)


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


def cases_of(citizen: str) -> list[str]:
	"""The cases that answer this person, sealed ones among them, under whichever of their records."""
	people = _same_people({citizen})
	named = {case for column in _requests_of(people) for case in column.read()}
	return sorted({*named, *parties.cases_for(people)} - NONE)


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
