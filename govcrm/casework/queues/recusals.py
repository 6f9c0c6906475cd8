"""Who must not work on a case, asked by everything that gives work to a person."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import getdate

from govcrm.casework.attempts import attempt


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
	case.take_from(recusal.user, _("{0} is recused.").format(frappe.utils.get_fullname(recusal.user)))


def begin_due() -> None:
	"""Those that begin today: the person may have been given the case after the recusal was entered."""
	for name in frappe.get_all("Recusal", {"valid_from": getdate()}, pluck="name", order_by="creation"):
		recusal = frappe.get_doc("Recusal", name)
		if why := attempt(lambda recusal=recusal: take_effect(recusal), f"Recusal {name}"):
			frappe.log_error(title="Recusal that did not take effect", message=f"{name}: {why}")
