"""Who must not work on a case, asked by everything that gives work to a person, and by every act on a case."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import getdate

from govcrm.casework.attempts import attempt
from govcrm.domain.cases import RUNNING, TASK_DONE


def recused_on(case: str) -> frozenset[str]:
	"""The users who are recused from the case today."""
	return frozenset(_in_force("user", case=case))


def cases_closed_to(user: str) -> list[str]:
	"""The cases that the user is recused from today."""
	return _in_force("case", user=user)


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


def in_force(recusal, day=None) -> Criterion:
	"""The condition on the table Recusal, for a day or for today."""
	day = day or getdate()
	begun = recusal.valid_from.isnull() | (recusal.valid_from <= day)
	return begun & (recusal.valid_to.isnull() | (recusal.valid_to >= day))


def _in_force(field: str, **values: str) -> list[str]:
	recusal = frappe.qb.DocType("Recusal")
	query = frappe.qb.from_(recusal).select(recusal[field]).distinct().where(in_force(recusal))
	for name, value in values.items():
		query = query.where(recusal[name] == value)
	return query.run(pluck=True)


# When it begins ------------------------------------------------------------------------------------------


def take_effect(recusal: Document) -> None:
	"""Take the case, and the open tasks on it, from the person if they have them and the recusal is in force."""
	if recusal.user not in recused_on(recusal.case):
		return
	case = frappe.get_doc("Case", recusal.case)
	case.take_from(recusal.user, in_words(recusal.user))


def begin_due() -> None:
	"""Carry out those that have begun, on whatever day: the scheduler may have been down on the first."""
	for name in not_carried_out():
		recusal = frappe.get_doc("Recusal", name)
		if why := attempt(lambda recusal=recusal: take_effect(recusal), f"Recusal {name}"):
			frappe.log_error(title="Recusal that did not take effect", message=f"{name}: {why}")


def not_carried_out() -> list[str]:
	"""Recusals in force of people who still have the running case, or an open task on it."""
	recusal, case, task = (frappe.qb.DocType(name) for name in ("Recusal", "Case", "Case Task"))
	has_case = (case.assignee == recusal.user) & case.state_category.isin(sorted(RUNNING))
	open_task = (task["case"] == recusal["case"]) & (task.assigned_to == recusal.user)
	query = frappe.qb.from_(recusal).join(case).on(case.name == recusal["case"]).left_join(task)
	query = query.on(open_task & task.status.notin(sorted(TASK_DONE))).select(recusal.name).distinct()
	return query.where(in_force(recusal) & (has_case | task.name.isnotnull())).run(pluck=True)
