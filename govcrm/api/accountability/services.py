"""Checks what the endpoints were given, and asks the history."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability import health, trail
from govcrm.accountability.history import checking, printing, words
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.history.telling import Teller
from govcrm.accountability.posture import lines as posture_lines
from govcrm.accountability.posture import mending, nist
from govcrm.accountability.sealing import proofs
from govcrm.accountability.trail import governed

EVENT, SEAL = "Audit Event", "Audit Seal"
RECONCILIATION = "Audit Reconciliation"
KEEPERS = ("Agency Auditor", "Agency Administrator")
RECONCILE_JOB = "govcrm-audit-reconcile"


def seen(name: str) -> dict[str, Any]:
	return Teller().told(_event(name).as_dict())


def check(name: str) -> dict[str, Any]:
	results = checking.check(_event(name).as_dict(), Reader())
	return {"results": results, "verdict": checking.verdict(results)}


def proof(name: str) -> dict[str, Any]:
	"""Values leave the site with it, so that it was taken is recorded."""
	event = _event(name)
	found = printing.of_event(event.as_dict(), Reader())
	trail.record("export", EVENT, name, detail={"what": "proof", "format": "JSON"}, subject=event.subject)
	return found


def consistency(old: int, new: int) -> dict[str, Any]:
	frappe.has_permission(SEAL, "read", throw=True)
	return proofs.consistency(*sorted((old, new)))


def choices() -> dict[str, Any]:
	frappe.has_permission(EVENT, "read", throw=True)
	rules = governed.governed()
	return {
		"verbs": words.verbs(),
		"doctypes": sorted(doctype for doctype in rules.covered if governed.exists(doctype)),
	}


# Health --------------------------------------------------------------------------------------------------


def health_lines() -> dict[str, Any]:
	frappe.only_for((*KEEPERS, "Privacy Officer"))
	return {"lines": health.lines(), "may_reconcile": bool(set(KEEPERS).intersection(frappe.get_roles()))}


def reconcile() -> dict[str, bool]:
	"""It reads every governed record, so it runs in the background and never twice."""
	frappe.only_for(KEEPERS)
	running = frappe.db.exists(RECONCILIATION, {"status": "Running"})
	job = not running and frappe.enqueue(
		"govcrm.tasks.reconcile_audit_log", queue="long", job_id=RECONCILE_JOB, deduplicate=True
	)
	return {"queued": bool(job)}


# Posture -------------------------------------------------------------------------------------------------


def posture() -> dict[str, Any]:
	mending.require_reader()
	found = posture_lines.lines()
	states = {line.key: line.state for line in found}
	return {
		"lines": [line._asdict() for line in found],
		"controls": [_control(one, states) for one in nist.CONTROLS],
		"may_mend": mending.may_mend(),
	}


def mend(key: str) -> dict[str, Any]:
	mending.mend(key)
	return posture()


def _control(one: nist.Control, states: dict[str, str]) -> dict[str, Any]:
	return {
		"id": one.id,
		"title": _(one.title),
		"family": _(nist.FAMILIES[one.family]),
		"state": nist.told(one, states),
		"words": _(one.words),
		"by": [*one.by, *one.shown_by],
		"needs": nist.lacking(one, states),
	}


def _event(name: str) -> Document:
	event = frappe.get_doc(EVENT, name)
	event.check_permission()
	return event
