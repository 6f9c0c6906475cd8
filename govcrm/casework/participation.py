"""Who takes part in a case besides its own department: the records that the access rule looks at.

A row is written and taken away by the acts that are the reason for it (assigning, giving out a task, referring),
never by hand. Its name is made of what it says, so the same participation can stand only once.
"""

from hashlib import sha256

import frappe
from frappe.model.document import Document


def add(
	case: Document | str,
	capacity: str,
	*,
	user: str | None = None,
	department: str | None = None,
	source: Document | None = None,
) -> str:
	"""Let a user or a department take part in a case, and return the name of the Case Participant.

	`capacity` is one of the options of Case Participant; `source` is the record that is the reason (a task, another
	case). Who takes part already in that capacity and for that reason stays as they are.
	"""
	values = _values(case, capacity, user, department, source)
	name = participant_name(**values)
	if capacity != "Assignee" or not _is_assignee(case, user):
		_mark_shared(case)
	if not frappe.db.exists("Case Participant", name):
		participant = frappe.new_doc("Case Participant", **values)
		participant.flags.by_system = True
		participant.flags.ignore_permissions = True  # the act that is the reason was checked
		participant.insert(ignore_if_duplicate=True)
	return name


def remove(
	case: Document | str,
	capacity: str,
	*,
	user: str | None = None,
	department: str | None = None,
	source: Document | None = None,
) -> None:
	"""Take back what `add` did with the same arguments. What is not there is no error."""
	name = participant_name(**_values(case, capacity, user, department, source))
	frappe.delete_doc(
		"Case Participant",
		name,
		ignore_permissions=True,  # the act that ends the participation was checked
		ignore_missing=True,
		delete_permanently=True,
		flags={"by_system": True},
	)


def participant_name(
	case: str,
	capacity: str,
	user: str | None = None,
	department: str | None = None,
	source_doctype: str | None = None,
	source_name: str | None = None,
) -> str:
	"""The name that a Case Participant with these values has; for those who write rows in bulk."""
	said = (case, capacity, user, department, source_doctype, source_name)
	return sha256("\x1f".join(part or "" for part in said).encode()).hexdigest()[:20]


def keep_shared(case: Document, method: str | None = None) -> None:
	"""Doc event of Case: a document that was loaded before somebody joined does not undo that it is shared."""
	if not case.shared and not case.is_new():
		case.shared = frappe.db.get_value("Case", case.name, "shared")


def _mark_shared(case: Document | str) -> None:
	"""Lists look at participants only where a case is marked, or where one is the assignee."""
	if not isinstance(case, str):
		case.shared = 1
		case = case.name
	frappe.db.set_value("Case", case, "shared", 1, update_modified=False)


def _is_assignee(case: Document | str, user: str | None) -> bool:
	assignee = frappe.db.get_value("Case", case, "assignee") if isinstance(case, str) else case.assignee
	return bool(user) and user == assignee


def _values(
	case: Document | str, capacity: str, user: str | None, department: str | None, source: Document | None
) -> dict[str, str | None]:
	return {
		"case": case if isinstance(case, str) else case.name,
		"capacity": capacity,
		"user": user,
		"department": department,
		"source_doctype": source.doctype if source else None,
		"source_name": source.name if source else None,
	}
