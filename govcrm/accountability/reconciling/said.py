"""What the log last said of each record, derived from its sealed events: the table Audit Row."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import now
from pypika.functions import Length

from govcrm.casework.importing.writer import insert_many
from govcrm.domain.ledger.compare import Said

ROW = "Audit Row"
COLUMNS = (
	"name",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"reference_doctype",
	"reference_name",
	"row_hash",
	"subject",
	"seq",
)
NAMES_AT_ONCE = 1000  # in one statement: SQLite takes some thousand values, older ones fewer
Key = tuple[str, str]


def key_of(doctype: str, name: str) -> str:
	"""The name of the row: an upsert by it needs no constraint that databases spell differently."""
	return hashlib.sha256(f"{doctype}\0{name}".encode()).hexdigest()[:32]


def write(said: Mapping[Key, Said]) -> None:
	"""Put what was said last in the place of what was said before."""
	stamp = now()
	rows = [
		(
			key_of(*key),
			"Administrator",
			stamp,
			stamp,
			"Administrator",
			*key,
			one.row_hash,
			one.subject,
			one.seq,
		)
		for key, one in said.items()
	]
	table = frappe.qb.DocType(ROW)
	for names in batches(row[0] for row in rows):
		frappe.qb.from_(table).delete().where(table.name.isin(names)).run()
	insert_many(ROW, COLUMNS, sorted(rows))


def forget_some(limit: int) -> int:
	"""Delete some rows, to build them anew. Gives how many were there to delete, 0 when none are left."""
	names = frappe.get_all(ROW, pluck="name", limit=limit, order_by="name")
	table = frappe.qb.DocType(ROW)
	for part in batches(names):
		frappe.qb.from_(table).delete().where(table.name.isin(part)).run()
	return len(names)


def between(doctype: str, after: str | None, upto: str | None, digits: int | None = None) -> dict[str, Said]:
	"""What was said of the records of a DocType with names after and up to these, in the order of the database.

	With `digits`, only of those whose names have so many characters.
	"""
	table = frappe.qb.DocType(ROW)
	query = _said(table, doctype)
	if digits is not None:
		query = query.where(Length(table.reference_name) == digits)
	if after is not None:
		query = query.where(table.reference_name > after)
	if upto is not None:
		query = query.where(table.reference_name <= upto)
	return _read(query)


def of(doctype: str, names: Iterable[str]) -> dict[str, Said]:
	"""What was said of these records."""
	table, found = frappe.qb.DocType(ROW), {}
	for part in batches(names):
		keys = [key_of(doctype, name) for name in part]
		found.update(_read(_said(table, doctype).where(table.name.isin(keys))))
	return found


def doctypes() -> list[str]:
	"""DocTypes that the log speaks of."""
	table = frappe.qb.DocType(ROW)
	return frappe.qb.from_(table).select(table.reference_doctype).distinct().run(pluck=True)


def count(doctype: str) -> int:
	"""How many records of it there are by the word of the log."""
	table = frappe.qb.DocType(ROW)
	query = frappe.qb.from_(table).select(Count("*")).where(table.reference_doctype == doctype)
	return int(query.where(table.row_hash.isnotnull() & (table.row_hash != "")).run()[0][0])


def names(doctype: str) -> Iterator[str]:
	"""The names in the log of these records. Each page is a query of its own."""
	table, after = frappe.qb.DocType(ROW), ""
	query = frappe.qb.from_(table).select(table.reference_name).where(table.reference_doctype == doctype)
	query = query.where(table.row_hash.isnotnull() & (table.row_hash != "")).orderby(table.reference_name)
	while page := query.where(table.reference_name > after).limit(NAMES_AT_ONCE).run(pluck=True):
		yield from page
		after = page[-1]


def batches(values: Iterable, size: int = NAMES_AT_ONCE) -> Iterator[list]:
	values = iter(values)
	while part := list(islice(values, size)):
		yield part


def _said(table, doctype: str):
	columns = (table.reference_name, table.row_hash, table.subject, table.seq)
	return frappe.qb.from_(table).select(*columns).where(table.reference_doctype == doctype)


def _read(query) -> dict[str, Said]:
	return {name: Said(row_hash or None, subject, int(seq)) for name, row_hash, subject, seq in query.run()}
