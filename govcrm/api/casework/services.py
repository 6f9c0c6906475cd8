"""Checks what the endpoints were given, and asks casework."""

import frappe
from frappe import _

from govcrm.casework import bulk


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
	requests = frappe.get_list(
		"Service Request", filters={"case": case}, fields=["name", "citizen", "anonymous"], order_by="creation"
	)
	names = citizen_names([row.citizen for row in requests if row.citizen])
	return [{"request": row.name, "citizen": row.citizen, "name": names.get(row.citizen)} for row in requests]


def citizen_names(citizens: list[str]) -> dict[str, str]:
	"""Full names of those the user may see; the name itself is at permlevel 1."""
	if not citizens or 1 not in frappe.get_meta("Citizen").get_permlevel_access("read"):
		return {}
	rows = frappe.get_list("Citizen", filters={"name": ("in", citizens)}, fields=["name", "full_name"])
	return {row.name: row.full_name for row in rows}
