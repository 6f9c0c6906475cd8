"""Which persons may do what the right to write does not give alone."""

from dataclasses import replace

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.facts import case_facts
from govcrm.access.subjects import subject_of
from govcrm.casework.queues.recusals import refuse_recused
from govcrm.domain.access import WORKERS as WORKER_ROLES
from govcrm.domain.access import Right, may


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
		refuse_giving_by_grant(case)


def refuse_giving_by_grant(case: str) -> None:
	"""Who has a case opened to them for a time gives no part of it to anybody, themself among them: that would last."""
	user = frappe.session.user
	if user != "Administrator" and works_by_grant_alone(user, case):
		message = _(
			"{0} is open to you for a time. Ask one of its supervisors to give it, or a task, to somebody."
		)
		frappe.throw(message.format(case), frappe.PermissionError)


def works_by_grant_alone(user: str, case: str) -> bool:
	subject = subject_of(user)
	if case not in subject.may_work:
		return False
	without = replace(subject, may_read=frozenset(), may_work=frozenset(), emergencies=frozenset())
	return not may(without, case_facts(case), Right.WORK)
