"""What the history of a governed record tells.

Frappe writes into a Version what was in a field before and after, and shows it to whoever may read the record, whatever
the level of the field. Here the fields above level 0 stay in the history without what stood in them.
"""

import json
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.model.meta import Meta

from govcrm.domain.access.facts import SEALED

WITHHELD = "•••"


def withhold(doc: Document, method: str | None = None) -> None:
	"""Doc event of Version, before insert: who changed which fenced field and when remains, the values do not."""
	if doc.ref_doctype not in frappe.get_hooks("govcrm_scoped_doctypes"):
		return
	doc.data = masked(doc.ref_doctype, doc.data, everything=is_of_sealed(doc.ref_doctype, doc.docname))


def masked(doctype: str, written: str | None, everything: bool = True) -> str:
	"""The data of a Version of a record of this DocType without what stood in its fenced fields, or in any."""
	data, meta = json.loads(written or "{}"), frappe.get_meta(doctype)
	data.update(
		changed=_changes(meta, data.get("changed"), everything),
		added=[_row(meta, *entry, everything) for entry in data.get("added") or ()],
		removed=[_row(meta, *entry, everything) for entry in data.get("removed") or ()],
		row_changed=[_row_change(meta, *entry, everything) for entry in data.get("row_changed") or ()],
	)
	return frappe.as_json(data, indent=None, separators=(",", ":"))


def is_of_sealed(doctype: str, name: str) -> bool:
	"""Whether the record is a sealed case, or belongs to one. What it was before is nobody's to read either."""
	if doctype != "Case" and not frappe.get_meta(doctype).has_field("case"):
		return False
	case = name if doctype == "Case" else frappe.db.get_value(doctype, name, "case")
	return bool(case) and frappe.db.get_value("Case", case, "confidentiality") == SEALED


def _changes(meta: Meta, changes: list | None, fenced: bool = False) -> list[list]:
	"""[field, before, after], as Frappe has them. An empty value is told as such: it says that there was none."""
	return [
		[name, *(_masked(value) if fenced or _is_fenced(meta, name) else value for value in values)]
		for name, *values in changes or ()
	]


def _row(meta: Meta, table: str, row: dict[str, Any], fenced: bool = False) -> list:
	rows, fenced = frappe.get_meta(meta.get_field(table).options), fenced or _is_fenced(meta, table)
	kept = {
		name: _masked(value) if rows.has_field(name) and (fenced or _is_fenced(rows, name)) else value
		for name, value in row.items()
	}
	return [table, kept]


def _row_change(meta: Meta, table: str, index: int, name: str, changes: list, fenced: bool = False) -> list:
	rows = frappe.get_meta(meta.get_field(table).options)
	return [table, index, name, _changes(rows, changes, fenced or _is_fenced(meta, table))]


def _is_fenced(meta: Meta, fieldname: str) -> bool:
	field = meta.get_field(fieldname)
	return bool(field and field.permlevel)


def _masked(value: Any) -> Any:
	return WITHHELD if value not in (None, "") else value
