"""A privacy officer says afterwards whether an emergency was one."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.casework.grants import records
from govcrm.casework.grants.asking import privacy_officers

JUSTIFIED, NOT_JUSTIFIED = FINDINGS = ("Justified", "Not Justified")


def review(grant: Document, finding: str, note: str) -> None:
	_require_reviewer(grant)
	if finding not in FINDINGS:
		frappe.throw(_("Say what the review found: Justified or Not Justified."))
	note = records.required(note, _("Say what was looked at, and why this was found."))
	values = {"finding": finding, "review_note": note}
	values |= {"reviewed_by": frappe.session.user, "reviewed_at": now_datetime()}
	if finding == NOT_JUSTIFIED and grant.status == "Granted":
		values |= {"status": "Ended", "valid_to": min(grant.valid_to, now_datetime())}
	records.change(grant, "review_emergency", note, **values)


def verbs_for(grant: Document) -> list[str]:
	return ["review"] if _is_open(grant) and _may_review(grant) else []


def remind() -> None:
	"""Tell privacy officers each day of reviews whose time is over."""
	overdue = {"kind": "Emergency", "finding": ("is", "not set"), "review_due": ("<", now_datetime())}
	for name in frappe.get_all("Case Access Grant", filters=overdue, pluck="name", order_by="review_due"):
		grant = frappe.get_doc("Case Access Grant", name)
		message = _("{0} was opened in an emergency, and the review is overdue.")
		officers = privacy_officers(frappe.get_doc("Case", grant.case))
		records.tell(officers, grant, message.format(grant.case))


def _is_open(grant: Document) -> bool:
	return grant.kind == "Emergency" and not grant.finding


def _may_review(grant: Document) -> bool:
	return "Privacy Officer" in frappe.get_roles() and grant.user != frappe.session.user


def _require_reviewer(grant: Document) -> None:
	if not _may_review(grant):
		message = _("A privacy officer reviews this, and never their own.")
		frappe.throw(message, frappe.PermissionError)
	grant.check_permission("read")
	if not _is_open(grant):
		frappe.throw(_("There is nothing left to review."))
