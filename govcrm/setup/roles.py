"""The ten roles of the app. Only what is missing is made: what an agency sets on a role stays."""

import frappe

DESK_ROLES = frozenset(
	{
		"Agency Administrator",
		"Program Designer",
		"Intake Agent",
		"Caseworker",
		"Case Supervisor",
		"Records Officer",
		"Privacy Officer",
		"Agency Auditor",
		"Elected Official",
	}
)
PORTAL_ROLES = frozenset({"Constituent"})
ROLES = DESK_ROLES | PORTAL_ROLES


def sync_roles() -> None:
	"""Make the roles that are missing, and close the Desk to those who only use the website."""
	for role in sorted(ROLES):
		if not frappe.db.exists("Role", role):
			frappe.new_doc("Role", role_name=role, desk_access=role in DESK_ROLES).insert()
	for role in frappe.get_all(
		"Role", filters={"name": ("in", sorted(PORTAL_ROLES)), "desk_access": 1}, pluck="name"
	):
		_close_desk(role)


def _close_desk(role: str) -> None:
	"""A role that a DocType's permissions named before this ran was made by Frappe, and then it opens the Desk."""
	doc = frappe.get_doc("Role", role)
	doc.desk_access = 0
	doc.save()
