"""What the Desk asks about cases beside Frappe's own doors."""

import frappe
from werkzeug.wrappers import Response

from govcrm.api.casework import services
from govcrm.arguments import parsed


@frappe.whitelist(methods=["GET", "POST"])
def shared_actions(names: list | str) -> list:
	"""The actions the user may take on every one of these cases."""
	return services.shared_actions(parsed(names, list))


@frappe.whitelist(methods=["POST"])
def apply_to_selected(
	names: list | str,
	action: str,
	reason: str | None = None,
	outcome: str | None = None,
	status_notes: str | None = None,
) -> dict:
	"""Take one action on many cases: {done, failed: {name: why}}, or {queued: n} for more than twenty."""
	details = {"reason": reason, "outcome": outcome, "status_notes": status_notes}
	return services.apply_to_selected(parsed(names, list), action, details)


@frappe.whitelist(methods=["GET", "POST"])
def people(case: str) -> list:
	"""Who asked for what in this case, as far as the user may know.

	{request, citizen, name, address_string, description}
	"""
	return services.people(case)


@frappe.whitelist(methods=["GET", "POST"])
@frappe.validate_and_sanitize_search_inputs
def workers(
	doctype: str,
	txt: str,
	searchfield: str,
	start: int,
	page_len: int,
	filters: dict | list | str | None = None,
) -> list:
	"""Link search: the users who can be given a case or a task."""
	return services.workers(txt, start, page_len)


@frappe.whitelist(methods=["POST"])
def next_item(department: str | None = None) -> dict:
	"""Give the user the most urgent case of their departments, or of one: {case}. 417 with the reason if there is none."""
	return services.next_item(department)


@frappe.whitelist(methods=["GET", "POST"])
def board(department: str | None = None, program: str | None = None) -> dict:
	"""The team board of a department with those below it: {department, departments, may_assign, unassigned, people}."""
	return services.board(department, program)


@frappe.whitelist(methods=["GET", "POST"])
def board_cards(
	department: str, program: str | None = None, user: str | None = None, start: int | str = 0
) -> list:
	"""The further cards of one column of the board: of a user, or those that nobody has."""
	return services.board_cards(department, program, user, start)


@frappe.whitelist(methods=["POST"])
def ask_access(case: str, opens: str, reason: str) -> str:
	"""Ask for a case that one cannot open, to Read or to Work. The answer tells nothing of whether there is one."""
	return services.ask_access(case, opens, reason)


@frappe.whitelist(methods=["POST"])
def open_in_emergency(case: str, reason: str) -> dict:
	"""Read a Restricted case for some hours, now: {case, valid_to}. Privacy officers are told, and review it."""
	return services.open_in_emergency(case, reason)


@frappe.whitelist(methods=["POST"])
def sealed_words(case: str) -> dict:
	"""What a sealed case says: {state, message, may_write, records}. Each look is recorded, and so it is no GET."""
	return services.sealed_words(case)


@frappe.whitelist(methods=["POST"])
def write_sealed(case: str, doctype: str, name: str, field: str, value: str | None = None) -> None:
	"""Change one word of a sealed case, of those that `sealed_words` marks as editable."""
	services.write_sealed(case, doctype, name, field, value)


@frappe.whitelist(methods=["POST"])
def sealed_files(case: str) -> dict:
	"""The files of a sealed case: {may_write, files}. Each look is recorded, and so it is no GET."""
	return services.sealed_files(case)


@frappe.whitelist(methods=["POST"])
def add_sealed_file(case: str, note: str | None = None) -> str:
	"""Put up a file on a sealed case, as `file` of a form (multipart). The name of the Sealed Evidence."""
	return services.add_sealed_file(case, note)


@frappe.whitelist(methods=["POST"])
def sealed_file(name: str) -> Response:
	"""The content of a file of a sealed case. That it was taken is recorded, and so it is no GET."""
	return services.sealed_file(name)


@frappe.whitelist(methods=["POST"])
def remove_sealed_file(name: str, reason: str) -> None:
	"""Take a file off a sealed case, for good."""
	services.remove_sealed_file(name, reason)


@frappe.whitelist(methods=["POST"])
def open_sealed(case: str, user: str, opens: str, reason: str, authority: str, valid_to: str) -> str:
	"""Open a sealed case to a person, as a privacy officer who reads none of it. The name of the Case Access Grant."""
	return services.open_sealed(case, user, opens, reason, authority, valid_to)
