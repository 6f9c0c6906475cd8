"""Notices in Desk and by mail. Both are rows of the transaction at hand: they stay or go with what they tell of.

Mail is queued, and sent by Frappe's own job: a mail server that is down stands in nobody's way.
"""

from collections.abc import Iterable

import frappe
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.desk.doctype.notification_settings.notification_settings import is_email_notifications_enabled
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import escape_html, get_url_to_form


def tell(case: Document, users: Iterable[str], subject: str) -> None:
	"""Tell the users, in Desk and, where the site can send mail and they have not switched that off, by mail.

	The subject is all that is told: it names the case and its deadline, no citizen and nothing that was asked.
	"""
	filters = {"name": ("in", list(users)), "enabled": 1}
	people = frappe.get_all("User", filters, ["name", "email"], order_by="name")
	show(case, [person.email for person in people], subject)
	if has_account(case.doctype):
		for person in filter(wants_mail, people):
			queue_mail(case, person.email, subject)


def show(case: Document, emails: list[str], subject: str) -> None:
	"""At once and not by `enqueue_create_notification`: a job of its own could be lost, or come twice."""
	notice = frappe._dict(type="Alert", document_type=case.doctype, document_name=case.name)
	notice.update(subject=escape_html(subject), from_user=frappe.session.user)
	make_notification_logs(notice, emails)


def has_account(doctype: str) -> bool:
	"""On a muted site Frappe takes a dummy for an account that is missing, and stumbles over its missing address."""
	account = EmailAccount.find_outgoing(match_by_doctype=doctype)
	return bool(account and account.email_id)


def wants_mail(person: frappe._dict) -> bool:
	return bool(is_email_notifications_enabled(person.name))


def queue_mail(case: Document, email: str, subject: str) -> None:
	link = get_url_to_form(case.doctype, case.name)
	frappe.sendmail(
		recipients=[email],
		subject=subject,
		template="new_notification",
		args={"body_content": escape_html(subject), "doc_link": link},
		reference_doctype=case.doctype,
		reference_name=case.name,
		delayed=True,
	)
