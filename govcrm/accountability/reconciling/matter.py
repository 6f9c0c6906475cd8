"""What the log says of the records of one matter: by its events that the site still has, and by what older ones said."""

import json

import frappe

from govcrm.accountability.reconciling import log
from govcrm.accountability.reconciling.said import ROW, Key
from govcrm.domain.ledger.compare import Said

UNSEALED = 2**53  # beyond all numbers


def told_of(subject: str) -> dict[Key, Said]:
	"""The last words under this matter's key on each record that an event of it was about or covered.

	Without a hash: the record is gone, or nothing but a look at it was told. Names are those of the log.
	"""
	found = _absorbed(subject) if log.removed_to() else {}
	table, after = frappe.qb.DocType(log.EVENT), ""
	columns = (table.name, table.seq, table.header, table.reference_doctype, table.reference_name)
	query = frappe.qb.from_(table).select(*columns).where(table.subject == subject).orderby(table.name)
	while page := query.where(table.name > after).limit(log.PAGE).run():
		for _name, seq, header, doctype, name in page:
			_take(found, subject, int(seq) or UNSEALED, header, (doctype, name))
		after = page[-1][0]
	return found


def _take(found: dict[Key, Said], subject: str, seq: int, header: str, about: tuple) -> None:
	if all(about):
		found.setdefault(about, Said(None, subject, 0))
	for doctype, name, row_hash in _rows(header):
		if found.get((doctype, name), Said(None, subject, 0)).seq <= seq:
			found[doctype, name] = Said(row_hash, subject, seq)


def _rows(header: str) -> list[list]:
	"""One that cannot be read says nothing; the reconciliation tells of it."""
	try:
		return [[str(doctype), str(name), row_hash] for doctype, name, row_hash in json.loads(header)["rows"]]
	except (KeyError, TypeError, ValueError):
		return []


def _absorbed(subject: str) -> dict[Key, Said]:
	"""Of events that retention removed, the words on each record are kept."""
	table = frappe.qb.DocType(ROW)
	columns = (table.reference_doctype, table.reference_name, table.row_hash, table.seq)
	query = frappe.qb.from_(table).select(*columns).where(table.subject == subject)
	return {
		(doctype, name): Said(row_hash or None, subject, int(seq))
		for doctype, name, row_hash, seq in query.run()
	}
