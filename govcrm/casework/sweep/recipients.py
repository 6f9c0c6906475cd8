"""Who is told about a deadline: only people who may read the case, and nobody who must keep away from it."""

from collections.abc import Callable, Iterator

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from govcrm.casework.queues.recusals import recused_on


def assignee(case: Document) -> list[str]:
	"""Who works on the case; where nobody does, the supervisors."""
	return readers(case, [case.assignee] if case.assignee else []) or supervisors(case)


def supervisors(case: Document) -> list[str]:
	"""The supervisors of the nearest department, from that of the case upwards, that has any who may be told."""
	return nearest(case, supervisors_of)


def head(case: Document) -> list[str]:
	"""The head of the nearest department, from that of the case upwards, that names one who may be told."""
	return nearest(case, heads_of)


def nearest(case: Document, people_of: Callable[[str], list[str]]) -> list[str]:
	for department in line_of(case.department):
		if found := readers(case, people_of(department)):
			return found
	return []


def line_of(department: str | None) -> Iterator[str]:
	"""The department and those above it, nearest first."""
	seen = set()
	while department and department not in seen:
		seen.add(department)
		yield department
		department = frappe.db.get_value("Agency Department", department, "parent_agency_department")


def supervisors_of(department: str) -> list[str]:
	"""In the order in which the department lists them."""
	member = frappe.qb.DocType("Department Member")
	begun = member.from_date.isnull() | (member.from_date <= getdate())
	lasting = member.to_date.isnull() | (member.to_date >= getdate())
	query = frappe.qb.from_(member).select(member.user).where(member.parenttype == "Agency Department")
	query = query.where((member.parent == department) & (member.role == "Supervisor") & begun & lasting)
	return query.orderby(member.idx).run(pluck=True)


def heads_of(department: str) -> list[str]:
	user = frappe.db.get_value("Agency Department", department, "head")
	return [user] if user else []


def readers(case: Document, users: list[str]) -> list[str]:
	"""Those of the users who are enabled, may read the case and are not recused from it, each once."""
	recused = recused_on(case.name) if users else ()
	return [user for user in dict.fromkeys(users) if user not in recused and may_read(case, user)]


def may_read(case: Document, user: str) -> bool:
	enabled = frappe.db.get_value("User", user, "enabled")
	return bool(enabled) and frappe.has_permission("Case", "read", doc=case, user=user)
