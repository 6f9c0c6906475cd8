"""The rows that are there now: every record of the DocTypes that the trail covers, page by page in the order of names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import frappe

from govcrm import compat
from govcrm.accountability.reconciling import said
from govcrm.accountability.trail import governed, rows
from govcrm.accountability.trail.setvalue import is_covered
from govcrm.accountability.trail.subjects import is_personal
from govcrm.domain.ledger.compare import Said

PAGE = 2000
OF_PART = ("parent", "parenttype", "parentfield", "idx")  # by which rows in a record are found
Columns = Mapping[str, Collection[str]]  # of each table
MOST_DIGITS = 18  # of a number that names a record: what a column of 64 bits surely holds


class Column(NamedTuple):
	"""A column of the table of this DocType."""

	doctype: str
	name: str


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


def doctypes(there: Columns | None = None) -> list[str]:
	"""DocTypes whose records the trail covers and this site can read, in a fixed order.

	`there`: the `columns` of this site, from who asks more of them; they are read anew otherwise.
	"""
	there = there or columns()
	covered = sorted(governed.governed().covered)
	return [one for one in covered if has_tables(one, there) and not _lacking(one, there)]


def gone(there: Columns | None = None) -> dict[str, int]:
	"""Covered DocTypes that are not there, with the number of records that are by the word of the log.

	Their table, or one of rows in them, was dropped, or the DocType deleted. What this version of Frappe or this site never
	had is not among them: nothing was ever said of it.
	"""
	there = there or columns()
	missing = sorted(one for one in governed.governed().covered if not has_tables(one, there))
	counted = {doctype: said.count(doctype) for doctype in missing}
	return {doctype: rows for doctype, rows in counted.items() if rows}


def missing_columns(there: Columns | None = None) -> dict[Column, list[str]]:
	"""Columns that are not in tables that are there, each with the covered DocTypes whose records take it to be read."""
	there, found = there or columns(), {}
	for doctype in sorted(governed.governed().covered):
		if has_tables(doctype, there):
			for column in _lacking(doctype, there):
				found.setdefault(column, []).append(doctype)
	return found


def has_tables(doctype: str, there: Columns) -> bool:
	"""Whether the DocType and all of its tables are there."""
	if not governed.exists(doctype) or frappe.get_meta(doctype).get("is_virtual"):
		return False
	return all(f"tab{table}" in there for table in _wanted(doctype))


def _wanted(doctype: str) -> list[str]:
	"""Of which DocTypes a record takes tables to be read: its own, and those of rows in it."""
	own = [] if frappe.get_meta(doctype).issingle else [doctype]
	rows = sorted(set(governed.shape_of(doctype).tables.values()))
	return [*own, *(table for table in rows if not frappe.get_meta(table).get("is_virtual"))]


def _lacking(doctype: str, there: Columns) -> list[Column]:
	return [
		Column(table, column)
		for table in _wanted(doctype)
		for column in (*governed.shape_of(table).columns, *(OF_PART if table != doctype else ()))
		if column not in there[f"tab{table}"]
	]


def columns() -> Columns:
	"""Columns of each table of this site, as they are now."""
	return compat.columns_by_table()


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
