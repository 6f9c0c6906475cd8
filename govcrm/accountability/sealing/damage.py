"""What is wrong with an event or a checkpoint when it comes to be sealed. It is told of; sealing goes on."""

from collections.abc import Iterable

import frappe
from frappe.database.database import savepoint

from govcrm.domain.ledger import canonical, headers

MOST = 20  # findings of one seal: who breaks a thousand events is found out by twenty


def of_event(row: dict, leaf: bytes, origin: str) -> str | None:
	"""What is wrong with the event as it is about to be sealed, None if nothing is."""
	try:
		header = headers.read(row.header or "")
	except canonical.NotCanonical as error:
		return f"Its header is damaged: {error}"
	wrong = headers.differing(header, row)
	if row.leaf != leaf.hex():
		wrong.append("leaf")
	if header.get("log") != origin:
		wrong.append("log")
	return f"Its header says something else than: {', '.join(wrong)}." if wrong else None


def tell(found: Iterable[tuple[str, str, str]]) -> None:
	"""Write findings, each of a DocType, a name and a sentence."""
	found = list(found)
	for doctype, name, detail in found[:MOST]:
		_write(doctype, name, detail)
	if len(found) > MOST:
		doctype, name, _detail = found[MOST]
		_write(doctype, name, f"Damaged with {len(found) - MOST - 1} others that were sealed with it.")


def _write(doctype: str, name: str, detail: str) -> None:
	"""A finding that cannot be written must not keep the log from being sealed: it is an error of the site then."""
	finding = frappe.get_doc(
		{
			"doctype": "Audit Finding",
			"kind": "Log Damaged",
			"reference_doctype": doctype,
			"reference_name": name,
			"last_event": name if doctype == "Audit Event" else None,
			"detail": detail,
			"found_at": frappe.utils.now_datetime(),
		}
	)
	try:
		with savepoint():
			finding.insert(ignore_permissions=True)  # found by the sealer, whoever runs it
	except Exception:
		frappe.log_error(f"Damage of the audit log at {doctype} {name}: {detail}")
