"""One click that makes a setting safe. It only ever tightens, so that those who set up the agency may do it; it is recorded."""

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.accountability.posture import hardening, lines, settings

READERS = ("Agency Administrator", "System Manager", "Agency Auditor")
MENDERS = ("Agency Administrator", "System Manager")


def may_mend() -> bool:
	return _is_one_of(MENDERS)


def require_reader() -> None:
	if not _is_one_of(READERS):
		frappe.throw(
			_("The security posture is shown to {0}.").format(_words(READERS)), frappe.PermissionError
		)


def require_mender() -> None:
	if not _is_one_of(MENDERS):
		frappe.throw(_("Settings are put in force by {0}.").format(_words(MENDERS)), frappe.PermissionError)


def _is_one_of(roles: tuple[str, ...]) -> bool:
	return bool(set(roles).intersection(frappe.get_roles()))


def _words(roles: tuple[str, ...]) -> str:
	return ", ".join(map(_, roles))


def mend(key: str) -> None:
	"""Make the setting of this line safe. Nothing happens where it is so already.

	Raises PermissionError, and ValidationError with what to do first where a click would do harm.
	"""
	require_mender()
	if key == lines.TWO_FACTOR:
		_ask_for_second_factor()
		return
	setting = settings.known().get(key)
	if not setting:
		frappe.throw(_("This is not mended here: do what its line says."))
	doc = frappe.get_doc("System Settings")
	if not setting.met(doc.get(key)):
		doc.set(key, setting.wanted)
		if key == "minimum_password_score":
			doc.enable_password_policy = 1  # Frappe clears the score of a policy that is off
		hardening.save(doc, _("Security posture: {0}").format(setting.label))


def _ask_for_second_factor() -> None:
	"""Of staff. Frappe's own switch asks everybody, citizens with an account among them, who may have no such app."""
	if objection := lines.objection_to_second_factor():
		frappe.throw(objection)
	reason = _("Security posture: {0}").format(_("Staff log in with a second factor"))
	doc = frappe.get_doc("System Settings")
	if not doc.enable_two_factor_auth:
		doc.update({"enable_two_factor_auth": 1, "two_factor_method": doc.two_factor_method or "OTP App"})
		hardening.save(doc, reason)
		_set_second_factor("All", 0, reason)
	for role in lines.staff_without_second_factor():
		_set_second_factor(role, 1, reason)


def _set_second_factor(role: str, wanted: int, reason: str) -> None:
	doc = frappe.get_doc("Role", role)
	doc.two_factor_auth = wanted
	with trail.act("update", reason=reason):
		doc.save(ignore_permissions=True)  # the right was asked for, and it only tightens
