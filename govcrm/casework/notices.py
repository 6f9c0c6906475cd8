"""Tells the person who works on a case that something has happened. Queued; never in the way of the act."""

from collections.abc import Iterable

import frappe
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document


def tell_assignee(case: Document, subject: str) -> None:
	"""A notification in Desk for the assignee, unless it is the one who acts. The subject names no citizen."""
	if not case.assignee or case.assignee == frappe.session.user:
		return
	tell([case.assignee], case.doctype, case.name, subject)


def tell(users: Iterable[str], doctype: str | None, name: str | None, subject: str) -> None:
	"""A notification in Desk for each of the users. The subject says nothing that only some of them may know."""
	notice = {
		"type": "Alert",
		"document_type": doctype,
		"document_name": name,
		"subject": subject,
		"from_user": frappe.session.user,
	}
	enqueue_create_notification(list(users), notice)
