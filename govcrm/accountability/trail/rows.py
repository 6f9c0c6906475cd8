"""Canonical rows of records: of a document in memory, and of what the database holds.

Both give the same row for the same record (`govcrm.domain.ledger.rows`); tests hold it for every governed DocType.
"""

from collections.abc import Iterable, Iterator

import frappe
from frappe.model.document import Document

from govcrm import compat
from govcrm.accountability.trail.governed import Shape, shape_of
from govcrm.domain.ledger.rows import canonical_row

AT_ONCE = 500  # records in one query


def of(doc: Document) -> dict:
	"""The canonical row of a document as it stands in memory, with the rows of its tables in their order."""
	shape, values = shape_of(doc.doctype), doc.__dict__
	tables = {
		field: (shape_of(table).kinds, [row.__dict__ for row in values.get(field) or ()])
		for field, table in shape.tables.items()
	}
	return canonical_row(doc.doctype, doc.name, shape.kinds, _own(shape, values), tables)


def stored(doctype: str, names: Iterable[str], held: bool = False) -> Iterator[tuple[str, dict]]:
	"""(name, canonical row) of the records that the database holds under these names; for a single, its own name.

	Reads in bulk: one query for each 500 records, and one for each table of theirs. `held` keeps the records from others
	until the transaction ends, and reads what these committed since it began, of the records and then of their tables.
	"""
	names = list(names)
	if shape_of(doctype).single:
		yield doctype, _stored_single(doctype, held)
		return
	for start in range(0, len(names), AT_ONCE):
		yield from _stored(doctype, names[start : start + AT_ONCE], held)


def hold(doctype: str, names: Iterable[str]) -> None:
	"""Keep records from others until the transaction ends. Whoever touches rows of their tables does this before, as a save does."""
	if shape_of(doctype).single:
		_values_of_single(doctype, held=True)
		return
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name.isin(list(names)))
	compat.up_to_date(query).run()


def one(doctype: str, name: str) -> dict | None:
	"""The canonical row of one stored record, None when there is none."""
	return next((row for _name, row in stored(doctype, [name])), None)


def _stored(doctype: str, names: list[str], held: bool) -> Iterator[tuple[str, dict]]:
	shape = shape_of(doctype)
	table = frappe.qb.DocType(doctype)
	found = frappe.qb.from_(table).select(*[table[column] for column in shape.columns])
	found = found.where(table.name.isin(names))
	records = (compat.up_to_date(found) if held else found).run(as_dict=True)
	children = {field: _children(doctype, field, rows, names, held) for field, rows in shape.tables.items()}
	for record in records:
		tables = {
			field: (shape_of(rows).kinds, children[field].get(str(record.name), ()))
			for field, rows in shape.tables.items()
		}
		yield str(record.name), canonical_row(doctype, record.name, shape.kinds, record, tables)


def _children(doctype: str, field: str, rows: str, names: list[str], held: bool) -> dict[str, list[dict]]:
	"""The rows of one table of many records, by record and in their order."""
	table, shape = frappe.qb.DocType(rows), shape_of(rows)
	query = frappe.qb.from_(table).select(*[table[column] for column in (*shape.columns, "parent")])
	query = query.where(
		(table.parenttype == doctype) & (table.parentfield == field) & table.parent.isin(names)
	)
	query = query.orderby(table.parent).orderby(table.idx)
	found: dict[str, list[dict]] = {}
	for row in (compat.up_to_date(query) if held else query).run(as_dict=True):
		found.setdefault(str(row.parent), []).append(row)
	return found


def _stored_single(doctype: str, held: bool) -> dict:
	shape = shape_of(doctype)
	values = _values_of_single(doctype, held)
	tables = {
		field: (shape_of(rows).kinds, _children(doctype, field, rows, [doctype], held).get(doctype, ()))
		for field, rows in shape.tables.items()
	}
	return canonical_row(doctype, doctype, shape.kinds, _own(shape, values), tables)


def _values_of_single(doctype: str, held: bool) -> dict:
	return frappe.db.get_singles_dict(doctype, for_update=held and frappe.db.db_type != "sqlite")


def _own(shape: Shape, values: dict) -> dict:
	"""A single keeps no owner and no time of its making that would outlast the next save."""
	return values if not shape.single else {field: values.get(field) for field in shape.kinds}
