"""On which record a file hangs, and who may see it there."""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from govcrm.access.satellites.references import UNSAVED, guarded_name, references_of, scoped
from govcrm.permissions import has_satellite_permission

FARTHEST = 3  # a file of a comment on a mail about a case


class Place(NamedTuple):
	doctype: str
	name: str


def place_of(file: Document | dict) -> Place | None:
	"""The scoped record that the file hangs on, be it by a comment or a mail about it; None when there is none."""
	return next(_places(file.get("attached_to_doctype"), file.get("attached_to_name"), FARTHEST), None)


def is_scoped(doctype: str) -> bool:
	return guarded_name(doctype) in scoped()


def may_see(file: Document) -> bool:
	"""By the record it hangs on: to have uploaded it is not enough."""
	return has_satellite_permission(file, "read") is not False


def may_attach(file: Document) -> bool:
	"""Who hangs a file on a record has to be able to write it; on a comment or mail about it, to read it.

	A name that there is not is answered as one that may not be seen.
	"""
	place = place_of(file)
	if not place or frappe.session.user == "Administrator":
		return True
	if not frappe.db.exists(*place):
		return place.name.startswith(UNSAVED) and bool(frappe.has_permission(place.doctype, "create"))
	right = "write" if place.name == file.attached_to_name else "read"
	return bool(frappe.has_permission(place.doctype, right, doc=place.name))


def _places(doctype: str | None, name: str | None, farthest: int) -> Iterator[Place]:
	guarded = guarded_name(doctype)
	if not guarded or not name:
		return
	if guarded in scoped():
		yield Place(guarded, str(name))
	elif farthest and (row := frappe.db.get_value(guarded, name, "*", as_dict=True)):
		for reference in references_of(guarded):
			yield from _places(reference.type_in(row), row.get(reference.name_field), farthest - 1)
