"""A record that is not there, and one that is not for who asks, are one: the same words, after the same work.

Frappe loads a record before it asks for the right to it, and so says 404 of the one and 403 of the other, in different times.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import frappe
from frappe import _

from govcrm import permissions
from govcrm.access import facts
from govcrm.gate import governed, methods
from govcrm.gate.asked import NEW, Asked, parsed

ALSO_SAID = ("doctype", "dt", "reference_doctype", "doc")
NAMES = ("name", "docname", "dn", "reference_name", "old_name", "names", "docnames")
DOCUMENTS = ("doc", "docs", "document")
MAKING = frozenset({NEW, "frappe.client.insert", "frappe.client.insert_many"})
# That name records as those of `methods.RECORDS` do, and are lists, or ours, by what else they do.
DELETING = "frappe.desk.reportview.delete_items"  # whose items are names; those of others are DocTypes
BESIDES = frozenset({DELETING, "frappe.desk.notifications.get_open_count"})
UNSAVED = "new"  # so the Desk begins the name of a record that is not stored yet, in an address too


def objection(found: Asked) -> str | None:
	"""Why a record that the request names is not for this user, in words that do not say whether it is there."""
	if found.method not in methods.RECORDS | methods.OF_DOCUMENTS | BESIDES or found.method in MAKING:
		return None
	for doctype, name in _named(found):
		if not may_know(doctype, name):
			return not_there(doctype)
	return None


def not_there(doctype: str) -> str:
	"""What is said of a record that is not there, and of one that is not for who asks."""
	return _("This {0} is not there, or not for you.").format(_(doctype))


def _named(found: Asked) -> Iterator[tuple[str, str]]:
	"""Scoped records by their DocTypes and names: in the address, in the arguments, as documents."""
	doctypes = [found.doctype, *(found.args.get(said) for said in ALSO_SAID)]
	fields = (*NAMES, "items") if found.method == DELETING else NAMES
	given = [found.name] if found.name else map(found.args.get, fields)
	if doctype := next(filter(None, map(governed.meant, doctypes)), None):
		yield from ((doctype, name) for name in _names(given) if _is_stored_name(name))
	for argument in DOCUMENTS:
		yield from _documents(parsed(found.args.get(argument)), doctype)


def _names(given: Iterable[Any]) -> Iterator[Any]:
	"""One by one, of arguments that hold several too."""
	for name in map(parsed, given):
		yield from name if isinstance(name, list) else [name]


def _documents(given: Any, of: str | None) -> Iterator[tuple[str, str]]:
	"""Of the DocType that they say, or that the request says of them all."""
	for document in given if isinstance(given, list) else [given]:
		if isinstance(document, dict) and not document.get("__islocal"):
			said = document.get("doctype")
			doctype = governed.meant(said) if said else of
			for name in filter(_is_stored_name, (document.get("name"), document.get("docname"))):
				if doctype:
					yield doctype, name


def _is_stored_name(name: object) -> bool:
	return isinstance(name, str) and bool(name) and not name.startswith(UNSAVED)


def may_know(doctype: str, name: str) -> bool:
	"""Whether the scoped record is there and may be read. The rule is asked also of what is not there: an answer that came
	sooner would tell.
	"""
	if frappe.is_table(doctype):
		return _may_know_row(doctype, name)
	stored = facts.stored_name(doctype, name)
	allowed = permissions.has_permission(frappe._dict(doctype=doctype, name=stored or name), "read")
	return bool(stored and allowed)


def _may_know_row(doctype: str, name: str) -> bool:
	"""Of a row of a table, which says itself in whose record it stands; what is not there is nobody's."""
	row = frappe.db.get_value(doctype, name, ["name", "parenttype", "parent"], as_dict=True)
	return bool(row and permissions.has_permission(frappe._dict(row, doctype=doctype), "read"))
