"""The header of an event against the columns that repeat it for filters."""

from base64 import b64decode
from collections.abc import Mapping
from hashlib import sha256

from govcrm.domain.ledger import canonical, rows

VERSION = 1
# What stands in the header, and in which column again.
COLUMNS = {
	"id": "name",
	"actor": "actor",
	"impersonator": "impersonator",
	"via": "via",
	"request": "request_id",
	"verb": "verb",
	"action": "action",
	"doctype": "reference_doctype",
	"name": "reference_name",
	"subject": "subject",
	"department": "department",
	"class": "confidentiality",
	"outcome": "outcome",
}


def read(text: str) -> dict:
	"""The header of its canonical text. Raises canonical.NotCanonical."""
	header = canonical.loads_strict(text.encode(errors="surrogatepass"))
	if not isinstance(header, dict):
		raise canonical.NotCanonical("The header is no object.")
	return header


def differing(header: Mapping, row: Mapping) -> list[str]:
	"""Columns of the event's row that say something else than its header."""
	found = [column for key, column in COLUMNS.items() if (header.get(key) or "") != (row.get(column) or "")]
	if _instant(header.get("at")) != rows.text("Datetime", row.get("at_utc")):
		found.append("at_utc")
	if header.get("payload") != payload_hash(row.get("payload")):
		found.append("payload")
	return found


def payload_hash(payload: str | None) -> str | None:
	"""What the header says of a payload in base64: SHA-256 of the cipher bytes; None where there is none."""
	if not payload:
		return None
	try:
		return sha256(b64decode(payload, validate=True)).hexdigest()
	except ValueError:
		return "not base64"


def _instant(at: object) -> str | None:
	"""2026-11-22T21:32:55.123456Z as a database keeps it."""
	return str(at).removesuffix("Z").replace("T", " ") if at else None
