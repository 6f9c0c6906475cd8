"""Tells the supervisors of a department that cases come in which nobody there can be given."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from govcrm.casework.sweep import recipients
from govcrm.casework.sweep.telling import tell
from govcrm.domain.cases import OPEN


def tell_supervisors(case: str) -> None:
	"""Notify the supervisors whose people could not be given the case, unless somebody has it by now.

	Where all are away this would come with every request: each supervisor is told once a day and department.
	"""
	doc = frappe.get_doc("Case", case)
	if doc.assignee or doc.state_category != OPEN:
		return
	told = told_today(doc.department)
	if users := [user for user in recipients.supervisors(doc) if user not in told]:
		words = _("Nobody of {0} can be given {1}: its history says why. Assign it, and what else waits.")
		tell(department_of(doc), users, words.format(doc.department, doc.name))


def department_of(case: Document) -> Document:
	"""The notice leads to it: there stand the members and the method that leave the case with nobody."""
	return frappe.get_doc("Agency Department", case.department)


def told_today(department: str) -> set[str]:
	filters = {
		"document_type": "Agency Department",
		"document_name": department,
		"creation": (">=", getdate()),
	}
	return set(frappe.get_all("Notification Log", filters, pluck="for_user", order_by=None))
