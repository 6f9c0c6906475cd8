"""A record as it was hashed before its DocType got other fields.

Who adds a field with a default value changes every row of a table, and no row is saved: the hash that an event fixed is
that of the row without the field. So the fields by which rows were hashed are kept in the log, and a row can be read again as
it was then.
"""

from collections.abc import Mapping
from typing import NamedTuple

from govcrm.domain.ledger.rows import STANDARD, text

Row = Mapping[str, object]


class Shape(NamedTuple):
	"""Fieldtypes by field: of the record, and by table field of the rows in its tables."""

	fields: Mapping[str, str]
	tables: Mapping[str, Mapping[str, str]]


class Now(NamedTuple):
	"""The shape of today; `defaults` are what a new column says in rows that were there, by table field, "" for the record."""

	shape: Shape
	defaults: Mapping[str, Mapping[str, object]]


def differing(old: Shape, now: Shape) -> list[str]:
	"""Fields of the record that had another fieldtype, or are fields no more: their old values are not in a row of today."""
	return sorted(field for field, kind in old.fields.items() if now.fields.get(field) != kind)


def as_before(row: Row, old: Shape, now: Now, raw: Mapping[str, object]) -> dict | None:
	"""The canonical row of the older shape, from that of today and the `raw` values of fields that are `differing`.

	None where a field that came later is not as the new column had it: somebody has written it since.
	"""
	fields = _narrowed(row["fields"], {**STANDARD, **old.fields}, now, "")
	tables = {field: _rows(rows, old, now, field) for field, rows in row["tables"].items()}
	if fields is None or None in tables.values():
		return None
	for field in differing(old, now.shape):
		fields.pop(field, None)
		if (value := text(old.fields[field], raw.get(field))) is not None:
			fields[field] = value
	return {**row, "fields": fields, "tables": tables}


def _rows(rows: list[Row], old: Shape, now: Now, field: str) -> list[dict] | None:
	if field not in old.tables:
		return None
	found = [_narrowed(row, {"name": "", **old.tables[field]}, now, field) for row in rows]
	return None if None in found else found


def _narrowed(values: Row, known: Mapping[str, str], now: Now, where: str) -> dict | None:
	"""Without what came later, if that is as the new column had it."""
	expected = {field: value for field, value in now.defaults.get(where, {}).items() if field not in known}
	if {field: value for field, value in values.items() if field not in known} != expected:
		return None
	return {field: value for field, value in values.items() if field in known}
