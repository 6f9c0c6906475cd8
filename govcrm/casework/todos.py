"""Frappe's to-dos under an assignment, so that Desk's lists, filters and sidebar show it.

`assign_to` notifies and makes the to-do. It would share the record with somebody who cannot read it; participation is
added before, so that it need not. Its own closing also empties a field named `assigned_to`; ours keeps who it was.
"""

import frappe
from frappe.desk.form import assign_to
from frappe.model.document import Document

FOLLOWED = ("Case", "Case Task")


def give(doc: Document, user: str, description: str | None = None) -> None:
	"""An open to-do for the user, unless there is one already."""
	if not open_todos(doc, user):
		task = {"assign_to": [user], "doctype": doc.doctype, "name": doc.name, "description": description}
		frappe.flags.gives_todo = True
		try:
			assign_to.add(task, ignore_permissions=True)  # the verb has checked who may assign whom
		finally:
			frappe.flags.gives_todo = False


def follow(todo: Document, method: str | None = None) -> None:
	"""Doc event of ToDo. Somebody was assigned in the sidebar of Desk, or by an Assignment Rule: the verb follows,
	with its checks, its participation and its event. A case has one assignee: the last one assigned."""
	if todo.reference_type not in FOLLOWED or frappe.flags.gives_todo or not todo.allocated_to:
		return
	doc = frappe.get_doc(todo.reference_type, todo.reference_name)
	if is_by_rule(todo, doc):
		doc.assign_by_rule(todo.allocated_to)
	elif doc.doctype == "Case" and todo.allocated_to == frappe.session.user:
		doc.accept()
	else:
		doc.assign(todo.allocated_to)


def is_by_rule(todo: Document, doc: Document) -> bool:
	"""Whether the Assignment Rule that is named would give the record to that user.

	A client can name one as well, in a to-do of its own or through the sidebar's endpoint, and an assignment by rule
	asks nobody's permission.
	"""
	# Read, not set: so Frappe saves what its rules assign, and no client can.
	if not (todo.assignment_rule and todo.flags.ignore_permissions):
		return False
	rule = frappe.get_cached_doc("Assignment Rule", todo.assignment_rule)
	users = {row.user for row in rule.users} | {rule.field and doc.get(rule.field)}
	applies = rule.document_type == doc.doctype and not rule.disabled and todo.allocated_to in users
	return bool(applies and rule.safe_eval("assign_condition", doc.as_dict()))


def cancel(doc: Document, user: str | None = None) -> None:
	"""Take the to-dos of the user (or of all) away: somebody else does it, or nobody."""
	end(doc, "Cancelled", user)


def close(doc: Document) -> None:
	"""The work is done."""
	end(doc, "Closed")


def end(doc: Document, status: str, user: str | None = None) -> None:
	for name in open_todos(doc, user):
		todo = frappe.get_doc("ToDo", name)
		todo.status = status
		todo.save(ignore_permissions=True)  # to-dos belong to their user; ending the work ends them


def open_todos(doc: Document, user: str | None = None) -> list[str]:
	filters = {"reference_type": doc.doctype, "reference_name": doc.name, "status": "Open"}
	if user:
		filters["allocated_to"] = user
	return frappe.get_all("ToDo", filters=filters, pluck="name", order_by="creation")
