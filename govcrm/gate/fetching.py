"""Fields that fetch from cases and the like, which administrators can add to any form: what they fetch is a copy past the rule."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.gate import governed

ADMINISTRATOR = "Administrator"


def refuse_field(doc: Document, method: str | None = None) -> None:
	"""Doc event of Custom Field: one that fetches, and a link that others fetch through."""
	_refuse(doc.dt, {doc.fieldname: doc.as_dict()}, doc)


def refuse_property(doc: Document, method: str | None = None) -> None:
	"""Doc event of Property Setter: the same, of a field that is there."""
	if doc.property in ("fetch_from", "options") and doc.field_name:
		field = frappe.get_meta(doc.doc_type).get_field(doc.field_name)
		_refuse(
			doc.doc_type,
			{doc.field_name: {**(field.as_dict() if field else {}), doc.property: doc.value}},
			doc,
		)


def _refuse(doctype: str, changed: dict[str, Any], doc: Document) -> None:
	if frappe.session.user == ADMINISTRATOR or frappe.flags.in_install or frappe.flags.in_migrate:
		return
	fields = {field.fieldname: field for field in frappe.get_meta(doctype).fields} | changed
	for name, field in fields.items():
		link = fields.get((field.get("fetch_from") or "").partition(".")[0])
		if link and changed.keys() & {name, link.get("fieldname")} and (meant := _leads_to(link)):
			message = _(
				"Nothing is fetched from {0}: who opens this record may not be the one who may read that."
			)
			frappe.throw(message.format(_(meant)), frappe.PermissionError)


def _leads_to(link: Any) -> str | None:
	return governed.meant(link.get("options")) if link.get("fieldtype") == "Link" else None
