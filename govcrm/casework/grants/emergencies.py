"""Opening a Restricted case in an emergency: by who needs it, at once, with a reason, and answered for afterwards."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, get_fullname, now_datetime

from govcrm.access.subjects import subject_of
from govcrm.casework.grants import records
from govcrm.casework.grants.asking import privacy_officers
from govcrm.domain.access import WORKERS
from govcrm.domain.access.facts import RESTRICTED, levels_up_to

OPENERS = {"Caseworkers and Supervisors": WORKERS, "Supervisors": frozenset({"Case Supervisor"})}
OPENERS_BY_DEFAULT = "Supervisors"
HOURS, REVIEW_DAYS = 8, 3


def may_open() -> bool:
	chosen = frappe.db.get_single_value("GovCRM Settings", "emergency_openers") or OPENERS_BY_DEFAULT
	return not OPENERS.get(chosen, frozenset()).isdisjoint(subject_of(frappe.session.user).roles)


def open_in_emergency(case: str, reason: str) -> Document:
	"""Let the user read the case for some hours. Privacy officers are told at once, and review it. The grant.

	What is sealed, what one is recused from and what is not there are refused in the same words.
	"""
	_require_opener()
	reason = records.required(reason, _("Say what the emergency is."))
	stored = frappe.db.get_value("Case", case, "name")
	if not stored or not _can_be_opened(stored):
		message = _(
			"There is no case {0} that an emergency opens. Check its number, or ask a privacy officer."
		)
		frappe.throw(message.format(frappe.utils.escape_html(case)), frappe.PermissionError)
	return _running(stored) or _open(stored, reason)


def _running(case: str) -> Document | None:
	"""Opening what is open already begins nothing anew: neither its hours nor its review."""
	standing = {"case": case, "user": frappe.session.user, "kind": "Emergency", "status": "Granted"}
	standing["valid_to"] = (">", now_datetime())
	name = frappe.db.get_value("Case Access Grant", standing, "name")
	return frappe.get_doc("Case Access Grant", name) if name else None


def _open(case: str, reason: str) -> Document:
	told = _those_who_review(case)
	now = now_datetime()
	grant = records.make(
		case,
		frappe.session.user,
		kind="Emergency",
		opens=records.READ,
		status="Granted",
		reason=reason,
		valid_from=now,
		valid_to=add_to_date(now, hours=records.setting("emergency_hours", HOURS)),
		review_due=add_to_date(now, days=records.setting("emergency_review_days", REVIEW_DAYS)),
	)
	records.note(grant, "open_in_emergency", reason)
	_tell(told, grant)
	return grant


def _those_who_review(case: str) -> list[str]:
	"""An emergency that nobody answers for afterwards is none."""
	told = privacy_officers(frappe.get_doc("Case", case))
	if not told:
		message = _(
			"No privacy officer could review this. Ask an administrator to name one, or a supervisor for access."
		)
		frappe.throw(message, frappe.PermissionError)
	return told


def _require_opener() -> None:
	if not may_open():
		message = _("Your role does not open cases in an emergency. Ask a supervisor or a privacy officer.")
		frappe.throw(message, frappe.PermissionError)


def _can_be_opened(case: str) -> bool:
	level = frappe.db.get_value("Case", case, "confidentiality")
	return level in levels_up_to(RESTRICTED) and case not in subject_of(frappe.session.user).recused


def _tell(told: list[str], grant: Document) -> None:
	who, due = get_fullname(grant.user), frappe.format(grant.review_due, "Datetime")
	message = _("{0} opened {1} in an emergency. Review it by {2}.")
	records.tell(told, grant, message.format(who, grant.case, due))
