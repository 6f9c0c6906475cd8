"""The numbers that others know a citizen by: everybody sees their last characters, and who needs one asks with a reason.

What is asked is recorded before it is told: without a record there is no answer.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime

from govcrm.access.exceptions import cases_of
from govcrm.accountability import trail
from govcrm.guarded import objection_to

ROLES = frozenset({"Case Supervisor", "Caseworker", "Intake Agent", "Privacy Officer"})
KEEPERS = frozenset(
	{"Intake Agent", "Privacy Officer"}
)  # who look after the register, and not after single cases
AFTER_CLOSING = 365  # days in which others may still need the number
AT_MOST, SECONDS = 30, 3600  # of one person: work needs a few, and who copies the register needs them all
SHORTEST = 5  # characters of a reason


class TooMany(frappe.ValidationError):
	http_status_code = 429


def reveal(citizen: str, identifier: str, reason: str) -> str:
	"""The number in clear. Throws PermissionError for who may not read the citizen, in the same words as for one not there."""
	reason = _checked(reason)
	row = _row(_readable(citizen), identifier)
	_refuse_too_many()
	detail = {"identifier": row.identifier_type, "ends_with": row.last_characters or ""}
	trail.record("reveal", "Citizen", citizen, reason=reason, detail=detail)
	return row.reveal() or ""


def _checked(reason: str | None) -> str:
	reason = (reason or "").strip()
	if len(reason) < SHORTEST:
		frappe.throw(_("Say what you need the number for. The reason is recorded."), frappe.MandatoryError)
	if objection := objection_to("Small Text", reason):
		frappe.throw(objection)
	return reason


def _readable(citizen: str) -> Document:
	if not (
		_may_reveal()
		and frappe.db.exists("Citizen", citizen)
		and frappe.has_permission("Citizen", doc=citizen)
		and _needs(citizen)
	):
		message = _("There is no citizen {0} whose numbers you may see.")
		frappe.throw(message.format(frappe.utils.escape_html(citizen)), frappe.PermissionError)
	return frappe.get_doc("Citizen", citizen)


def _may_reveal() -> bool:
	"""By role, and by the level at which the numbers stand."""
	if frappe.session.user == "Administrator":
		return True
	level = frappe.get_meta("Citizen").get_field("identifiers").permlevel
	levels = frappe.get_meta("Citizen").get_permlevel_access("read")
	return not ROLES.isdisjoint(frappe.get_roles()) and level in levels


def _needs(citizen: str) -> bool:
	"""Whether the user keeps the register, or may read something that they asked for and that is not long over."""
	if frappe.session.user == "Administrator" or not KEEPERS.isdisjoint(frappe.get_roles()):
		return True
	last = add_days(now_datetime(), -AFTER_CLOSING)
	lately = [["closed_datetime", "is", "not set"], ["closed_datetime", ">", last]]
	named = ("in", cases_of(citizen) or [""])
	return any(
		frappe.get_list(doctype, {link: named}, or_filters=lately, limit=1)
		for doctype, link in (("Case", "name"), ("Service Request", "case"))
	)


def _row(doc: Document, identifier: str) -> Document:
	row = next((row for row in doc.identifiers if row.name == identifier), None)
	if not row:
		frappe.throw(_("The number is no longer there. Load the form again."), frappe.DoesNotExistError)
	return row


def _refuse_too_many() -> None:
	key = f"govcrm:reveal:{frappe.session.user}"
	asked = (frappe.cache().get_value(key, expires=True) or 0) + 1
	if asked > AT_MOST:
		message = _("You have looked at {0} numbers within an hour. Wait, or ask a privacy officer.")
		frappe.throw(message.format(AT_MOST), TooMany)
	frappe.cache().set_value(key, asked, expires_in_sec=SECONDS)
