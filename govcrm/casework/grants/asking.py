"""Asking for a case that one cannot open. The answer is the same whether there is such a case or not."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.subjects import subject_of
from govcrm.casework import notices
from govcrm.casework.grants import records
from govcrm.casework.sweep import recipients
from govcrm.domain.access.facts import SEALED


def ask(case: str, opens: str, reason: str) -> str:
	"""Ask those who decide about the case. The sentence that the person is told."""
	opens, reason = records.checked_opens(opens), records.required(reason, _("Say why you need the case."))
	records.checked_user(frappe.session.user, opens)
	stored = frappe.db.get_value("Case", case, "name")
	if stored and stored not in subject_of(frappe.session.user).recused:
		_ask(stored, opens, reason)
	return _("If there is a case {0}, those who decide about it have been asked.").format(
		frappe.utils.escape_html(case)
	)


def _ask(case: str, opens: str, reason: str) -> None:
	values = {"case": case, "user": frappe.session.user, "status": "Asked"}
	if frappe.db.exists("Case Access Grant", values):  # asked already, and not decided yet
		return
	grant = records.make(case, frappe.session.user, opens=opens, status="Asked", reason=reason)
	records.note(grant, "ask_access", reason)
	doc = frappe.get_doc("Case", case)
	records.tell(deciders(doc), grant, _("Somebody asks for access to {0}.").format(case))
	if doc.confidentiality == SEALED:
		tell_guardians(case)


def tell_guardians(case: str) -> None:
	"""Those who open what is sealed and do not read it: by a notice that hangs on no record which is closed to them."""
	officers = [user for user in _privacy_officers() if case not in subject_of(user).recused]
	told = [user for user in officers if user != frappe.session.user]
	notices.tell(told, None, None, _("Somebody asks for access to the sealed case {0}.").format(case))


def deciders(case: Document) -> list[str]:
	"""Of those who may decide, all but the one who asks."""
	others = [user for user in recipients.supervisors(case) if user != frappe.session.user]
	return others or privacy_officers(case)


def privacy_officers(case: Document) -> list[str]:
	"""Those who may read the case, and are not kept from it themselves."""
	return [user for user in recipients.readers(case, _privacy_officers()) if user != frappe.session.user]


def _privacy_officers() -> list[str]:
	holders = frappe.qb.DocType("Has Role")
	user = frappe.qb.DocType("User")
	query = frappe.qb.from_(holders).join(user).on(user.name == holders.parent).select(user.name).distinct()
	enabled = (user.enabled == 1) & (holders.parenttype == "User")
	return query.where(enabled & (holders.role == "Privacy Officer")).run(pluck=True)
