"""Taking an assignment away in the sidebar of the Desk.

Frappe asks for the right to read and no more, and then empties a field named `assigned_to`: whoever could see a task
could take it from the one who has it. Work on cases and tasks changes hands by their verbs.
"""

import frappe
from frappe import _
from frappe.desk.form import assign_to as sidebar

from govcrm.casework.todos import FOLLOWED


def remove(doctype: str, name: str | int, user: str) -> list:
	_refuse_governed(doctype)
	return sidebar.remove(doctype, name, user)


def remove_multiple(doctype: str, names: str) -> None:
	_refuse_governed(doctype)
	sidebar.remove_multiple(doctype, names)


def close(doctype: str, name: str | int, user: str) -> list:
	_refuse_governed(doctype)
	return sidebar.close(doctype, name, user)


def _refuse_governed(doctype: str) -> None:
	if doctype in FOLLOWED:
		message = _("Work is not laid down here. Assign the {0} to somebody else, or use its actions.")
		frappe.throw(message.format(_(doctype)), frappe.PermissionError)
