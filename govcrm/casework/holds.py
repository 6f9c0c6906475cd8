"""Ends the waits of cases and the holds of tasks whose day has come."""

from collections.abc import Callable

import frappe
from frappe.utils import today

from govcrm.casework.attempts import attempt
from govcrm.domain.cases import WAITING

Run = Callable[[Callable[[], object], str], str | None]


def end_due_holds(run: Run = attempt) -> dict[str, str]:
	"""End all that are due; returns why some could not be ended, by name. Those are tried again the next day.

	`run` carries out each of them, under a title, and returns None or why it failed: `attempts.attempt` within the
	transaction at hand, `attempts.alone` in one of its own, so that neither a crash nor a bad record undoes the others.
	"""
	failures = {
		**_end_each("Case", {"state_category": WAITING, "waiting_until": ("<=", today())}, "end_wait", run),
		**_end_each("Case Task", {"status": "On Hold", "hold_until": ("<=", today())}, "end_hold", run),
	}
	if failures:
		lines = "\n".join(f"{name}: {why}" for name, why in failures.items())
		frappe.log_error(title="Holds that could not be ended", message=lines)
	return failures


def _end_each(doctype: str, due: dict, method: str, run: Run) -> dict[str, str]:
	failures = {}
	for name in frappe.get_all(doctype, filters=due, pluck="name", order_by="creation"):
		if why := run(lambda name=name: _end(doctype, name, method), f"{doctype} {name}: {method}"):
			failures[name] = why
	return failures


def _end(doctype: str, name: str, method: str) -> None:
	"""Read here and not before: another run may have ended it, or somebody deleted it."""
	if frappe.db.exists(doctype, name):
		getattr(frappe.get_doc(doctype, name), method)()
