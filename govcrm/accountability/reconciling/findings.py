"""Findings: kept once however often they are seen, gone when they no longer hold, told of once."""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling.checking import MISSING_COLUMN, Found
from govcrm.accountability.reconciling.live import pseudonyms
from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.trail.subjects import is_personal
from govcrm.casework.sweep import telling
from govcrm.domain.ledger.compare import CHANGED, DELETED, INSERTED
from govcrm.domain.ledger.replay import TEXTS, Damage

FINDING = "Audit Finding"
DAMAGED = "Log Damaged"
ROWS = (CHANGED, INSERTED, DELETED)
PASSING = (*ROWS, MISSING_COLUMN)  # what may hold no more one day: the log's own damage stays
MOST = 1000  # kept of one reconciliation: whoever changes more by hand is found out by these
AUDITOR = "Agency Auditor"


def keep(run: str, found: Iterable[Found], damages: Iterable[Damage]) -> list[str]:
	"""Write what is new and close what no longer holds; gives the names of new findings.

	What the log said cannot be made undone, so damage of it stays until somebody explains it; a record that is again as
	the log says is Gone. Something that was explained is in the log by that, and differs no more.
	"""
	present = {key: values for key, values in (_of_row(one) for one in found)}
	close_gone(present)
	present.update(_of_damage(one) for one in damages)
	known = _known()
	new = [values for key, values in present.items() if key not in known]
	return [_insert(run, values) for values in new[:MOST]]


def close_gone(present: Iterable[tuple]) -> None:
	"""Findings about records and columns that are not among the present ones hold no more."""
	kept = set(present)
	for finding in _open_rows():
		if (finding.kind, finding.reference_doctype, finding.reference_name or "") not in kept:
			doc = frappe.get_doc(FINDING, finding.name)
			doc.status = "Gone"
			with writing():
				doc.save(ignore_permissions=True)  # what is found and gone is the reconciliation's own word


def tell(run: Document, new: int) -> None:
	"""Tell the auditors, and whom the settings name, that there is something new."""
	if new:
		message = _(
			"Reconciliation of the audit log: {0} new findings. Records or the log were changed behind the application's back."
		)
		telling.tell(run, recipients(), message.format(new))


def recipients() -> set[str]:
	holders = frappe.get_all("Has Role", {"role": AUDITOR, "parenttype": "User"}, pluck="parent")
	also = frappe.db.get_single_value("Audit Settings", "notify") or ""
	return {*holders, *filter(None, map(str.strip, also.splitlines()))} - {"Guest"}


def _of_row(found: Found) -> tuple[tuple, dict[str, Any]]:
	name = _real_name(found) if found.name else None
	values = {
		"kind": found.kind,
		"reference_doctype": found.doctype,
		"reference_name": name,
		"last_event": _event(found.said.seq) if found.said else None,
		"detail": _words(found),
	}
	return (found.kind, found.doctype, name), values


def _of_damage(damage: Damage) -> tuple[tuple, dict[str, Any]]:
	values = {
		"kind": DAMAGED,
		"reference_doctype": damage.doctype,
		"reference_name": damage.name,
		"last_event": damage.name if damage.doctype == EVENT and not damage.name.isdigit() else None,
		"detail": _(TEXTS[damage.code]).format(*damage.values),
	}
	return (DAMAGED, damage.doctype, damage.name), values


def _words(found: Found) -> str:
	if found.kind == MISSING_COLUMN:
		message = _(
			"The table of {0} has no column {1} any more: {2} records of {3} are compared with nothing until it is back."
		)
		return message.format(found.doctype, found.name, found.rows, ", ".join(found.within))
	if not found.name:
		message = _(
			"The table of these records, or of rows in them, is not there: {0} records are gone or out of reach."
		)
		return message.format(found.rows)
	if found.kind == DELETED:
		return _("The record is not there, and no event tells of its deletion.")
	if found.kind == CHANGED:
		return _("The record is not as the last event on it left it.")
	if found.said:
		return _("The record was deleted, and is there again without an event.")
	return _("The record is there, and no event tells of its making.")


def _real_name(found: Found) -> str:
	if not is_personal(found.doctype):
		return found.name
	return next((user for user, own in pseudonyms().items() if own == found.name), found.name)


def _event(seq: int) -> str | None:
	return frappe.db.get_value(EVENT, {"seq": seq}, "name") if seq else None


def _known() -> set[tuple]:
	"""Open findings, and damage that was explained."""
	fields = ["kind", "reference_doctype", "reference_name"]
	explained = frappe.get_all(FINDING, {"kind": DAMAGED, "status": "Explained"}, fields, order_by="name")
	still = frappe.get_all(FINDING, {"status": "Open"}, fields, order_by="name")
	return {(one.kind, one.reference_doctype, one.reference_name or "") for one in [*explained, *still]}


def _open_rows() -> list[frappe._dict]:
	filters = {"kind": ("in", PASSING), "status": "Open"}
	fields = ["name", "kind", "reference_doctype", "reference_name"]
	return frappe.get_all(FINDING, filters, fields, order_by="name")


def _insert(run: str, values: dict[str, Any]) -> str:
	finding = frappe.get_doc(
		{"doctype": FINDING, "reconciliation": run, "found_at": now_datetime(), **values}
	)
	return finding.insert(ignore_permissions=True).name  # nobody makes findings by hand
