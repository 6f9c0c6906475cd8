"""Replies to what was done. Frappe sends the whole record back, with fields of levels that the user may not read."""

import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model.meta import Meta
from werkzeug.wrappers import Request, Response

from govcrm.gate import governed

UNREADABLE = 500


def withhold(response: Response | None = None, request: Request | None = None) -> None:
	"""Hook `after_request`: what the user may not read is taken out. For whoever may read all, no reply is read.

	Of every verb: by GET too methods of documents are run, and workflows applied, before what they wrote is rolled back.
	"""
	if response is None or request is None or not response.is_json:
		return
	if frappe.session.user == "Administrator":
		return
	try:
		_withhold(response)
	except Exception:
		frappe.logger("govcrm.gate").error("withheld: %s cannot be read", request.path, exc_info=True)
		_empty(response)


def _empty(response: Response) -> None:
	"""What cannot be read is not sent: who asked learns that it was done, or not, by looking."""
	said = _("The reply cannot be checked, and so is not sent. What you asked for may have been done.")
	response.status_code = UNREADABLE
	response.set_data(json.dumps({"exc_type": "ValidationError", "_server_messages": _message(said)}))


def _message(said: str) -> str:
	return json.dumps([json.dumps({"message": said, "indicator": "red"})])


def _withhold(response: Response) -> None:
	text = response.get_data()
	told = [doctype for doctype in governed.scoped() if f'"{doctype}"'.encode() in text]
	hidden = {doctype: found for doctype in told if (found := _hidden(doctype))}
	if hidden:
		response.set_data(json.dumps(_without(json.loads(text), hidden), separators=(",", ":")))


def _hidden(doctype: str) -> frozenset[tuple[str | None, str]]:
	"""(DocType of the table or None, field) that the user may not read of records of this DocType."""
	meta = frappe.get_meta(doctype)
	if meta.istable:
		return frozenset()
	tables = {field.options: frappe.get_meta(field.options) for field in meta.get_table_fields()}
	own = {(None, name) for name in _above(meta, meta.get_permlevel_access("read"))}
	rows = {
		(table, name)
		for table, inner in tables.items()
		for name in _above(inner, inner.get_permlevel_access("read", parenttype=doctype))
	}
	return frozenset(own | rows)


def _above(meta: Meta, levels: list[int]) -> list[str]:
	return [field.fieldname for field in meta.fields if field.permlevel and field.permlevel not in levels]


def _without(value: Any, hidden: Mapping[str, frozenset]) -> Any:
	if isinstance(value, list):
		return [_without(inner, hidden) for inner in value]
	if not isinstance(value, dict):
		return value
	left_out = _left_out(value, hidden)
	return {name: _without(inner, hidden) for name, inner in value.items() if name not in left_out}


def _left_out(value: Mapping[str, Any], hidden: Mapping[str, frozenset]) -> set[str]:
	"""The fields to leave out of a record, or of a row, which says whose it is."""
	doctype, parent = value.get("doctype"), value.get("parenttype")
	table = doctype if parent else None
	return {name for of, name in hidden.get(str(parent or doctype), ()) if of == table}
