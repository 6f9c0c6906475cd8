"""What somebody has explained goes into the log as it is now, so that the next difference is seen as a new one."""

from collections.abc import Iterator

from frappe.model.document import Document

from govcrm.accountability import trail
from govcrm.accountability.reconciling import said
from govcrm.accountability.reconciling.baseline import ROWS_IN_EVENT
from govcrm.accountability.reconciling.findings import ROWS
from govcrm.accountability.reconciling.live import pseudonyms
from govcrm.accountability.trail import Entry, rows
from govcrm.accountability.trail.setvalue import is_covered
from govcrm.accountability.trail.subjects import is_personal

VERB = "accept"


def accept(finding: Document) -> str | None:
	"""Append an event that says what the record is now and why it is taken so. Nothing is changed back."""
	if finding.kind not in ROWS:
		return None
	doctype, name = finding.reference_doctype, finding.reference_name
	if not name:
		return _accept_all(finding)
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


def _accept_all(finding: Document) -> str | None:
	"""The records of a DocType whose table is gone: each is told to be gone, many by one event."""
	doctype, event = finding.reference_doctype, None
	told = {"reason": finding.explanation, "detail": {"finding": finding.name}, "subject": f"Site/{doctype}"}
	for part in said.batches(_names(doctype), ROWS_IN_EVENT):
		covered = [(doctype, name, None) for name in part]
		[event] = trail.record_many([Entry(VERB, "DocType", doctype, rows=covered, **told)])
	return event


def _names(doctype: str) -> Iterator[str]:
	"""As the site has them: the writer puts pseudonyms in the place of users."""
	users = {own: user for user, own in pseudonyms().items()} if is_personal(doctype) else {}
	return (users.get(name, name) for name in said.names(doctype))
