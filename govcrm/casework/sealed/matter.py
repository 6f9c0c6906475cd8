"""The one record that holds the words of a sealed case: {DocType: {name: {field: value}}}, closed under the key of the case."""

import json
from typing import Any

import frappe
from frappe.model.document import Document

from govcrm.access import parties
from govcrm.casework.sealed import keyed
from govcrm.casework.sealed.keyed import Destroyed, Unreadable

__all__ = ["Destroyed", "Said", "Unreadable", "drop", "is_sealed", "merged", "put", "read", "take"]

Said = dict[str, dict[str, dict[str, Any]]]


def is_sealed(case: str | None) -> bool:
	return bool(case) and frappe.db.get_value("Case", case, "confidentiality") == "Sealed"


def read(case: str) -> Said:
	"""What the case says; nothing for one that never said anything. Raises Unreadable and Destroyed.

	Asks for no right: whoever shows what comes out must have checked that the user may read the case.
	"""
	row = _row(case)
	return _opened(row) if row else {}


def put(case: str, said: Said) -> None:
	"""Add to what the case says. What was closed under a key that is gone is lost already, and gives way."""
	row = _row(case, held=True)
	doc = frappe.get_doc("Sealed Matter", row.name) if row else _begin(case)
	_write(doc, merged(_kept(row) if row else {}, said))


def drop(case: str, doctype: str, name: str) -> None:
	"""A record is gone, and what it said goes too."""
	row = _row(case, held=True)
	said = _kept(row) if row else {}
	if said.get(doctype, {}).pop(name, None) is not None:
		_write(frappe.get_doc("Sealed Matter", row.name), said)


def take(case: str) -> Said:
	"""What the case said; it is kept here no longer."""
	row = _row(case, held=True)
	if not row:
		return {}
	said = _kept(row)
	doc = frappe.get_doc("Sealed Matter", row.name)
	doc.flags.by_act = True
	doc.delete(ignore_permissions=True, delete_permanently=True)  # the act that opens the case was checked
	return said


def merged(said: Said, more: Said) -> Said:
	for doctype, records in more.items():
		for name, words in records.items():
			said.setdefault(doctype, {}).setdefault(name, {}).update(words)
	return said


def _row(case: str, held: bool = False) -> frappe._dict | None:
	fields = ["name", "case", "key_mark", "content"]
	return frappe.db.get_value("Sealed Matter", {"case": case}, fields, as_dict=True, for_update=held)


def _begin(case: str) -> Document:
	doc = frappe.new_doc("Sealed Matter", case=case)
	doc.name = frappe.generate_hash(length=20)
	return doc


def _write(doc: Document, said: Said) -> None:
	"""Closed for this record and this case, and for no other."""
	doc.parties = parties.digests_in(said)
	keyed.close(doc, _text(said))
	doc.flags.by_act = doc.flags.ignore_links = True  # the case may be in the making
	if doc.is_new():
		doc.insert(ignore_permissions=True, set_name=doc.name)  # what was saved on the case was checked there
	else:
		doc.save(ignore_permissions=True)  # see above


def _kept(row: frappe._dict) -> Said:
	try:
		return _opened(row)
	except Destroyed:
		return {}


def _opened(row: frappe._dict) -> Said:
	return json.loads(keyed.text_of("Sealed Matter", row))


def _text(said: Said) -> str:
	return json.dumps(said, default=str, ensure_ascii=False, sort_keys=True)
