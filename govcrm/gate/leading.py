"""What DocTypes a stored record leads to: an alert is about one, and whoever runs the alert's method names it nowhere."""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.meta import Meta

# Fields that hold the name of a DocType without being links to it.
ALSO = frozenset(
	{"doc_type", "document_type", "ref_doctype", "reference_doctype", "reference_type", "webhook_doctype"}
)
FRAPPE = "frappe."
# The Desk asks these when a form is opened, which other apps have people do: judged by what the record leads to.
OF_OPEN_FORMS = frozenset(
	f"frappe.automation.doctype.auto_repeat.auto_repeat.AutoRepeat.{name}"
	for name in ("fetch_linked_contacts", "get_auto_repeat_schedule")
)


def doctypes(doctype: str, name: Any) -> Iterator[str]:
	"""Of a record and its rows; nothing of one that is not stored, which the request holds itself."""
	if not isinstance(name, str | int) or not _is_stored(doctype, str(name)):
		return
	record = frappe.get_doc(doctype, str(name))
	for holder in (record, *record.get_all_children()):
		yield from _named_by(holder)


def _is_stored(doctype: str, name: str) -> bool:
	return not frappe.get_meta(doctype).is_virtual and bool(frappe.db.exists(doctype, name))


def is_closed(method: str) -> bool:
	"""Frappe's own, of which one was read and asks too little, or nobody has read it."""
	return method.startswith(FRAPPE) and method not in OF_OPEN_FORMS


def _named_by(holder: Document) -> Iterator[str]:
	for field in _fields(holder.meta):
		if (value := holder.get(field)) and isinstance(value, str):
			yield value


def _fields(meta: Meta) -> set[str]:
	links = {field.fieldname for field in meta.get_link_fields() if field.options == "DocType"}
	return (
		links
		| {field.options for field in meta.get_dynamic_link_fields()}
		| {field.fieldname for field in meta.fields if field.fieldname in ALSO}
	)
