"""Files in fields of other records: naming an address there is a way to get at the content."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.model.meta import Meta

from govcrm.files import addresses, hanging

TYPES = ("Attach", "Attach Image")


def check(doc: Document, method: str | None = None) -> None:
	"""Doc event of all: before Frappe makes Files of what stands in these fields, or hangs Files that are there on the record."""
	for field in _fields(doc.meta):
		address = doc.get(field)
		if isinstance(address, str) and addresses.is_local(address) and _is_new_there(doc, field):
			doc.set(field, _settled(doc, field, address))


def _fields(meta: Meta) -> Iterable[str]:
	return [field.fieldname for field in meta.fields if field.fieldtype in TYPES]


def _is_new_there(doc: Document, field: str) -> bool:
	before = doc.get_doc_before_save()
	return not before or before.get(field) != doc.get(field)


def _settled(doc: Document, field: str, address: str) -> str:
	"""The address to keep: the one given, or that of a copy where a scoped record is the old or the new place."""
	plain = addresses.plain(address)
	rows = addresses.rows_at(plain)
	if any(_is_here(row, doc) for row in rows):
		return address
	addresses.require_readable(plain, rows)
	if rows and (hanging.is_scoped(doc.doctype) or any(map(hanging.place_of, rows))):
		return _copied(doc, field, plain)
	return address


def _is_here(row: dict, doc: Document) -> bool:
	"""Hung on it already, or when it had no name yet, which Frappe mends after the insert."""
	names = (doc.name, doc.get("__temporary_name"))
	return row.attached_to_doctype == doc.doctype and row.attached_to_name and row.attached_to_name in names


def _copied(doc: Document, field: str, address: str) -> str:
	place = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "attached_to_field": field}
	file = frappe.get_doc({"doctype": "File", "file_url": address, **(place if doc.name else {})})
	file.flags.ignore_permissions = True  # who may save the record may hang on it what they can read
	return file.insert().file_url
