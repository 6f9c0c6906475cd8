"""What somebody has explained goes into the log as it is now, so that the next difference is seen as a new one."""

from frappe.model.document import Document

from govcrm.accountability import trail
from govcrm.accountability.reconciling.findings import ROWS
from govcrm.accountability.trail import rows
from govcrm.accountability.trail.setvalue import is_covered

VERB = "accept"


def accept(finding: Document) -> str | None:
	"""Append an event that says what the record is now and why it is taken so. Nothing is changed back."""
	if finding.kind not in ROWS:
		return None
	doctype, name = finding.reference_doctype, finding.reference_name
	row = rows.one(doctype, name)
	covered = row if is_covered(doctype, row) else None
	return trail.record(
		VERB,
		doctype,
		name,
		rows=[(doctype, name, covered)],
		values=(row or {}).get("fields", {}),
		reason=finding.explanation,
		detail={"finding": finding.name},
	)
