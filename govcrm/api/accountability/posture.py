"""How safe the site is set up, and one click to make a setting safe."""

import frappe

from govcrm.api.accountability import services


@frappe.whitelist(methods=["GET"])
def lines() -> dict:
	"""{lines: [{key, label, value, state, reason, advice, mend}], controls: [{id, title, family, state, words, by}], may_mend}.

	The state of a line is ok, partly or bad, that of a control (NIST SP 800-53 rev. 5) in force, partly or not here.
	"""
	return services.posture()


@frappe.whitelist(methods=["POST"])
def mend(key: str) -> dict:
	"""Make the setting of one line safe, and tell all as they are then."""
	return services.mend(key)
