"""Ends the waits of cases and the holds of tasks whose day has come."""

import frappe
from frappe.utils import today

from govcrm.casework.attempts import attempt
from govcrm.domain.cases import WAITING


def end_due_holds() -> dict[str, str]:
	"""End all that are due; returns why some could not be ended, by name. Those are tried again the next day."""
	failures = {
		**_end_each("Case", {"state_category": WAITING, "waiting_until": ("<=", today())}, "end_wait"),
		**_end_each("Case Task", {"status": "On Hold", "hold_until": ("<=", today())}, "end_hold"),
	}
	if failures:
		lines = "\n".join(f"{name}: {why}" for name, why in failures.items())
		frappe.log_error(title="Holds that could not be ended", message=lines)
	return failures


def _end_each(doctype: str, due: dict, method: str) -> dict[str, str]:
	failures = {}
	for name in frappe.get_all(doctype, filters=due, pluck="name", order_by="creation"):
		act = getattr(frappe.get_doc(doctype, name), method)
		if why := attempt(act, f"{doctype} {name}: {method}"):
			failures[name] = why
	return failures
