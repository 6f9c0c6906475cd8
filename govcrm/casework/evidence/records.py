"""The record of each file of a sealed case: what it is called and what it is, closed under the key of the case.

What is said of a file: `file_name`, `kind`, `size` in bytes, `sha256`, `note`, `by`, `at`, `place` (DocType and name of the record that
it belongs to) and, of one that was a File, the values of that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Max

from govcrm.casework.evidence import blobs
from govcrm.casework.sealed import keyed
from govcrm.domain.ledger.secret import Told
from govcrm.domain.sealed_stream import Changed

DOCTYPE = "Sealed Evidence"
FIELDS = (*keyed.FIELDS, "number")

Words = dict[str, Any]


def hold(case: str) -> str | None:
	"""The level of the case, which nobody changes before this transaction ends."""
	return frappe.db.get_value("Case", case, "confidentiality", for_update=True)


def make(case: str, said: Words, pieces: Iterable[bytes] | None) -> str:
	"""Keep a file; None for one without content of its own. `hold` must have been called. Gives the name of the record."""
	doc = frappe.new_doc(DOCTYPE, case=case, number=_next_number(case))
	doc.name = frappe.generate_hash(length=20)
	keyed.close(doc, "")  # its key is there from here on
	if pieces is not None:
		counted = _Counted(pieces)
		blobs.write(doc.name, keyed.key_of(doc), counted, keyed.about(DOCTYPE, doc))
		said = {**said, "size": counted.size, "sha256": counted.sha256.hexdigest()}
	keyed.close(doc, json.dumps(said, default=str, ensure_ascii=False, sort_keys=True))
	doc.flags.by_act = True
	doc.insert(ignore_permissions=True, set_name=doc.name)  # the act was checked; see `drop`
	return doc.name


def row_of(name: str) -> frappe._dict | None:
	return frappe.db.get_value(DOCTYPE, name, FIELDS, as_dict=True)


def rows_of(case: str) -> list[frappe._dict]:
	return frappe.get_all(DOCTYPE, {"case": case}, FIELDS, order_by="number, creation")


def said_of(row: frappe._dict) -> Words:
	"""Raises keyed.Unreadable and keyed.Destroyed. Asks for no right."""
	return Told(json.loads(keyed.text_of(DOCTYPE, row)))


def content_of(row: frappe._dict) -> Iterator[bytes]:
	"""Chunk by chunk. Raises keyed.Unreadable, before any is given, and keyed.Destroyed. Asks for no right."""
	try:
		return blobs.read(row.name, keyed.key_of(row), keyed.about(DOCTYPE, row))
	except Changed:
		message = _(
			"File {0} of {1} was changed behind the application and cannot be read. Tell an administrator."
		)
	except OSError:
		message = _(
			"The content of file {0} of {1} is not where it was kept. An administrator can put it back from a backup."
		)
	return frappe.throw(message.format(row.number, row.case), keyed.Unreadable)


def drop(row: frappe._dict) -> None:
	"""The record now, the content when the transaction is kept."""
	doc = frappe.get_doc(DOCTYPE, row.name)
	doc.flags.by_act = True
	doc.delete(ignore_permissions=True, delete_permanently=True)  # the act was checked; nobody has a right
	blobs.remove([row.name])


def _next_number(case: str) -> int:
	table = frappe.qb.DocType(DOCTYPE)
	highest = frappe.qb.from_(table).select(Max(table.number)).where(table["case"] == case).run(pluck=True)
	return (highest[0] or 0) + 1


class _Counted:
	"""Pieces that pass by, their length and fingerprint."""

	def __init__(self, pieces: Iterable[bytes]) -> None:
		self.pieces, self.size, self.sha256 = pieces, 0, hashlib.sha256()

	def __iter__(self) -> Iterator[bytes]:
		for piece in self.pieces:
			self.size += len(piece)
			self.sha256.update(piece)
			yield piece
