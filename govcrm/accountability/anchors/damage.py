"""When an anchor remembers a log that this site no longer has: its database was put back, or the log was replaced.

Nothing is anchored then, and an Audit Finding says what is remembered. An auditor explains the finding once it is known why
(a restored backup, say); then anchors go on, and what they hold from before stays as the proof that it happened.
"""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.anchors import checkpoints, memory, receipts
from govcrm.accountability.anchors.kinds import AnchorError, Claim, Kind
from govcrm.accountability.reconciling import findings
from govcrm.appending import append
from govcrm.casework.sweep import telling

FINDING = "Audit Finding"
DAMAGED = "Log Damaged"
SITE = "Audit Seal"
ANCHOR = "Audit Anchor"


def of_site() -> str:
	"""In words, what the site's own memory outside the database says that the log does not; empty if nothing."""
	try:
		claim = memory.read()
	except AnchorError as unreadable:
		frappe.clear_last_message()
		return str(unreadable)
	return _unexplained(SITE, checkpoints.seal_name(claim.size), [claim]) if claim else ""


def contradiction_of_site() -> str:
	"""The same, explained or not, and without making a finding of it."""
	claim = memory.read()
	return contradiction(claim) if claim else ""


def of_anchor(anchor: Document, kind: Kind) -> str:
	"""The same of one anchor. What it has merely lost is found too, but is no reason to tell it nothing more."""
	for loss in kind.losses():
		find(ANCHOR, anchor.name, loss)
	last = receipts.last(anchor.name)
	told = [Claim(last.size, last.checkpoint_hash, anchor.name)] if last else []
	return _unexplained(ANCHOR, anchor.name, [*told, *kind.claims()])


def find(doctype: str, name: str, detail: str) -> str:
	"""Append a finding, unless the same one stands already. Returns its status: Open, or Explained by an auditor."""
	told = {"kind": DAMAGED, "reference_doctype": doctype, "reference_name": name}
	known = frappe.get_all(FINDING, told, ["detail", "status"], order_by="creation desc")
	for finding in known:
		if finding.detail == detail and finding.status != "Gone":
			return finding.status
	row = frappe.new_doc(FINDING)
	row.update({**told, "detail": detail, "found_at": frappe.utils.now_datetime(), "status": "Open"})
	telling.tell(append(row), findings.recipients(), detail)
	return "Open"


def _unexplained(doctype: str, name: str, claims: Iterable[Claim]) -> str:
	for claim in claims:
		detail = contradiction(claim)
		if detail and find(doctype, name, detail) != "Explained":
			return detail
	return ""


def contradiction(claim: Claim) -> str:
	"""Why this log cannot be the one that was seen; empty if it can."""
	own = checkpoints.of_size(claim.size)
	if own and own.checkpoint_hash == claim.checkpoint_hash:
		return ""
	words = _(
		"{0} was told of a checkpoint of {1} events ({2}) that this log does not have: it was put back to an older "
		"state, or replaced."
	)
	return words.format(claim.witness, claim.size, claim.checkpoint_hash)
