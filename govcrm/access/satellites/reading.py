"""The satellites' rule for one row: the same as `conditions` says of a list, and exact however long the way."""

from collections.abc import Iterator, Mapping
from itertools import chain

import frappe
from frappe.model.document import Document

from govcrm.access.satellites import special
from govcrm.access.satellites.references import (
	UNSAVED,
	Reference,
	guarded_name,
	references_of,
	satellites,
	scoped,
)
from govcrm.access.silence import no_word

LONGEST_WAY = 5


def may_see(doc: Document, user: str) -> bool:
	"""As stored, and as the document in memory would have it: that may have come from the client, with any values in it."""
	return all(_may_see_row(row, doc.doctype, user, 1) for row in _rows(doc))


def is_closed(doctype: str | None, name: object) -> bool:
	"""Whether the rule has a say about it: a record of a scoped DocType, or a row that hangs on one."""
	guarded = guarded_name(doctype)
	if not guarded or guarded in scoped():
		return bool(guarded)
	row = name and frappe.db.get_value(guarded, str(name), "*", as_dict=True)
	return bool(row) and hangs_on_scoped(guarded, row)


def hangs_on_scoped(doctype: str, row: Mapping, steps: int = 1) -> bool:
	"""Whether any way from the row leads to a scoped record, whoever asks. One too long to be followed is taken to."""
	if steps > LONGEST_WAY:
		return True
	hanging = ((reference, row) for reference in references_of(doctype))
	inside = ((reference, values) for _, reference, values in _inside(row, doctype))
	return any(_leads_to_scoped(reference, values, steps) for reference, values in chain(hanging, inside))


def _leads_to_scoped(reference: Reference, row: Mapping, steps: int) -> bool:
	guarded, name = guarded_name(reference.type_in(row)), row.get(reference.name_field)
	if not guarded or guarded in scoped():
		return bool(guarded)
	above = name and frappe.db.get_value(guarded, name, "*", as_dict=True)
	return bool(above) and hangs_on_scoped(guarded, above, steps + 1)


def _rows(doc: Document) -> Iterator[Mapping]:
	stored = doc.name and _stored(doc.doctype, doc.name)
	claimed = {field: doc.get(field) for field in _fields(doc.doctype)}
	if stored:
		yield stored
		yield {**claimed, "owner": stored.owner}
	else:
		yield {**claimed, "owner": frappe.session.user}


def _stored(doctype: str, name: str) -> Mapping | None:
	return frappe.db.get_value(doctype, name, _fields(doctype), as_dict=True)


def _fields(doctype: str) -> list[str]:
	of_references = [field for reference in references_of(doctype) for field in reference.fields]
	return list(dict.fromkeys(("name", "owner", *of_references, *special.fields(doctype))))


def _may_see_row(row: Mapping, doctype: str, user: str, steps: int) -> bool:
	references = references_of(doctype)
	hanging = ((doctype, reference, row) for reference in references)
	return (
		bool(references or special.knows(doctype))
		and special.allows(row, doctype, user)
		and all(
			_allows(reference, values, kind, user, steps)
			for kind, reference, values in chain(hanging, _inside(row, doctype))
		)
	)


def _inside(row: Mapping, doctype: str) -> Iterator[tuple[str, Reference, Mapping]]:
	"""The references of rows that are kept in the row."""
	if (rows := special.ROWS.get(doctype)) and row.get("name"):
		hanging = [reference for reference in references_of(rows) if not reference.fixed]
		for values in frappe.get_all(rows, {"parent": row["name"]}, _fields(rows)):
			yield from ((rows, reference, values) for reference in hanging)


def _allows(reference: Reference, row: Mapping, doctype: str, user: str, steps: int) -> bool:
	kind, name = reference.type_in(row), row.get(reference.name_field)
	if not kind and doctype in special.CLOSED_ALONE and not reference.fixed:
		return row["owner"] == user
	guarded = guarded_name(kind)
	if not guarded:
		return True
	if not name or str(name).startswith(UNSAVED):
		return row["owner"] == user
	return _may_see_host(guarded, name, user, steps + 1)


def _may_see_host(doctype: str, name: str, user: str, steps: int) -> bool:
	if doctype not in satellites():
		return _may_read(doctype, name, user)
	row = steps <= LONGEST_WAY and doctype in special.CARRIERS and _stored(doctype, name)
	return bool(row) and _may_see_row(row, doctype, user, steps)


def _may_read(doctype: str, name: str, user: str) -> bool:
	if frappe.is_table(doctype) or not frappe.db.exists(doctype, name):
		return False
	with no_word():
		return bool(frappe.has_permission(doctype, "read", doc=name, user=user))
