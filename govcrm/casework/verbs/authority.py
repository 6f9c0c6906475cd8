"""Which persons may do what the right to write does not give alone."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.subjects import subject_of
from govcrm.casework.queues.recusals import refuse_recused
from govcrm.domain.access import WORKERS as WORKER_ROLES


def is_supervisor(case: Document, user: str | None = None) -> bool:
	"""Holds the role, and belongs to the department of the case or to one above it."""
	user = user or frappe.session.user
	if user == "Administrator":
		return True
	subject = subject_of(user)
	return "Case Supervisor" in subject.roles and department_of(case) in subject.departments


def department_of(case: Document) -> str | None:
	"""As stored: what a caller's copy says is not believed."""
	return frappe.db.get_value("Case", case.name, "department")


def require_supervisor(doc: Document) -> None:
	if not is_supervisor(doc):
		message = _("Only a case supervisor can do this. Ask a supervisor of {0}.")
		frappe.throw(message.format(doc.get("department") or _("the department")), frappe.PermissionError)


def require_worker(user: str, case: str | None = None) -> None:
	"""Only an enabled user who works on cases can be given one, and none that they are recused from."""
	enabled = (
		frappe.get_cached_value("User", user, "enabled") if frappe.db.exists("User", user, cache=True) else 0
	)
	if not enabled or not (user == "Administrator" or WORKER_ROLES & set(frappe.get_roles(user))):
		message = _(
			"{0} cannot be given work: the user needs to be enabled and to be a caseworker or supervisor."
		)
		frappe.throw(message.format(frappe.utils.escape_html(user)))
	if case:
		refuse_recused(user, case)
