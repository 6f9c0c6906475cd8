"""Frappe's two permission hooks, both drawn from the one rule in `govcrm.domain.access`.

Whatever goes wrong, the answer is no: the reason goes to the log, never to the caller.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.facts import facts_of
from govcrm.access.query import condition_for, query_text
from govcrm.access.satellites.conditions import condition_text
from govcrm.access.satellites.reading import is_closed, may_see
from govcrm.access.subjects import per_request, subject_of
from govcrm.compat import NO_OBJECTION
from govcrm.domain import access
from govcrm.domain.access import Right, Subject
from govcrm.domain.criteria import Nothing
from govcrm.setup.roles import DESK_ROLES

ADMINISTRATOR = "Administrator"  # Frappe never asks about this user, except for the conditions of a list.
DENIED = "(1=0)"
RIGHTS = {
	**dict.fromkeys(("read", "select", "print", "email", "report", "export"), Right.READ),
	"create": Right.CREATE,
}


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions`: the rule as SQL, always in parentheses."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return ""
	try:
		return per_request(("text", user, doctype), lambda: query_text(doctype, user))
	except Exception:
		_log_failure(doctype, user)
		return DENIED


def has_permission(
	doc: Document | str, ptype: str | None = "read", user: str | None = None, **kwargs: object
) -> bool:
	"""Hook `has_permission`: the rule for one record, or for a DocType as such when only its name is given."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return True
	try:
		return ptype != "share" and _may(doc, RIGHTS.get(ptype or "read", Right.WORK), subject_of(user))
	except Exception:
		_log_failure(doc if isinstance(doc, str) else doc.get("doctype"), user)
		return False


def satellite_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions` of Frappe's records that hang on others: what hangs on a closed record is not there."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return ""
	try:
		return per_request(("satellite", user, doctype), lambda: condition_text(doctype, user))
	except Exception:
		_log_failure(doctype, user)
		return DENIED


def has_satellite_permission(
	doc: Document, ptype: str | None = "read", user: str | None = None, **kwargs: object
) -> bool | None:
	"""Hook `has_permission` of the same. It only denies: what else is asked of these records, their own hooks say."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return NO_OBJECTION
	try:
		return NO_OBJECTION if may_see(doc, user) else False
	except Exception:
		_log_failure(doc.get("doctype"), user)
		return False


def may_open_desk() -> bool:
	"""Whether the app's tile is shown on the apps screen."""
	return frappe.session.user == ADMINISTRATOR or not DESK_ROLES.isdisjoint(frappe.get_roles())


def refuse_share(doc: Document, method: str | None = None) -> None:
	"""Doc event of DocShare: a share would outlive the reason for it, and it beats both hooks."""
	if is_closed(doc.share_doctype, doc.share_name):
		message = _("{0} cannot be shared. Assign the case, give out a task or refer it instead.")
		frappe.throw(message.format(_(doc.share_doctype)), frappe.PermissionError)


def _may(doc: Document | str, right: Right, subject: Subject) -> bool:
	if isinstance(doc, str):
		return not isinstance(condition_for(doc, subject, right), Nothing)
	if frappe.is_table(doc.doctype):
		return _may(frappe._dict(doctype=doc.parenttype, name=doc.parent), right, subject)
	return all(access.may(subject, facts, right) for facts in facts_of(doc, right))


def _log_failure(doctype: str | None, user: str) -> None:
	frappe.logger("govcrm.access").error("denied: no answer for %s on %s", user, doctype, exc_info=True)
