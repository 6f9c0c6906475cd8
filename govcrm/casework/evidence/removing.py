"""A file of a sealed case is taken away, with a reason. What it was called and its fingerprint stay in the audit log."""

import frappe

from govcrm.accountability import trail
from govcrm.casework.evidence import handing, records
from govcrm.casework.sealed import keyed
from govcrm.casework.verbs.transferable import required


def remove(name: str, reason: str) -> None:
	"""Whoever may change what the case says; also what cannot be read any more."""
	row = handing.found(name, "write")
	records.hold(row.case)
	reason = required(reason)
	detail = {"evidence": name, **_named(row)}
	with trail.act("remove evidence", reason):
		records.drop(row)
	trail.record("remove evidence", "Case", row.case, reason=reason, detail=detail)


def _named(row: frappe._dict) -> records.Words:
	try:
		said = records.said_of(row)
	except (keyed.Destroyed, keyed.Unreadable):
		frappe.clear_last_message()
		return {"number": row.number}
	return {key: said[key] for key in ("file_name", "sha256") if said.get(key)}
