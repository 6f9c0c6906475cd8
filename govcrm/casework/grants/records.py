"""Writes Case Access Grants, and tells those whom they concern. Nobody learns from a notice what the case says."""

from collections.abc import Iterable
from datetime import date, datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, get_fullname, now_datetime

from govcrm.access import subjects
from govcrm.casework import events, notices
from govcrm.domain.access import PERMITTED, WORKERS
from govcrm.guarded import objection_to

LONGEST_DAYS = 366
READ, WORK = "Read", "Work"
PERMISSION, EMERGENCY = "Permission", "Emergency"


def make(case: str, user: str, **values) -> Document:
	grant = frappe.new_doc("Case Access Grant", case=case, user=user, **values)
	grant.flags.by_verb = True
	grant.insert(ignore_permissions=True)  # nobody makes one by hand; the act behind it was checked
	subjects.forget()
	return grant


def change(grant: Document, verb: str, reason: str, **values) -> None:
	"""Change it, and let the history of the case tell of it."""
	grant.update(values)
	grant.flags.by_verb = True
	grant.save(ignore_permissions=True)  # nobody writes one by hand; the act behind it was checked
	subjects.forget()
	note(grant, verb, reason)


def end(grant: Document, reason: str) -> None:
	"""Now, or when its time was over."""
	ended = min(grant.valid_to, now_datetime())
	change(grant, "end_access", reason, status="Ended", valid_to=ended, decision_note=reason)


def note(grant: Document, verb: str, reason: str) -> None:
	who = get_fullname(grant.user)
	until = f" → {frappe.format(grant.valid_to, 'Datetime')}" if grant.status == "Granted" else ""
	detail = f"{who}: {_(grant.opens)}{until}"
	events.write(frappe.get_doc("Case", grant.case), verb, reason=reason, detail=detail)


def tell(users: Iterable[str], grant: Document, subject: str) -> None:
	notices.tell(users, grant.doctype, grant.name, subject)


def tell_outsider(grant: Document, subject: str) -> None:
	"""Tell the person who may not read the case: a notice that hangs on the grant would be hidden from them, as the grant is."""
	notices.tell([grant.user], None, None, subject)


def checked_end(valid_to: str | None) -> datetime:
	"""When it ends: after now, and within a year. A day is meant to its end."""
	end = _moment(valid_to)
	days = (end - now_datetime()).total_seconds() / 86400 if end else 0
	if not 0 < days <= LONGEST_DAYS:
		message = _("Say until when: a moment to come, at most {0} days from now.")
		frappe.throw(message.format(LONGEST_DAYS))
	return end


def _moment(valid_to: str | None) -> datetime | None:
	"""None for what is no moment, or one with an offset: moments are in the time zone of the site."""
	if not valid_to or objection_to("Datetime", valid_to):
		return None
	try:
		return datetime.combine(date.fromisoformat(str(valid_to)), time.max.replace(microsecond=0))
	except ValueError:
		return get_datetime(valid_to)


def checked_user(user: str, opens: str) -> str:
	"""A person whose role a case can be opened to at all: their name as it is stored, however it was written."""
	stored, roles = frappe.db.get_value("User", user, "name"), roles_for(opens)
	if not stored or not can_hold(stored, PERMISSION, opens):
		message = _("{0} cannot be given this: they need to be enabled, and to have one of the roles {1}.")
		named = ", ".join(_(role) for role in sorted(roles))
		frappe.throw(message.format(frappe.utils.escape_html(user), named))
	return stored


def can_hold(user: str, kind: str, opens: str) -> bool:
	"""Whether what stands for this person opens anything: the access rule asks for the same roles."""
	roles = WORKERS if kind == EMERGENCY else roles_for(opens)
	return bool(frappe.db.get_value("User", user, "enabled")) and not roles.isdisjoint(frappe.get_roles(user))


def roles_for(opens: str) -> frozenset[str]:
	return PERMITTED if opens == READ else WORKERS


def checked_opens(opens: str | None) -> str:
	if opens not in (READ, WORK):
		frappe.throw(_("Say what is asked for: Read or Work."))
	return opens


def required(text: str | None, message: str) -> str:
	"""The text. Whatever is wrong with it is said before anything is looked up, and so tells nothing of that."""
	text = (text or "").strip()
	if not text:
		frappe.throw(message, frappe.MandatoryError)
	if objection := objection_to("Small Text", text):
		frappe.throw(f"{message} {objection}")
	return text


def setting(field: str, otherwise: int) -> int:
	return cint(frappe.db.get_single_value("GovCRM Settings", field)) or otherwise
