"""Lawful destruction of the values in the audit log."""

import frappe
from frappe import _

from govcrm.accountability import shredding

MAY = {"Records Officer", "Privacy Officer"}


@frappe.whitelist(methods=["POST"])
def shred(subject: str, authority: str, reason: str) -> dict:
	"""Destroy the key of a matter such as `Case/CASE-…`. For those who answer for records or privacy. Cannot be undone."""
	if MAY.isdisjoint(frappe.get_roles()):
		message = _("Only a Records Officer or a Privacy Officer destroys what the audit log holds.")
		frappe.throw(message, frappe.PermissionError)
	return shredding.shred(subject, authority, reason)._asdict()
