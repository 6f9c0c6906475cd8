"""Tells those who can do something about it that a calendar will soon know no holidays."""

from datetime import date

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document
from frappe.utils.user import get_users_with_role

from govcrm.domain.calendar.year import lacks_holidays
from govcrm.service_catalogue import calendars

FIRST_MONTH = 10
ADMINISTRATORS = "Agency Administrator"


def warn(today: date) -> list[str]:
	"""From 1 October on, notify Agency Administrators of each active calendar without holidays in the coming year.

	Each person is told once a year and calendar. Returns the names of the calendars that lack them.
	"""
	if today.month < FIRST_MONTH:
		return []
	names = frappe.get_all(calendars.DOCTYPE, {"active": 1}, pluck="name", order_by="name")
	lacking = [doc for doc in map(_calendar, names) if _lacks(doc, today.year + 1)]
	for doc in lacking:
		_notify(doc, today.year + 1)
	return [doc.name for doc in lacking]


def _calendar(name: str) -> Document:
	return frappe.get_doc(calendars.DOCTYPE, name)


def _lacks(doc: Document, year: int) -> bool:
	return lacks_holidays(calendars.days_of_holidays(doc), year)


def _notify(doc: Document, year: int) -> None:
	told = set(_told(doc, year))
	users = [user for user in get_users_with_role(ADMINISTRATORS) if user not in told]
	if not users:
		return
	subject = _("Calendar {0} has no holidays in {1}. Enter them, or deadlines will be counted without any.")
	notice = {
		"type": "Alert",
		"document_type": doc.doctype,
		"document_name": doc.name,
		"subject": subject.format(doc.name, year),
		"from_user": "Administrator",
	}
	enqueue_create_notification(users, notice)


def _told(doc: Document, year: int) -> list[str]:
	"""Who has been told: the subject names the year in every language."""
	filters = {"document_type": doc.doctype, "document_name": doc.name, "subject": ["like", f"%{year}%"]}
	return frappe.get_all("Notification Log", filters, pluck="for_user", order_by=None)
