"""Holding rows, by name and in one order. Whoever holds a case holds its clocks and what follows from them."""

from collections.abc import Collection

import frappe

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
	return compat.claiming(query.where(table.name.isin(sorted(names))).orderby(table.name)).run(as_dict=True)
