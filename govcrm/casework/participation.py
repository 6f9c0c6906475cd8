"""Who, besides the department of a case, takes part in it and may therefore see it. The one writer of Case Participant."""

import frappe
from frappe.model.document import Document


def add(
	case: Document,
	capacity: str,
	*,
	user: str | None = None,
	department: str | None = None,
	source: Document | None = None,
) -> None:
	"""Let a user or the members of a department take part. Adding twice adds once."""
	row = _row(case, capacity, user, department, source)
	if not frappe.db.exists("Case Participant", row):
		participant = frappe.get_doc({"doctype": "Case Participant", **row})
		participant.insert(ignore_permissions=True)  # follows from an act the verb has checked


def remove(
	case: Document,
	capacity: str,
	*,
	user: str | None = None,
	department: str | None = None,
	source: Document | None = None,
) -> None:
	frappe.db.delete("Case Participant", _row(case, capacity, user, department, source))


def _row(case, capacity, user, department, source) -> dict:
	row = {"case": case.name, "capacity": capacity, "user": user, "department": department}
	if source:
		row.update(source_doctype=source.doctype, source_name=source.name)
	return {field: value for field, value in row.items() if value}
