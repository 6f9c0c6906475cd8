"""Checks what the endpoints were given, and asks casework."""

import frappe
from frappe import _
from frappe.utils import cint
from werkzeug.wrappers import Response

from govcrm.api.intake.boundary import in_own_transaction
from govcrm.casework import bulk
from govcrm.casework.evidence import handing, removing, taking
from govcrm.casework.grants import asking, emergencies
from govcrm.casework.queues import board as team_board
from govcrm.casework.queues import pulling
from govcrm.casework.sealed import opening, showing
from govcrm.casework.verbs.authority import WORKER_ROLES
from govcrm.domain.references import normalise_reference


def shared_actions(names: list) -> list[dict]:
	return bulk.shared_actions(case_names(names))


def apply_to_selected(names: list, action: str, details: dict) -> dict:
	"""Every case is checked again by the act itself, which needs the right to write it."""
	frappe.has_permission("Case", "write", throw=True)
	return bulk.apply_to_selected(case_names(names), action, details)


def case_names(names: list) -> list[str]:
	if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
		frappe.throw(_("Give a list of names of cases."))
	return names


def people(case: str) -> list[dict]:
	"""Requests and citizens pass the access rule one by one: a request may be seen where its citizen may not."""
	if not frappe.has_permission("Service Request", "read"):
		return []
	requests = frappe.get_list(
		"Service Request",
		filters={"case": case},
		fields=["name", "citizen", "address_string", "description"],
		order_by="creation",
	)
	names = citizen_names([row.citizen for row in requests if row.citizen])
	return [{**row, "request": row.name, "name": names.get(row.citizen)} for row in requests]


def citizen_names(citizens: list[str]) -> dict[str, str]:
	"""Full names of those the user may see; the name itself is at permlevel 1."""
	if not citizens or 1 not in frappe.get_meta("Citizen").get_permlevel_access("read"):
		return {}
	rows = frappe.get_list("Citizen", filters={"name": ("in", citizens)}, fields=["name", "full_name"])
	return {row.name: row.full_name for row in rows}


def workers(text: str, start: int, page_len: int) -> list[list[str]]:
	"""[user, full name] of enabled users with a role that works on cases, for those who may assign."""
	frappe.has_permission("Case", "write", throw=True)
	user, role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	query = frappe.qb.from_(user).join(role).on((role.parent == user.name) & (role.parenttype == "User"))
	query = query.select(user.name, user.full_name).distinct()
	query = query.where((user.enabled == 1) & role.role.isin(sorted(WORKER_ROLES)))
	query = query.where(user.name.like(f"%{text}%") | user.full_name.like(f"%{text}%"))
	return query.orderby(user.full_name).limit(page_len).offset(start).run(as_list=True)


def next_item(department: str | None) -> dict:
	"""Who comes in each other's way is served again; that each gets a case of their own is up to the queue."""
	return {"case": in_own_transaction(lambda: pulling.pull_next(department or None))}


def board(department: str | None, program: str | None) -> dict:
	return team_board.board(department or None, program or None)


def board_cards(department: str, program: str | None, user: str | None, start: int | str) -> list[dict]:
	return team_board.more_cards(department, program or None, user or None, cint(start))


def ask_access(case: str, opens: str, reason: str) -> str:
	return asking.ask(case_number(case), opens, reason)


def open_in_emergency(case: str, reason: str) -> dict:
	grant = emergencies.open_in_emergency(case_number(case), reason)
	return {"case": grant.case, "valid_to": grant.valid_to}


def case_number(text: str) -> str:
	"""As people write it and read it out: see `references.normalise_reference`."""
	return normalise_reference(text) or text.strip().upper()


def sealed_words(case: str) -> dict:
	return showing.shown(str(case))


def write_sealed(case: str, doctype: str, name: str, field: str, value: str | None) -> None:
	showing.write(str(case), str(doctype), str(name), str(field), value)


def sealed_files(case: str) -> dict:
	return handing.shown(str(case))


def add_sealed_file(case: str, note: str | None) -> str:
	return taking.put_up(str(case), frappe.request.files.get("file"), note)


def sealed_file(name: str) -> Response:
	return handing.hand_out(str(name))


def remove_sealed_file(name: str, reason: str) -> None:
	removing.remove(str(name), reason)


def open_sealed(case: str, user: str, opens: str, reason: str, authority: str, valid_to: str) -> str:
	return opening.open_to(str(case), user, opens, reason, authority, valid_to)
