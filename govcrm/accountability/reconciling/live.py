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


@dataclass
class Page:
	"""All records of a DocType with names after `after` and up to `upto` (None: without a bound).

	`shown` gives the names under which the log speaks of them, where those are pseudonyms.
	"""

	doctype: str
	names: list[str]
	after: str | None = None
	upto: str | None = None
	shown: dict[str, str] | None = None

	def said(self) -> dict[str, Said]:
		"""What the log says of this range, by the names of the log."""
		return said.between(self.doctype, self.after, self.upto)

	def live(self) -> Iterator[tuple[str, Any]]:
		"""(name in the log, canonical row) of each record that is covered: a satellite may have been let go meanwhile."""
		for name, row in rows.stored(self.doctype, self.names):
			if is_covered(self.doctype, row):
				yield self.name_in_log(name), row

	def name_in_log(self, name: str) -> str:
		"""Who never acted and was never spoken of has no pseudonym: nothing was said of them."""
		return name if self.shown is None else self.shown.get(name, name)


def doctypes() -> list[str]:
	"""DocTypes whose records the trail covers and this site has, in a fixed order."""
	return [doctype for doctype in sorted(governed.governed().covered) if has_table(doctype)]


def has_table(doctype: str) -> bool:
	if not governed.exists(doctype) or frappe.get_meta(doctype).get("is_virtual"):
		return False
	return bool(frappe.get_meta(doctype).issingle) or frappe.db.table_exists(doctype)


def pages(doctype: str, after: str | None = None) -> Iterator[Page]:
	"""All records, in pages that leave no name between them. Each is read by a query of its own.

	With `after` only those with later names, where that saves reading.
	"""
	if frappe.get_meta(doctype).issingle:
		yield Page(doctype, [doctype])
	elif is_personal(doctype):
		yield Page(doctype, _names(doctype, None, None), shown=pseudonyms())
	else:
		yield from _ranges(doctype, after)


def _ranges(doctype: str, after: str | None) -> Iterator[Page]:
	full = True
	while full:
		names = _names(doctype, after, PAGE)
		full = len(names) == PAGE
		yield Page(doctype, names, after, names[-1] if full else None)
		after = names[-1] if names else None


def _names(doctype: str, after: str | None, limit: int | None) -> list[str]:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).orderby(table.name)
	if after is not None:
		query = query.where(table.name > after)
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


def pseudonyms() -> dict[str, str]:
	"""The pseudonym of each user who has one."""
	table = frappe.qb.DocType("Audit Actor")
	return dict(frappe.qb.from_(table).select(table.user, table.name).run())
