"""The rows that are there now: every record of the DocTypes that the trail covers, page by page in the order of names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import frappe

from govcrm.accountability.reconciling import said
from govcrm.accountability.trail import governed, rows
from govcrm.accountability.trail.setvalue import is_covered
from govcrm.accountability.trail.subjects import is_personal
from govcrm.domain.ledger.compare import Said

PAGE = 2000
MOST_DIGITS = 18  # of a number that names a record: what a column of 64 bits surely holds


@dataclass
class Page:
	"""All records of a DocType with names after `after` and up to `upto` (None: without a bound).

	`shown` gives the names under which the log speaks of them, where those are pseudonyms. With `digits`, names are numbers,
	and only those with so many digits count.
	"""

	doctype: str
	names: list[str]
	after: str | None = None
	upto: str | None = None
	shown: dict[str, str] | None = None
	digits: int | None = None

	def said(self) -> dict[str, Said]:
		"""What the log says of this range, by the names of the log."""
		return said.between(self.doctype, self.after, self.upto, self.digits)

	def live(self) -> Iterator[tuple[str, Any]]:
		"""(name in the log, canonical row) of each record that is covered: a satellite may have been let go meanwhile."""
		for name, row in rows.stored(self.doctype, self.names):
			if is_covered(self.doctype, row):
				yield self.name_in_log(name), row

	def name_in_log(self, name: str) -> str:
		"""Who never acted and was never spoken of has no pseudonym: nothing was said of them."""
		return name if self.shown is None else self.shown.get(name, name)


def doctypes() -> list[str]:
	"""DocTypes whose records the trail covers and this site can read, in a fixed order."""
	tables = _tables()
	return [doctype for doctype in sorted(governed.governed().covered) if is_readable(doctype, tables)]


def gone() -> dict[str, int]:
	"""Covered DocTypes that cannot be read, with the number of records that are there by the word of the log.

	Their table, or one of rows in them, was dropped, or the DocType deleted. What this version of Frappe or this site never
	had is not among them: nothing was ever said of it.
	"""
	unreadable = governed.governed().covered.difference(doctypes())
	counted = {doctype: said.count(doctype) for doctype in sorted(unreadable)}
	return {doctype: rows for doctype, rows in counted.items() if rows}


def is_readable(doctype: str, tables: frozenset[str]) -> bool:
	"""Whether it has all of its tables, of `tables`."""
	if not governed.exists(doctype) or frappe.get_meta(doctype).get("is_virtual"):
		return False
	wanted = set() if frappe.get_meta(doctype).issingle else {doctype}
	rows = governed.shape_of(doctype).tables.values()
	wanted.update(table for table in rows if not frappe.get_meta(table).get("is_virtual"))
	return all(f"tab{table}" in tables for table in wanted)


def _tables() -> frozenset[str]:
	"""As the database says: what is kept of it elsewhere does not know of a table that was dropped by hand."""
	return frozenset(frappe.db.get_tables(cached=False))


def pages(doctype: str, after: str | None = None) -> Iterator[Page]:
	"""All records, in pages that leave no name between them. Each is read by a query of its own.

	With `after` only those with later names, where that saves reading.
	"""
	if frappe.get_meta(doctype).issingle:
		yield Page(doctype, [doctype])
	elif is_personal(doctype):
		yield Page(doctype, _names(doctype, None, None), shown=shown(doctype))
	elif frappe.get_meta(doctype).autoname == "autoincrement":
		yield from _ranges_of_numbers(doctype, int(after or 0))
	else:
		yield from _ranges(doctype, after)


def _ranges(doctype: str, after: str | None) -> Iterator[Page]:
	full = True
	while full:
		names = _names(doctype, after, PAGE)
		full = len(names) == PAGE
		yield Page(doctype, names, after, names[-1] if full else None)
		after = names[-1] if names else None


def _ranges_of_numbers(doctype: str, after: int) -> Iterator[Page]:
	"""The column is a number here and a text in the log, and 10 stands before 9 there.

	Among numbers of as many digits both orders are one; so no page goes beyond these.
	"""
	for digits in range(len(str(after + 1)), MOST_DIGITS + 1):
		least, full = 10 ** (digits - 1) - 1, True
		while full:
			begin = max(after, least)
			names = _names(doctype, begin, PAGE, 10**digits)
			full = len(names) == PAGE
			lower = str(begin) if begin > least else None
			yield Page(doctype, names, lower, names[-1] if full else None, digits=digits)
			after = int(names[-1]) if names else after


def _names(doctype: str, after: str | int | None, limit: int | None, before: int | None = None) -> list[str]:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).orderby(table.name)
	if after is not None:
		query = query.where(table.name > after)
	if before is not None:
		query = query.where(table.name < before)
	if limit:
		query = query.limit(limit)
	return [str(name) for name in _covered(doctype, table, query).run(pluck=True)]


def _covered(doctype: str, table, query):
	"""A satellite counts where it hangs on a record that counts."""
	rules = governed.governed()
	if doctype in rules.doctypes:
		return query
	type_field, name_field = rules.satellites[doctype]
	query = query.where(table[type_field].isin(sorted(rules.doctypes)))
	return query.where(table[name_field].isnotnull() & (table[name_field] != ""))


def count(doctype: str) -> int:
	"""How many records of it the trail covers."""
	if frappe.get_meta(doctype).issingle:
		return 1
	table = frappe.qb.DocType(doctype)
	counted = frappe.qb.from_(table).select(frappe.query_builder.functions.Count("*"))
	return _covered(doctype, table, counted).run()[0][0]


def shown(doctype: str) -> dict[str, str] | None:
	"""The names under which the log speaks of its records, by their own; None where these are the same."""
	return pseudonyms() if is_personal(doctype) else None


def pseudonyms() -> dict[str, str]:
	"""The pseudonym of each user who has one."""
	table = frappe.qb.DocType("Audit Actor")
	return dict(frappe.qb.from_(table).select(table.user, table.name).run())
