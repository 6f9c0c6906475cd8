"""Which of what was asked for must be told, and as what. All of this happens after the response."""

from collections.abc import Iterator, Mapping
from typing import Any

import frappe

from govcrm.accountability.trail import Entry, subjects
from govcrm.accountability.trail.governed import governed
from govcrm.accountability.watching import answers, identity, shown
from govcrm.accountability.watching.asked import COUNT, EXPORT, LIST, REQUEST, RUN_REPORT, SEARCH, Asked

LONGEST_NAME = 140


def entries(asked: Asked, response: Mapping[str, Any]) -> list[Entry]:
	"""The events of one thing that was asked for and given."""
	if asked.verb == EXPORT:
		return [_copy(asked, doctype, name) for doctype, name in _named(asked)]
	if asked.verb == RUN_REPORT:
		return [_copy(asked, "Report", name) for name in asked.names if _is_about_people(name)]
	if asked.verb in (LIST, SEARCH, COUNT):
		return [*identity.entries(asked, response), *shown.entries(asked, response)]
	names = asked.names or answers.names(response)
	return [entry for name in names[: identity.AT_MOST] if (entry := _look(asked, asked.doctype, name))]


def refusal(asked: Asked | None, method: str | None, path: str) -> Entry:
	"""What was refused, and what was asked. Names that nothing bears are kept from the header: anybody can send any."""
	doctype = asked.doctype if asked and _is_doctype(asked.doctype) else None
	name = asked.names[0] if asked and asked.names else None
	detail = {"asked": method or path[:LONGEST_NAME]}
	return _of_record(asked.verb if asked else REQUEST, doctype, name, detail, outcome="Denied")


def _look(asked: Asked, doctype: Any, name: str) -> Entry | None:
	"""A look at one record, if it is of a case that is not for everybody, or tells who a citizen is."""
	if not _is_scoped(doctype) or not _is_there(doctype, name):
		return None
	values = _values(doctype, name)
	level = subjects.place_of(doctype, name, values).level
	if level in shown.WATCHED or (doctype == identity.IDENTITY and identity.is_seen()):
		return Entry(asked.verb, doctype, name, values=values, detail=dict(asked.detail))
	return None


def _copy(asked: Asked, doctype: str | None, name: str | None) -> Entry:
	return _of_record(asked.verb, doctype, name, dict(asked.detail))


def _of_record(verb: str, doctype: str | None, name: str | None, detail: dict, **more: Any) -> Entry:
	"""An event of a record if there is one of this name; else of its DocType, with the name among what is kept secret."""
	if name and not (doctype and _is_there(doctype, name)):
		detail, name = {**detail, "name": name[:LONGEST_NAME]}, None
	values = _values(doctype, name) if name else {}
	subject = None if name and _is_scoped(doctype) else f"Site/{doctype}" if doctype else None
	return Entry(verb, doctype, name, detail=detail, values=values, subject=subject, **more)


def _named(asked: Asked) -> Iterator[tuple[str | None, str | None]]:
	doctype = asked.doctype if _is_doctype(asked.doctype) else None
	for name in asked.names[: identity.AT_MOST] or (None,):
		yield doctype, name


def _is_about_people(report: str) -> bool:
	"""Whether a report reads records of cases, citizens or users."""
	doctype = frappe.db.get_value("Report", report, "ref_doctype")
	return doctype == "User" or _is_scoped(doctype)


def _is_scoped(doctype: Any) -> bool:
	scoped = frappe.get_hooks("govcrm_scoped_doctypes")
	return isinstance(doctype, str) and (doctype in scoped or doctype in governed().satellites)


def _is_doctype(doctype: Any) -> bool:
	return isinstance(doctype, str) and bool(frappe.db.exists("DocType", doctype))


def _is_there(doctype: str, name: str) -> bool:
	return len(name) <= LONGEST_NAME and (
		frappe.get_meta(doctype).issingle or bool(frappe.db.exists(doctype, name))
	)


def _values(doctype: str, name: str) -> Mapping[str, Any]:
	return frappe.db.get_value(doctype, name, "*", as_dict=True) or {}
