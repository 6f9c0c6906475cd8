"""Ends the waits of cases and the holds of tasks whose day has come."""

import frappe
from frappe.utils import getdate

from govcrm.casework.attempts import Run, attempt
from govcrm.casework.verbs.workable import ON_HOLD
from govcrm.domain.cases import WAITING


def end_due_holds(run: Run = attempt) -> dict[str, str]:
	"""End all that are due; returns why some could not be ended, by name. Those are tried again the next day.

	`run` carries out each of them, under a title, and returns None or why it failed: `attempts.attempt` within the
	transaction at hand, `attempts.alone` in one of its own, so that neither a crash nor a bad record undoes the others.
	"""
	failures = {
		**_end_each("Case", due_waits(), "end_wait", run),
		**_end_each("Case Task", due_holds(), "end_hold", run),
	}
	if failures:
		lines = "\n".join(f"{name}: {why}" for name, why in failures.items())
		frappe.log_error(title="Holds that could not be ended", message=lines)
	return failures


def due_waits() -> list[str]:
	"""By the index of the date, which few cases have; `get_all` would wrap it in a function and read every waiting one."""
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(case.name).where(case.waiting_until <= getdate())
	return (
		query.where(case.state_category == WAITING).orderby(case.waiting_until, case.creation).run(pluck=True)
	)


def due_holds() -> list[str]:
	task = frappe.qb.DocType("Case Task")
	query = frappe.qb.from_(task).select(task.name).where(task.hold_until <= getdate())
	return query.where(task.status == ON_HOLD).orderby(task.hold_until, task.creation).run(pluck=True)


def _end_each(doctype: str, due: list[str], method: str, run: Run) -> dict[str, str]:
	failures = {}
	for name in due:
		if why := run(lambda name=name: _end(doctype, name, method), f"{doctype} {name}: {method}"):
			failures[name] = why
	return failures


def _end(doctype: str, name: str, method: str) -> None:
	"""Read here and not before: another run may have ended it, or somebody deleted it."""
	if frappe.db.exists(doctype, name):
		getattr(frappe.get_doc(doctype, name), method)()
