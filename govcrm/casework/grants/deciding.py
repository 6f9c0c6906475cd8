"""Who opens a case to somebody: its supervisors who may work it, and privacy officers who may read it. Never for oneself."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.access.subjects import subject_of
from govcrm.casework.grants import records
from govcrm.casework.queues.recusals import refuse_recused
from govcrm.casework.verbs.authority import is_supervisor
from govcrm.domain.access.facts import SEALED


def open_to(case: Document, user: str, opens: str, reason: str, authority: str, valid_to: str) -> Document:
	"""Open the case to a person until `valid_to`. The grant."""
	require_decider(case.name)
	user = records.checked_user(user, records.checked_opens(opens))
	_refuse_oneself(user)
	refuse_recused(user, case.name)
	_end_earlier(case.name, user)
	grant = records.make(
		case.name,
		user,
		opens=opens,
		status="Granted",
		reason=_reason(reason),
		**_decision(valid_to, authority),
	)
	records.note(grant, "open_to", grant.reason)
	_tell(grant)
	return grant


def give(grant: Document, valid_to: str, authority: str, opens: str | None = None) -> None:
	_require_open(grant)
	opens = records.checked_opens(opens or grant.opens)
	records.checked_user(grant.user, opens)
	refuse_recused(grant.user, grant.case)
	_end_earlier(grant.case, grant.user)
	values = {"status": "Granted", "opens": opens, **_decision(valid_to, authority)}
	records.change(grant, "open_to", grant.reason, **values)
	_tell(grant)


def refuse(grant: Document, note: str) -> None:
	_require_open(grant)
	note = records.required(note, _("Say why it is refused."))
	records.change(grant, "refuse_access", note, status="Refused", decision_note=note, **_by())
	records.tell_outsider(grant, _("Your request for access was not granted: {0}").format(note))


def end(grant: Document, note: str) -> None:
	"""Whoever may decide ends it, and so does the person themself."""
	if grant.user != frappe.session.user:
		require_decider(grant.case)
	if grant.status != "Granted":
		frappe.throw(_("Only what was granted can be ended."))
	records.end(grant, records.required(note, _("Say why it ends.")))


def verbs_for(grant: Document) -> list[str]:
	decides = may_decide(grant.case) and grant.user != frappe.session.user
	if grant.status == "Asked":
		return ["give", "refuse"] if decides else []
	own = grant.user == frappe.session.user
	return ["end"] if grant.status == "Granted" and (decides or own) else []


def may_decide(case: str) -> bool:
	doc = frappe.get_doc("Case", case)
	works = is_supervisor(doc) and frappe.has_permission("Case", "write", doc=doc)
	guards = "Privacy Officer" in frappe.get_roles() and frappe.has_permission("Case", "read", doc=doc)
	return bool(works or guards or guards_sealed(case))


def guards_sealed(case: str) -> bool:
	"""A privacy officer decides to whom a sealed case is open, and reads none of it."""
	officer = "Privacy Officer" in frappe.get_roles() and case not in subject_of(frappe.session.user).recused
	return officer and frappe.db.get_value("Case", case, "confidentiality") == SEALED


def require_decider(case: str) -> None:
	if not may_decide(case):
		message = _(
			"Only a supervisor who works this case, or a privacy officer who may read it, can decide this."
		)
		frappe.throw(message, frappe.PermissionError)


def _require_open(grant: Document) -> None:
	require_decider(grant.case)
	_refuse_oneself(grant.user)
	if grant.status != "Asked":
		frappe.throw(_("This has been decided already."))


def _end_earlier(case: str, user: str) -> None:
	"""One at a time, or ending it would change nothing. Who decides at the same moment waits here for the other."""
	frappe.get_doc("Case", case, for_update=True)
	standing = {"case": case, "user": user, "status": "Granted", "kind": "Permission"}
	for name in frappe.get_all("Case Access Grant", standing, pluck="name"):
		earlier = frappe.get_doc("Case Access Grant", name, for_update=True)
		records.end(earlier, _("Another takes its place."))


def _refuse_oneself(user: str) -> None:
	if user == frappe.session.user:
		frappe.throw(
			_("Nobody opens a case to themselves. Ask somebody else who may."), frappe.PermissionError
		)


def _decision(valid_to: str, authority: str) -> dict:
	authority = records.required(
		authority, _("Say on whose authority: who ordered it, or which law gives the right.")
	)
	return {
		"valid_from": now_datetime(),
		"valid_to": records.checked_end(valid_to),
		"authority": authority,
		**_by(),
	}


def _by() -> dict:
	return {"decided_by": frappe.session.user, "decided_at": now_datetime()}


def _reason(reason: str) -> str:
	return records.required(reason, _("Say why the case is opened to this person."))


def _tell(grant: Document) -> None:
	until = frappe.format(grant.valid_to, "Datetime")
	records.tell([grant.user], grant, _("{0} is open to you until {1}.").format(grant.case, until))
