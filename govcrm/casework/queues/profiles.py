"""Who may change which Staff Profile: one's own absence, a supervisor those of their people, administrators all."""

import frappe
from frappe.model.document import Document
from frappe.model.rename_doc import rename_doc
from frappe.utils import getdate

from govcrm.access.subjects import subject_of

ADMINISTRATORS = frozenset({"Agency Administrator", "System Manager"})
LOOKING = frozenset({"read", "select", "print", "email", "report", "export"})


def has_permission(
	doc: Document, ptype: str | None = "read", user: str | None = None, **kwargs: object
) -> bool:
	"""Hook `has_permission`. What a person may change on their own profile is up to its controller."""
	user = user or frappe.session.user
	if (ptype or "read") in LOOKING:
		return True
	# A profile has the name of its user. What the copy in hand says is not believed: Frappe puts it right later.
	person = doc.user if doc.is_new() else doc.name
	return person == user or manages(user, person)


def follow(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""Doc event of User, after they were renamed: a profile has the name of its user."""
	if not merge and frappe.db.exists("Staff Profile", old):
		names = {"doctype": "Staff Profile", "old": old, "new": new}
		rename_doc(**names, force=True, show_alert=False, ignore_permissions=True)  # who renames a user may


def manages(user: str, person: str | None) -> bool:
	"""Administrators; supervisors of a department that the person is a member of today."""
	if user == "Administrator" or ADMINISTRATORS & set(frappe.get_roles(user)):
		return True
	subject = subject_of(user)
	return "Case Supervisor" in subject.roles and bool(subject.supervised & departments_of(person))


def departments_of(person: str | None) -> frozenset[str]:
	"""The departments that list the person as a member today."""
	member, today = frappe.qb.DocType("Department Member"), getdate()
	query = frappe.qb.from_(member).select(member.parent)
	query = query.where((member.parenttype == "Agency Department") & (member.user == person))
	query = query.where(member.from_date.isnull() | (member.from_date <= today))
	query = query.where(member.to_date.isnull() | (member.to_date >= today))
	return frozenset(query.run(pluck=True))
