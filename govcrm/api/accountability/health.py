"""How the audit log is, and what can be done about it at once."""

import frappe

from govcrm.api.accountability import services


@frappe.whitelist(methods=["GET", "POST"])
def lines() -> dict:
	"""{lines: [{key, label, value, state, advice}], may_reconcile}: state is ok, warn, bad or unknown."""
	return services.health_lines()


@frappe.whitelist(methods=["POST"])
def reconcile() -> dict:
	"""Compare every record with the log, in the background: {queued}. False while one is under way."""
	return services.reconcile()
