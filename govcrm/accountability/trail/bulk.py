"""Rows of records that are written in bulk, without documents: from the values at hand, many of the same kind at a time."""

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import frappe
from frappe.model.meta import Meta

from govcrm.accountability.trail.governed import shape_of
from govcrm.domain.ledger.bulk import RowWriter

Covered = tuple[str, str, bytes]

_writers: WeakKeyDictionary[Meta, RowWriter] = WeakKeyDictionary()


def covered(doctype: str, rows: Iterable[Mapping[str, Any]]) -> list[Covered]:
	"""What an `Entry` covers: (doctype, name, canonical row). A DocType without tables; what a row does not hold is empty."""
	rows = list(rows)
	written = writer_of(doctype).dumps_many(rows)
	return [(doctype, str(row["name"]), one) for row, one in zip(rows, written, strict=True)]


def writer_of(doctype: str) -> RowWriter:
	"""Kept as long as the Meta is: Frappe makes a new one when a field changes."""
	meta = frappe.get_meta(doctype)
	found = _writers.get(meta)
	if found is None:
		found = _writers[meta] = RowWriter(doctype, shape_of(doctype).kinds)
	return found
