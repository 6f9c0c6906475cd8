"""Tells the person who works on a case that something has happened. Queued; never in the way of the act."""

import frappe
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document


def tell_assignee(case: Document, subject: str) -> None:
	"""A notification in Desk for the assignee, unless it is the one who acts. The subject names no citizen."""
	if not case.assignee or case.assignee == frappe.session.user:
		return
	notice = {
		"type": "Alert",
		"document_type": case.doctype,
		"document_name": case.name,
		"subject": subject,
		"from_user": frappe.session.user,
	}
	enqueue_create_notification(case.assignee, notice)
