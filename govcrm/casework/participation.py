"""Who takes part in a case besides its own department: the records that the access rule looks at.

A row is written and taken away by the acts that are the reason for it (assigning, giving out a task, referring),
never by hand. Its name is made of what it says, so the same participation can stand only once.
"""

from hashlib import sha256

import frappe
from frappe.model.document import Document

from govcrm.domain.cases import CANCELLED, CLOSED

ENDED = frozenset({CLOSED, CANCELLED})


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
	if not frappe.db.exists("Case Participant", name):
		participant = frappe.new_doc("Case Participant", **values, running=_is_running(case))
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


def follow(case: Document, method: str | None = None) -> None:
	"""Doc event of Case: keep `running` of its participants in step. Lists of running cases go by it."""
	if case.get_doc_before_save() and case.has_value_changed("state_category"):
		table = frappe.qb.DocType("Case Participant")
		rows = frappe.qb.update(table).set(table.running, int(_is_running(case)))
		rows.where(table["case"] == case.name).run()


def _is_running(case: Document | str) -> bool:
	category = (
		frappe.db.get_value("Case", case, "state_category") if isinstance(case, str) else case.state_category
	)
	return category not in ENDED


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
