"""What was opened to a person ends with what it rests on: the time, the role, their department, the one that has the case.

By the clock, and with the role, the access rule closes the case at once, whatever stands here. But a status that goes on saying
"Granted" would say what is not so, and a role that is given back would open anew what nobody decided on again.
"""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname, getdate, now_datetime

from govcrm.casework.attempts import Run, attempt
from govcrm.casework.grants import records

DOCTYPE = "Case Access Grant"
DEPARTMENT = "Agency Department"

# At once ---------------------------------------------------------------------------------------------------


def end_with_transfer(case: Document) -> None:
	"""The department that has the case now decides anew. What is asked for waits for it; an emergency lasts its hours."""
	why = _("{0} has the case now, and decides anew to whom it is open.").format(case.department)
	for name in standing({"case": case.name, "kind": "Permission"}):
		end(name, why)


def follow_user(doc: Document, method: str | None = None) -> None:
	"""Doc event of User: disabled, or without a role that it needs."""
	for name in standing({"user": doc.name}):
		if why := why_over(name):
			end(name, why)


def follow_department(doc: Document, method: str | None = None) -> None:
	"""Doc event of Agency Department: who is no longer a member of it."""
	before = doc if method == "on_trash" else doc.get_doc_before_save()
	remaining = set() if method == "on_trash" else _members(doc)
	for user in sorted(_members(before) - remaining) if before else ():
		for name in standing({"user": user}):
			end(name, _has_left(user, doc.name))


def _members(department: Document) -> set[str]:
	today = getdate()
	return {row.user for row in department.members if _begun(row, today) and not _over(row, today)}


def _begun(row: Document, today) -> bool:
	return not row.from_date or getdate(row.from_date) <= today


def _over(row: Document, today) -> bool:
	return bool(row.to_date) and getdate(row.to_date) < today


# By the job ------------------------------------------------------------------------------------------------


def end_due(run: Run = attempt) -> dict[str, str]:
	"""End all that are over, for whatever reason; returns why some could not be ended, by name.

	`run` carries out each, as for `govcrm.casework.holds.end_due_holds`.
	"""
	failures = {}
	for name, why in list(_due()):
		if failed := run(lambda name=name, why=why: end(name, why), f"{DOCTYPE} {name}: end"):
			failures[name] = failed
	if failures:
		lines = "\n".join(f"{name}: {why}" for name, why in failures.items())
		frappe.log_error(title="Permissions that could not be ended", message=lines)
	return failures


def _due() -> Iterator[tuple[str, str]]:
	for name in standing({}):
		if why := why_over(name):
			yield name, why


def standing(filters: dict) -> list[str]:
	return frappe.get_all(DOCTYPE, {**filters, "status": "Granted"}, pluck="name", order_by="creation, name")


def why_over(name: str) -> str | None:
	"""In words for its history; None for what still has all it rests on."""
	fields = ("user", "kind", "opens", "valid_from", "valid_to")
	grant = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True)
	if grant.valid_to <= now_datetime():
		return _("Its time is over.")
	if not records.can_hold(grant.user, grant.kind, grant.opens):
		message = _("{0} is not enabled, or has no role any more that a case can be opened to.")
		return message.format(get_fullname(grant.user))
	left = _left_since(grant.user, getdate(grant.valid_from))
	return _has_left(grant.user, left) if left else None


def _left_since(user: str, day) -> str | None:
	"""A department whose member the user was that day or later, and is not today: by the last day of the membership."""
	fields, parent = ["parent", "from_date", "to_date"], {"parenttype": DEPARTMENT, "user": user}
	rows, today = frappe.get_all("Department Member", parent, fields, order_by="name"), getdate()
	present = {row.parent for row in rows if _begun(row, today) and not _over(row, today)}
	left = (row.parent for row in rows if _over(row, today) and getdate(row.to_date) >= day)
	return next((department for department in left if department not in present), None)


# Ending ----------------------------------------------------------------------------------------------------


def end(name: str, why: str) -> None:
	"""End it, with the reason in the history of the case, and tell the person. What has ended meanwhile stays as it is."""
	grant = frappe.get_doc(DOCTYPE, name, for_update=True)
	if grant.status != "Granted":
		return
	in_time = grant.valid_to > now_datetime()
	records.end(grant, why)
	if in_time:
		records.tell_outsider(grant, _("{0} is no longer open to you: {1}").format(grant.case, why))


def _has_left(user: str, department: str) -> str:
	return _("{0} has left {1}.").format(get_fullname(user), department)
