"""What stands in the way of an act, said with names."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.domain.cases import ANY, CLOSED, TASK_DONE, Obstacles, Part, Task, obstacles


class BlockedError(frappe.ValidationError):
	"""Open tasks or parts keep the case from its next state."""


@contextmanager
def by_verb(doc: Document) -> Iterator[None]:
	"""Within this, the fields that only verbs change may be saved.

	The verb has checked the stored record; saving must not check the changed one, which may by this very act have
	left the user's reach (a transfer).
	"""
	before = doc.flags.by_verb, doc.flags.ignore_permissions  # kept, for a verb within a verb
	doc.flags.by_verb = doc.flags.ignore_permissions = True  # the verb has checked, see above
	try:
		yield
	finally:
		doc.flags.by_verb, doc.flags.ignore_permissions = before  # nothing else is let through


def refuse_direct_edits(doc: Document, fields: tuple[str, ...]) -> None:
	"""Refuse a save that changes a field which only a verb may change."""
	before = doc.get_doc_before_save()
	if doc.flags.by_verb or not before:
		return
	changed = [field for field in fields if doc.has_value_changed(field)]
	if changed:
		labels = ", ".join(_(doc.meta.get_label(field)) for field in changed)
		message = _("{0} cannot be edited here. Use the actions of the {1}.")
		frappe.throw(message.format(labels, _(doc.doctype)), frappe.PermissionError)


def refuse_obstacles(case: Document, state: str, category: str) -> None:
	if found := find_obstacles(case, state, category, lock=True):
		frappe.throw("<br>".join(explain(found, case)), BlockedError, title=_("Something Is Still Open"))


def find_obstacles(case: Document, state: str, category: str, *, lock: bool = False) -> Obstacles:
	"""What keeps the case from a state. With `lock`, what is found stays so until the transaction ends."""
	return obstacles(
		gating_tasks(case.name, lock),
		parts_of(case.name, lock) if category == CLOSED else (),
		rule=case.join_rule,
		n=case.join_count,
		state=state,
		category=category,
	)


def gating_tasks(case: str, lock: bool) -> list[Task]:
	"""The undone tasks that are required for anything."""
	task = frappe.qb.DocType("Case Task")
	query = frappe.qb.from_(task).select(
		task.name, task.title, task.status, task.required, task.required_for_state
	)
	query = query.where((task.case == case) & task.status.notin(list(TASK_DONE)))
	return [Task(*row[:3], bool(row[3]), row[4]) for row in locking(query, lock).run()]


def parts_of(case: str, lock: bool) -> list[Part]:
	"""The parts of a case as the join rule sees them."""
	part = frappe.qb.DocType("Case")
	query = frappe.qb.from_(part).select(part.name, part.state_category, part.holds_parent, part.department)
	rows = locking(query.where(part.parent_case == case).orderby(part.creation), lock).run()
	return [Part(name, category, bool(holds), is_active(place)) for name, category, holds, place in rows]


def locking(query, lock: bool):
	"""A locking read sees what others have committed meanwhile; an ordinary one what was there at the start."""
	return query.for_update() if lock else query


def is_active(department: str) -> bool:
	return bool(frappe.get_cached_value("Agency Department", department, "active"))


def explain(found: Obstacles, case: Document) -> list[str]:
	"""One sentence for the tasks, one for the parts."""
	lines = []
	if found.tasks:
		titles = ", ".join(frappe.utils.escape_html(task.title) for task in found.tasks)
		lines.append(_("These tasks must be done first: {0}.").format(titles))
	if found.parts:
		lines.append(explain_parts(found, case))
	return lines


def explain_parts(found: Obstacles, case: Document) -> str:
	names = ", ".join(part.name for part in found.parts)
	if case.join_rule == ANY or found.parts_to_close < len(found.parts):
		return _("{0} more of these parts must be closed first: {1}.").format(found.parts_to_close, names)
	return _("These parts in other departments must be closed first: {0}.").format(names)
