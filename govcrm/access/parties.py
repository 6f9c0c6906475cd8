"""Whose case it is, kept so that nobody reads it and who is recused from somebody stays recused.

The links from requests to citizens are content and leave the records. What remains is a keyed hash of each citizen: the
access rule finds a case by a citizen that it knows, and nobody finds a citizen by the case.
"""

from collections.abc import Callable, Iterable

import frappe
from frappe.query_builder import Criterion, DocType

from govcrm.constituents.secrecy import keyed_hash

LENGTH = 24  # digits: 96 bits
FIELDS = {"Service Request": ("citizen", "representative")}  # those that `govcrm.access.exceptions` looks at


def digests_in(said: dict) -> str | None:
	"""The keyed hashes of the citizens in what a case says, parted by spaces."""
	found = {
		words[field]
		for doctype, fields in FIELDS.items()
		for words in said.get(doctype, {}).values()
		for field in fields
		if words.get(field)
	}
	return " ".join(sorted(map(digest, found))) or None


def digest(citizen: str) -> str:
	return keyed_hash("sealed party", citizen)[:LENGTH]


def cases_for(citizens: Iterable[str]) -> list[str]:
	"""The sealed cases that answer any of these citizens."""
	citizens = list(citizens)
	if not citizens:
		return []
	matter = DocType("Sealed Matter")
	named = Criterion.any(matter.parties.like(f"%{digest(citizen)}%") for citizen in citizens)
	return frappe.qb.from_(matter).select(matter["case"]).where(named).run(pluck=True)


def people_of(cases: Iterable[str], candidates: Callable[[], Iterable[str]]) -> set[str]:
	"""Of the candidates, those whom any of the cases answers. They are asked for only where a case is sealed."""
	matter = DocType("Sealed Matter")
	query = frappe.qb.from_(matter).select(matter.parties).where(matter["case"].isin(list(cases)))
	digests = {each for parties in query.run(pluck=True) for each in (parties or "").split()}
	return {citizen for citizen in candidates() if digest(citizen) in digests} if digests else set()
