"""What a Link field of the Desk asks of the record it leads to. Frappe answers without asking who may see it.

What is not there and what is not for this user are answered alike, after the same work.
"""

from typing import Any

import frappe
from frappe import client
from frappe.desk import search

from govcrm.access.telling.readers import STAFF
from govcrm.gate.existence import may_know
from govcrm.gate.governed import is_scoped

USER = "User"


def validate(doctype: str, docname: str, fields: Any = None) -> dict:
	"""Its name and the fields to fetch; no name for one that is not there, or not for this user."""
	if is_scoped(doctype) and not may(doctype, docname):
		return frappe._dict(name=None)
	return client.validate_link(doctype, docname, fields)


def title(doctype: str, docname: str) -> str:
	if is_scoped(doctype) and not may(doctype, docname):
		return docname
	if doctype == USER and not (_is_staff(frappe.session.user) and _is_staff(docname)):
		return docname
	return search.get_link_title(doctype, docname)


def has_permission(doctype: str, docname: str, perm_type: str) -> dict:
	if is_scoped(doctype) and not may(doctype, docname, perm_type.lower()):
		return {"has_permission": False}
	return client.has_permission(doctype, docname, perm_type)


def permissions(doctype: str, docname: str) -> dict:
	"""Every right that one has to a record; none to one that is not there."""
	if is_scoped(doctype) and not may(doctype, docname):
		return {"permissions": {}}
	return client.get_doc_permissions(doctype, docname)


def _is_staff(user: str) -> bool:
	"""Staff know one another by name; who else has an account is told to nobody who asks by it."""
	return frappe.db.get_value(USER, user, "user_type") == STAFF


def may(doctype: str, name: str, right: str = "read") -> bool:
	return may_know(doctype, name) and bool(frappe.has_permission(doctype, right, doc=name))
