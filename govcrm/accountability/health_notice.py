"""Tells the auditors, once, of what has become bad about the audit log."""

import json

import frappe
from frappe import _

from govcrm.accountability import health
from govcrm.accountability.reconciling import findings
from govcrm.casework.sweep import telling

TOLD = "govcrm_audit_health_told"


def tell() -> list[str]:
	"""Notify of each line that is bad and was not when this last ran. Returns the keys of those lines.

	What is well again is forgotten, and told again should it come back.
	"""
	bad = {line["key"]: line for line in health.lines() if line["state"] == health.BAD}
	told = set(json.loads(frappe.db.get_global(TOLD) or "[]"))
	new = sorted(set(bad) - told)
	for key in new:
		_notify(bad[key])
	if set(bad) != told:
		frappe.db.set_global(TOLD, json.dumps(sorted(bad)))
	return new


def _notify(line: dict[str, str]) -> None:
	settings = frappe.get_cached_doc("Audit Settings")
	message = _("Audit log: {0}: {1}. {2}").format(line["label"], line["value"], line["advice"])
	telling.tell(settings, findings.recipients(), message)
