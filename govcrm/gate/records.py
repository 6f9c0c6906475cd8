"""Requests for one record, or for a few by name."""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _

from govcrm.gate import existence, governed, methods
from govcrm.gate.asked import NEW, Asked, parsed
from govcrm.gate.existence import not_there
from govcrm.gate.methods import Look

AT_MOST = 500  # records that one request may name
NAMES = ("name", "docname", "dn", "reference_name", "parent")
NUMBER_CARD = "frappe.desk.doctype.number_card.number_card."


def objection(found: Asked) -> str | None:
	"""Why these records are not for this user, in words for the caller."""
	if found.method in methods.FOR_ONESELF and not _is_for_oneself(found.args.get("user")):
		return _("You can do this for yourself only.")
	if found.method == NEW and governed.meant(found.doctype):
		return _objection_to_given_name(found)
	if (
		found.method in methods.RECORDS
		and governed.meant(found.doctype)
		and (why := _objection_to_filters(found))
	):
		return why
	looks = methods.CHECKED.get(found.method, ())
	return next(filter(None, (_objection_to_look(found, look) for look in looks)), None)


def as_list(found: Asked, method: str) -> Asked:
	"""The list that a number card counts. Its own record says what, or for one that is not saved the caller."""
	if not method.startswith(NUMBER_CARD):
		return found
	card = parsed(found.args.get("doc"))
	if method.endswith("get_percentage_difference"):
		card = frappe.get_cached_doc("Number Card", card["name"]).as_dict()
	field = None if card.get("function") == "Count" else card.get("aggregate_function_based_on")
	args = {"filters": found.args.get("filters"), "aggregate_on_field": field}
	return found.of(doctype=card.get("document_type"), args=args)


def _is_for_oneself(user: Any) -> bool:
	return user in (None, "", frappe.session.user) or "System Manager" in frappe.get_roles()


def _objection_to_given_name(found: Asked) -> str | None:
	"""A caller's name would be the record's, and Frappe then leaves without one whatever else is made in the request."""
	bodies = (found.args, parsed(found.args.get("data")), parsed(frappe.request.get_data(as_text=True)))
	if any(isinstance(body, dict) and body.get("name") for body in bodies):
		return _("Records are given their names here. Leave out the name.")
	return None


def _objection_to_filters(found: Asked) -> str | None:
	"""One record is asked for by its name. Frappe takes a mapping for filters, and looks it up without the rule."""
	named = (found.args.get(field) for field in NAMES)
	if found.args.get("filters") or not all(_is_name(name) for name in named if name is not None):
		return _("A record is asked for by its name. Use the list to find it.")
	return None


def _is_name(name: object) -> bool:
	return isinstance(name, str | int) and not str(name).lstrip().startswith(("{", "["))


def _objection_to_look(found: Asked, look: Look) -> str | None:
	"""The same words for what is not there and for what is not for this user."""
	doctype = look.doctype[1:] if look.doctype.startswith("=") else found.args.get(look.doctype)
	doctype = governed.meant(doctype) or doctype
	if not (governed.tells_of_records(doctype) or look.doctype.startswith("=")):
		return None
	names = list(_names(found.args.get(look.name)))
	if len(names) <= AT_MOST and all(_may(doctype, name, look.right) for name in names):
		return None
	return not_there(doctype)


def _names(given: Any) -> Iterator[Any]:
	given = parsed(given)
	for name in given if isinstance(given, list | tuple) else [given]:
		if name not in (None, ""):
			yield name


def _may(doctype: str, name: Any, right: str) -> bool:
	if not isinstance(name, str | int):
		return False
	is_there = existence.may_know if governed.is_scoped(doctype) else frappe.db.exists
	return bool(is_there(doctype, str(name)) and frappe.has_permission(doctype, right, doc=str(name)))
