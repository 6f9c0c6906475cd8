"""Frappe's settings made safe when the app comes: once, and each only where it is as Frappe made it.

What an agency sets afterwards stays: no migrate fights over it. The page Security Posture tells what is not as it should be.
"""

import frappe
from frappe.utils import cstr

from govcrm.accountability import trail
from govcrm.accountability.posture.settings import Setting, settings


def harden() -> None:
	"""Seeded (`govcrm.setup.seed`), and so never done twice."""
	doc = frappe.get_doc("System Settings")
	changed = [
		setting
		for setting in settings()
		if _is_frappes(doc, setting) and not setting.met(doc.get(setting.field))
	]
	if changed:
		doc.update({setting.field: setting.wanted for setting in changed})
		save(doc, "Made safe when GovCRM was set up, where it was as Frappe made it")


def save(doc, reason: str) -> None:
	"""Save System Settings with a reason in the audit log, also on a site whose wizard is not done."""
	doc.flags.ignore_mandatory = True
	doc.flags.ignore_permissions = True  # set-up for no user, or the right was asked for (`posture.mending`)
	with trail.act("update", reason=reason):
		doc.save()


def _is_frappes(doc, setting: Setting) -> bool:
	return cstr(doc.get(setting.field)) in ("", cstr(setting.default))
