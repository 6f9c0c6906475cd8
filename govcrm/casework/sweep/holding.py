"""Holding rows, by name and in one order. Whoever holds a case holds its clocks and what follows from them."""

from collections.abc import Collection

import frappe
from pypika.terms import LiteralValue

from govcrm import compat


def hold(doctype: str, fields: tuple[str, ...], names: Collection[str]) -> list[frappe._dict]:
	"""These fields of the rows that nobody else holds, as they are now, held until the transaction ends.

	By name, so that nothing is locked but these rows; in one order, so that nobody waits in a circle. On SQLite
	`compat.start_writing` comes before.
	"""
	if not names:
		return []
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(*(table[field] for field in fields))
	return compat.claiming(query.where(table.name.isin(among(names))).orderby(table.name)).run(as_dict=True)


def among(names: Collection[str]) -> LiteralValue:
	"""The names as they stand after IN. To write and read a thousand parameters takes longer than the query."""
	return LiteralValue(f"({','.join(map(literal, sorted(names)))})")


def literal(value: object) -> str:
	"""Escaped by the database's own rule. For names and times: what holds a percent sign could be taken for a parameter."""
	return frappe.db.escape(str(value), percent=False)
