"""Rights of program designers on Frappe's own records of workflows, which Frappe gives to System Managers alone.

`govcrm.workflows.guard` keeps them to workflows of document type Case.
"""

import frappe
from frappe.permissions import reset_perms, setup_custom_perms

DESIGNERS = ("Agency Administrator", "Program Designer")
DRAW = ("read", "write", "create", "delete")
NAME = ("read", "write", "create")
RIGHTS = {
	"Workflow": DRAW,
	"Workflow State": NAME,
	"Workflow Action Master": NAME,
	"Role": ("read",),
}
BUILDER = "workflow-builder"


def grant() -> None:
	"""Let designers draw workflows, in the form and in the builder. May be run any number of times."""
	for doctype, rights in RIGHTS.items():
		setup_custom_perms(doctype)
		for role in DESIGNERS:
			_grant(doctype, role, rights)
		frappe.clear_cache(doctype=doctype)
	_open_builder()


def revoke() -> None:
	"""Take the rights back; where nothing but Frappe's own rows are left, drop the copies of these too."""
	for doctype in RIGHTS:
		frappe.db.delete("Custom DocPerm", {"parent": doctype, "role": ["in", DESIGNERS]})
		if _rows("Custom DocPerm", doctype) == _rows("DocPerm", doctype):
			reset_perms(doctype)
		frappe.clear_cache(doctype=doctype)
	_close_builder()


def _grant(doctype: str, role: str, rights: tuple[str, ...]) -> None:
	key = {"parent": doctype, "role": role, "permlevel": 0, "if_owner": 0}
	if not frappe.db.exists("Custom DocPerm", key):
		frappe.get_doc({"doctype": "Custom DocPerm", **key, **dict.fromkeys(rights, 1)}).insert()


def _rows(doctype: str, parent: str) -> list[dict]:
	fields = [
		"role",
		"permlevel",
		"if_owner",
		"read",
		"write",
		"create",
		"delete",
		"share",
		"email",
		"print",
		"select",
	]
	return frappe.get_all(doctype, {"parent": parent}, fields, order_by="role, permlevel")


def _open_builder() -> None:
	"""A Custom Role stands in for the roles of a page, hence names those of Frappe as well."""
	if frappe.db.exists("Custom Role", {"page": BUILDER}) or not frappe.db.exists("Page", BUILDER):
		return
	roles = [*frappe.get_all("Has Role", {"parent": BUILDER, "parenttype": "Page"}, pluck="role"), *DESIGNERS]
	rows = [{"role": role} for role in dict.fromkeys(roles)]
	frappe.get_doc({"doctype": "Custom Role", "page": BUILDER, "roles": rows}).insert()


def _close_builder() -> None:
	name = frappe.db.get_value("Custom Role", {"page": BUILDER})
	if not name:
		return
	custom = frappe.get_doc("Custom Role", name)
	custom.roles = [row for row in custom.roles if row.role not in DESIGNERS]
	standard = frappe.get_all("Has Role", {"parent": BUILDER, "parenttype": "Page"}, pluck="role")
	if {row.role for row in custom.roles} == set(standard):
		custom.delete()
	else:
		custom.save()
