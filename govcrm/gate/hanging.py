"""Rows that hang on closed records, named to a method that nobody has read: it may load a mail or a file and ask for no right.

Such a method often names no DocType; of the arguments, whatever could be the name of a row is looked for in all tables of
satellites.
"""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import mul

import frappe
from frappe import _
from frappe.query_builder import DocType
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from govcrm import permissions
from govcrm.access.satellites.references import satellites
from govcrm.gate.existence import not_there

AT_ONCE = 500
AT_MOST = 20_000  # names that are looked for, as of the rows of a long document; whoever sends more is asked to send less
_GIVEN = re.compile(r"[0-9a-z]{8,20}")  # as Frappe names what it gives random names


def objection(texts: Iterable[str]) -> str | None:
	"""Why the method is not asked about these rows, in words for the caller."""
	names = {text for text in texts if _GIVEN.fullmatch(text)}
	if len(names) > AT_MOST:
		return _("This names more records than can be asked about at once.")
	if doctype := names and next(_closed(sorted(names)), None):
		return not_there(doctype)
	return None


def _closed(names: list[str]) -> Iterator[str]:
	"""DocTypes of those of the rows that the rule closes to the user."""
	if tables := _tables():
		for start in range(0, len(names), AT_ONCE):
			yield from _closed_in(tables, names[start : start + AT_ONCE])


def _closed_in(tables: list[str], names: list[str]) -> Iterator[str]:
	for name, doctype in reduce(mul, (_rows(table, names) for table in tables)).run():
		if permissions.has_satellite_permission(frappe._dict(doctype=doctype, name=name)) is False:
			yield doctype


def _tables() -> list[str]:
	"""Apps and versions differ in what they have. Numbers are nobody's names here."""
	filters = {"name": ("in", list(satellites())), "autoname": ("!=", "autoincrement")}
	return frappe.get_all("DocType", filters, pluck="name")


def _rows(doctype: str, names: list[str]) -> QueryBuilder:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.name, ValueWrapper(doctype).as_("doctype"))
	query.wrap_set_operation_queries = False  # SQLite takes no parentheses there
	return query.where(table.name.isin(names))
