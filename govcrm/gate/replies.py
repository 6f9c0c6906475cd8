"""Replies to what was done. Frappe sends the whole record back, with fields of levels that the user may not read.

What Frappe answers as JSON is looked at as soon as it is made, and so before what was done is committed: where it cannot be, nothing
was done. What is answered otherwise is looked at when it is about to be sent.
"""

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import frappe
import frappe.utils.response
from frappe import _
from frappe.model.meta import Meta
from werkzeug.wrappers import Request, Response

from govcrm.gate import governed
from govcrm.wrapping import wrap

UNREADABLE = 500
REFUSED, LOOKED_AT = "govcrm_reply_refused", "govcrm_reply_looked_at"


class UncheckableReply(frappe.ValidationError):
	"""What is raised ends the request with a rollback."""

	http_status_code = UNREADABLE


def install() -> None:
	"""Hook `before_request`."""
	wrap(frappe.utils.response, "build_response", checked)


def checked(build: Callable) -> Callable:
	"""The same response, without what the user may not read. Raises UncheckableReply, and leaves no word of the reply.

	Not while an error is answered: what follows a failure is rolled back anyway, and is looked at when it is sent.
	"""

	def response(*args, **kwargs) -> Response:
		made, request = build(*args, **kwargs), getattr(frappe.local, "request", None)
		if request and not sys.exc_info()[0]:
			setattr(made, LOOKED_AT, True)
			if not _is_withheld(made, request):
				_refuse(request)
		return made

	return response


def _refuse(request: Request) -> None:
	# The words that follow hold nothing of the reply, and could not be checked either.
	setattr(request, REFUSED, True)
	frappe.local.response = frappe._dict(docs=[])
	frappe.clear_messages()
	frappe.local.error_log, frappe.local.debug_log = [], []
	said = _("The reply cannot be checked, and so is not sent. What you asked for was not done.")
	frappe.throw(said, UncheckableReply)


def withhold(response: Response | None = None, request: Request | None = None) -> None:
	"""Hook `after_request`: what the user may not read is taken out. For whoever may read all, no reply is read.

	Of every verb: by GET too methods of documents are run, and workflows applied, before what they wrote is rolled back.
	"""
	if response is None or request is None or hasattr(request, REFUSED) or hasattr(response, LOOKED_AT):
		return
	if not _is_withheld(response, request):
		_empty(response)


def _is_withheld(response: Response, request: Request) -> bool:
	"""Take out what the user may not read; gives whether it could be."""
	if not response.is_json or frappe.session.user == "Administrator":
		return True
	try:
		_withhold(response)
	except Exception:
		frappe.logger("govcrm.gate").error("withheld: %s cannot be read", request.path, exc_info=True)
		return False
	return True


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
