"""Tells those who asked for something how it stands: the requester and whoever follows a request."""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_url, now_datetime

from govcrm.casework import public_status


def tell_those_who_asked(case: Document, words: str) -> None:
	"""Publish the words on the open requests of a case, and write to those who can be reached by mail and agreed to.

	Each contact is written down. Mail is queued: a mail server that is down stands in nobody's way.
	"""
	for name in public_status.open_requests(case):
		public_status.change(name, status_notes=words)
		for citizen in dict.fromkeys(people_of(frappe.get_doc("Service Request", name))):
			sent = queue_mail(name, citizen, words)
			write_down(case, name, citizen, "E-mail" if sent else "Web", words)


def people_of(request: Document) -> Iterator[str | None]:
	"""The one who asked, or who acts for them, then those who joined. None for somebody who gave no name."""
	yield request.representative or request.citizen
	yield from (row.citizen for row in request.followers if row.citizen)


def queue_mail(request: str, citizen: str | None, words: str) -> bool:
	address = address_of(citizen) if citizen else None
	if not address or frappe.are_emails_muted():  # muted, Frappe fails for want of a sender
		return False
	text = f"{escape_html(words)}<br><br>{_('The status of your request: {0}').format(get_url('/status'))}"
	try:
		frappe.sendmail(
			recipients=[address],
			subject=_("Your request {0}").format(request),
			message=text,
			reference_doctype="Service Request",
			reference_name=request,
			delayed=True,
		)
	except frappe.OutgoingEmailError:  # the agency sends no mail: the status page must do
		frappe.clear_last_message()
		return False
	return True


def address_of(citizen: str) -> str | None:
	"""Where a living person agreed to be written to by mail, the preferred address first."""
	if frappe.db.get_value("Citizen", citizen, "deceased"):
		return None
	point = frappe.qb.DocType("Citizen Contact Point")
	query = frappe.qb.from_(point).select(point.value).where((point.parent == citizen) & (point.consent == 1))
	query = query.where((point.parenttype == "Citizen") & (point.channel == "E-mail"))
	rows = query.orderby(point.preferred, order=frappe.qb.desc).orderby(point.idx).limit(1).run()
	return rows[0][0] if rows else None


def write_down(case: Document, request: str, citizen: str | None, channel: str, words: str) -> None:
	contact = frappe.get_doc(
		{
			"doctype": "Interaction",
			"channel": channel,
			"direction": "Outbound",
			"occurred_at": now_datetime(),
			"agent": frappe.session.user,
			"citizen": citizen,
			"service_request": request,
			"case": case.name,
			"summary": words,
		}
	)
	contact.flags.ignore_links = True  # every link comes from the case and its requests
	contact.insert(ignore_permissions=True)  # whoever may tell them leaves a contact
