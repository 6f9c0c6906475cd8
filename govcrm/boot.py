"""What the Desk is told when it starts."""

import frappe
from frappe.utils import cint

from govcrm.casework.grants import emergencies
from govcrm.gate import governed

# The first workspace that a user may see, when neither the user nor an administrator has chosen one.
LANDING = {
	"Casework": ("Caseworker", "Case Supervisor", "Records Officer", "Privacy Officer"),
	"Audit": ("Agency Auditor",),
	"Intake": ("Intake Agent",),
	"Agency Setup": ("Agency Administrator", "Program Designer"),
	"Service Performance": ("Elected Official",),
}


def extend_bootinfo(bootinfo: dict) -> None:
	"""Hook `extend_bootinfo`: staff land where their work is, not on the workspace that sorts first."""
	bootinfo["govcrm"] = {"opens_in_emergency": _opens_in_emergency(), "governed": sorted(governed.scoped())}
	user = bootinfo.get("user")
	if user and not user.get("default_workspace") and (workspace := landing_of(frappe.get_roles())):
		user["default_workspace"] = workspace


def _opens_in_emergency() -> bool:
	"""No, where it cannot be told: new code before its migrate shall leave the Desk usable."""
	try:
		return emergencies.may_open()
	except Exception:
		frappe.logger("govcrm.boot").error("emergencies", exc_info=True)
		return False


def landing_of(roles: list[str]) -> dict | None:
	"""Return the landing workspace for somebody with `roles`, as the Desk wants it; None if none is ours."""
	held = set(roles)
	if "Administrator" in held:
		return None
	names = (name for name, wanted in LANDING.items() if held.intersection(wanted))
	return next(filter(None, map(_describe, names)), None)


def _describe(name: str) -> dict | None:
	"""Administrators may hide a workspace or take it away."""
	found = frappe.db.get_value("Workspace", name, ["name", "title", "public", "is_hidden"], as_dict=True)
	if not found or cint(found.pop("is_hidden")):
		return None
	return found
