"""Further citizens who report what is reported already."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm import compat
from govcrm.constituents.contacts import write_contact
from govcrm.faults import refuse_field


def follow(
	request: Document, *, citizen: str | None, channel: str, note: str = "", **keys: str | None
) -> Document:
	"""Add a follower to an open request and write down the contact; return the request as it then is.

	One who follows already stays one follower; the contact is written all the same. `keys` are further fields of
	Request Follower. Locks the request: two who join at once both get in.
	"""
	compat.lock_row("Service Request", request.name)
	request = frappe.get_doc("Service Request", request.name, for_update=True)
	if request.status != "Open":
		refuse_field("join", _("Request {0} is closed: file a new one.").format(request.name))
	if not is_known(request, citizen):
		request.append(
			"followers",
			{"citizen": citizen, "channel": channel, "since": now_datetime(), "note": note, **keys},
		)
		request.flags.ignore_links = True  # the caller has proved the citizen, the rest is as stored
		request.save(ignore_permissions=True)  # reporting the same thing is no edit of the request
	write_contact(request, channel, citizen=citizen, summary=note or None)
	return request


def is_known(request: Document, citizen: str | None) -> bool:
	return bool(citizen) and citizen in {
		request.citizen,
		*(follower.citizen for follower in request.followers),
	}
