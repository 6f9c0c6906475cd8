"""What anchors gave back: Audit Anchor Receipts, only ever appended."""

import frappe
from frappe.model.document import Document

from govcrm.accountability import guard
from govcrm.accountability.anchors.checkpoints import Checkpoint, utc_now
from govcrm.accountability.anchors.kinds import Receipt
from govcrm.appending import append

DOCTYPE = "Audit Anchor Receipt"
EXPORTED = {
	"anchor": "anchor",
	"kind": "kind",
	"size": "size",
	"checkpoint_hash": "checkpoint_hash",
	"anchored_at_utc": "at",
	"receipt": "receipt",
}


def keep(anchor: Document, checkpoint: Checkpoint, receipt: Receipt) -> Document:
	row = frappe.new_doc(DOCTYPE)
	row.update(
		{
			"anchor": anchor.name,
			"kind": anchor.kind,
			"seal": checkpoint.name,
			"size": checkpoint.size,
			"checkpoint_hash": checkpoint.checkpoint_hash,
			"anchored_at_utc": utc_now(),
			"receipt": receipt.text,
			"note": receipt.note,
		}
	)
	with guard.writing():
		return append(row)


def last(anchor: str) -> frappe._dict | None:
	"""The newest receipt of this anchor."""
	fields = [*EXPORTED, "name", "note"]
	rows = frappe.get_all(DOCTYPE, {"anchor": anchor}, fields, order_by="anchored_at_utc desc", limit=1)
	return rows[0] if rows else None


def exported_between(first: int, last: int) -> list[dict]:
	"""The receipts of all seals of these sizes, in their order, as lines of an export.

	Each is {"t": "a", anchor, kind, size, checkpoint_hash, at, receipt}; `at` is UTC with microseconds.
	"""
	filters = [["size", ">=", first], ["size", "<=", last]]
	order = "size asc, anchored_at_utc asc, name asc"
	return [_line(row) for row in frappe.get_all(DOCTYPE, filters, list(EXPORTED), order_by=order)]


def _line(row: frappe._dict) -> dict:
	told = {word: row[field] for field, word in EXPORTED.items()}
	return {"t": "a", **told, "at": f"{row.anchored_at_utc:%Y-%m-%dT%H:%M:%S.%f}Z"}
