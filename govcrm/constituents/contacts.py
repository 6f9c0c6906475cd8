"""Writes down contacts with citizens."""

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.appending import append


def write_first_contact(request: Document) -> Document:
	"""Append the Interaction with which a request came in; every value of it the request has proved."""
	citizen = request.representative or request.citizen
	return append(_contact(request, request.channel, request.requested_datetime, citizen))


def write_contact(
	request: Document, channel: str, occurred_at=None, citizen: str | None = None, summary: str | None = None
) -> Document:
	"""Insert an inbound Interaction about a request."""
	contact = _contact(request, channel, occurred_at, citizen, summary)
	contact.flags.ignore_links = True  # the request has proved the same links
	return contact.insert(ignore_permissions=True)  # who may file a request leaves a contact


def _contact(
	request: Document, channel: str, occurred_at=None, citizen: str | None = None, summary: str | None = None
) -> Document:
	return frappe.get_doc(
		{
			"doctype": "Interaction",
			"channel": channel,
			"direction": "Inbound",
			"occurred_at": occurred_at or now_datetime(),
			"agent": None if frappe.session.user == "Guest" else frappe.session.user,
			"citizen": citizen,
			"service_request": request.name,
			"summary": summary,
		}
	)
