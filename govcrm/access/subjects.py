"""Who asks: roles and memberships in force today, kept for the length of a request."""

from collections.abc import Callable

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import getdate

from govcrm.access.exceptions import closed_to, opened_to
from govcrm.domain.access import ROLES, Subject

# By which fields a recusal reaches further records. Nobody changes them often.
LEADING = {
	"Case": ("parent_case",),
	"Citizen": ("merged_into",),
	"Sealed Matter": ("case", "parties"),
	"Service Request": ("case", "citizen", "representative"),
}


def subject_of(user: str) -> Subject:
	"""The user as the rule sees them. Guests and disabled users have no roles and so may do nothing."""
	return per_request(("subject", user, getdate()), lambda: _read_subject(user))


def forget(doc: Document | None = None, method: str | None = None) -> None:
	"""Doc event of what is kept here: the next question reads it anew."""
	frappe.local.govcrm_access = {}


def follow(doc: Document, method: str | None = None) -> None:
	"""Doc event `on_update`: what somebody is recused from is read anew where a recusal may reach other records now."""
	kept = (getattr(frappe.local, "govcrm_access", None) or {}).values()
	recused = (one for one in kept if isinstance(one, Subject) and (one.recused or one.recused_citizens))
	if any(recused) and _leads_elsewhere(doc):
		forget()


def _leads_elsewhere(doc: Document) -> bool:
	before = doc.get_doc_before_save() or {}
	return any((doc.get(field) or None) != (before.get(field) or None) for field in LEADING[doc.doctype])


def per_request(key: tuple, make: Callable):
	kept = getattr(frappe.local, "govcrm_access", None)
	if kept is None:
		kept = frappe.local.govcrm_access = {}
	if key not in kept:
		kept[key] = make()
		frappe.db.after_rollback.add(forget)  # what was read may just have been undone
	return kept[key]


def _read_subject(user: str) -> Subject:
	if user == "Guest" or not frappe.get_cached_value("User", user, "enabled"):
		return Subject(user)
	memberships = _memberships(user)
	return Subject(
		user=user,
		roles=ROLES.intersection(frappe.get_roles(user)),
		departments=frozenset(department for department, role in memberships),
		supervised=frozenset(department for department, role in memberships if role == "Supervisor"),
		**opened_to(user),
		**closed_to(user),
	)


def _memberships(user: str) -> list[tuple[str, str]]:
	"""(department, role) for each membership in force today and for every department below it."""
	member = DocType("Department Member")
	own, below = DocType("Agency Department").as_("own"), DocType("Agency Department").as_("below")
	today = getdate()
	# Strictly inside: departments whose tree has not been built yet all stand at 0, and nothing is below them.
	inside = (below.lft > own.lft) & (below.rgt < own.rgt)
	return (
		frappe.qb.from_(member)
		.join(own)
		.on(own.name == member.parent)
		.join(below)
		.on((below.name == own.name) | inside)
		.select(below.name, member.role)
		.where((member.parenttype == "Agency Department") & (member.user == user))
		.where(member.from_date.isnull() | (member.from_date <= today))
		.where(member.to_date.isnull() | (member.to_date >= today))
		.run()
	)
