"""Who must not work on a case, asked by everything that gives work to a person, and by every act on a case."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.exceptions import closed_to, kept_from, recusals_in_force
from govcrm.casework.attempts import attempt
from govcrm.domain.cases import RUNNING, TASK_DONE


def recused_on(case: str) -> frozenset[str]:
	"""The users who are recused from the case today: from it, from one above it, or from somebody it is for."""
	return kept_from(case)


def refuse_recused(user: str, case: str) -> None:
	"""Throw if the user is recused from the case."""
	if user in recused_on(case):
		message = _("{0} is recused from {1} and cannot work on it. Choose somebody else.")
		frappe.throw(message.format(frappe.utils.get_fullname(user), case), frappe.PermissionError)


def refuse_acting(case: str) -> None:
	"""Throw if the session's user is recused from the case."""
	if frappe.session.user in recused_on(case):
		message = _("You are recused from {0}: somebody else must do this.")
		frappe.throw(message.format(case), frappe.PermissionError)


def in_words(user: str) -> str:
	"""Why a case is taken from somebody, for its history."""
	return _("{0} is recused.").format(frappe.utils.get_fullname(user))


# When it begins ------------------------------------------------------------------------------------------


def take_effect(recusal: Document) -> None:
	"""Take the cases, and the open tasks on them, from the person if they have them and the recusal is in force."""
	for case in held_by(recusal.user):
		take_from(recusal.user, case)


def begin_due() -> None:
	"""Carry out those that have begun, on whatever day: the scheduler may have been down on the first."""
	for user, case in not_carried_out():
		if why := attempt(lambda user=user, case=case: take_from(user, case), f"Recusal from {case}"):
			frappe.log_error(title="Recusal that did not take effect", message=f"{case}: {why}")


def not_carried_out() -> list[tuple[str, str]]:
	"""(user, case) of those in force whose user still has the running case, or an open task on it."""
	recusal = frappe.qb.DocType("Recusal")
	query = frappe.qb.from_(recusal).select(recusal.user).distinct().where(recusals_in_force(recusal))
	return [(user, case) for user in sorted(query.run(pluck=True)) for case in held_by(user)]


def held_by(user: str) -> list[str]:
	"""Of the cases that the user is recused from today, those they have or have an open task on."""
	closed = sorted(closed_to(user)["recused"])
	if not closed:
		return []
	case, task = frappe.qb.DocType("Case"), frappe.qb.DocType("Case Task")
	theirs = (case.assignee == user) & case.state_category.isin(sorted(RUNNING))
	cases = frappe.qb.from_(case).select(case.name).where(theirs & case.name.isin(closed))
	open_tasks = (task.assigned_to == user) & task.status.notin(sorted(TASK_DONE))
	tasks = frappe.qb.from_(task).select(task["case"]).where(open_tasks & task["case"].isin(closed))
	return sorted({*cases.run(pluck=True), *tasks.run(pluck=True)})


def take_from(user: str, case: str) -> None:
	frappe.get_doc("Case", case).take_from(user, in_words(user))
