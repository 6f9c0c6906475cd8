"""The ten roles of the app. Everything an agency may do with them stays in its hands: only missing ones are made."""

import frappe

# Role: whether it works in the Desk. A constituent is a website user.
ROLES = {
	"Agency Administrator": True,
	"Program Designer": True,
	"Intake Agent": True,
	"Caseworker": True,
	"Case Supervisor": True,
	"Records Officer": True,
	"Privacy Officer": True,
	"Agency Auditor": True,
	"Elected Official": True,
	"Constituent": False,
}
DESK_ROLES = frozenset(role for role, in_desk in ROLES.items() if in_desk)


def sync_roles() -> None:
	"""Make the roles that are missing, and keep the Desk closed to constituents and open to staff."""
	for role, in_desk in ROLES.items():
		if not frappe.db.exists("Role", role):
			frappe.new_doc("Role", role_name=role, desk_access=in_desk, is_custom=0).insert()
		elif bool(frappe.db.get_value("Role", role, "desk_access")) != in_desk:
			_open_desk(role, in_desk)


def _open_desk(role: str, in_desk: bool) -> None:
	"""DocType permissions make roles that are missing before this app can, with Desk access for all of them."""
	doc = frappe.get_doc("Role", role)
	doc.desk_access = in_desk
	doc.save()
