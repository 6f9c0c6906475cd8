"""Log-ins, refused ones, log-outs and acting as another user: with Frappe's *Activity Log*, in its transaction."""

import frappe
from frappe.model.document import Document

from govcrm.accountability import trail

VERBS = {"Login": "log in", "Logout": "log out", "Impersonate": "impersonate"}


def follow(doc: Document, method: str | None = None) -> None:
	"""Doc event of Activity Log."""
	if doc.operation not in VERBS or not trail.ready():
		return
	outcome = "Denied" if doc.status == "Failed" else "Success"
	known = doc.user and frappe.db.exists("User", doc.user)
	# What was typed in the place of a name is often the password: of that nothing is kept.
	detail = {} if known else {"unknown_user": 1}
	reason = frappe.form_dict.get("reason") if doc.operation == "Impersonate" else None
	target = {"doctype": "User", "name": doc.user, "values": {}} if known else {"subject": "Site/User"}
	trail.record_many(
		[trail.Entry(VERBS[doc.operation], outcome=outcome, detail=detail, reason=reason, **target)]
	)
