"""The values of an event, encrypted under the key of their matter; and read again by those who may."""

import base64
import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import frappe
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from frappe.model.document import Document

from govcrm.accountability.trail import keys
from govcrm.domain.ledger import canonical

NONCE = 12  # bytes, NIST SP 800-38D (5.2.1.1)


def seal(event: str, values: Mapping[str, Any], aead: AESGCM) -> tuple[str | None, str | None]:
	"""(base64 of nonce and cipher text, hexadecimal SHA-256 of the same bytes); nothing for no values."""
	return close(event, canonical.dumps(values), aead) if values else (None, None)


def close(event: str, written: bytes, aead: AESGCM) -> tuple[str, str]:
	"""The same of values that are written already, as canonical JSON."""
	nonce = secrets.token_bytes(NONCE)
	closed = nonce + aead.encrypt(nonce, written, event.encode())
	return base64.b64encode(closed).decode(), sha256(closed).hexdigest()


def read(event: str | Document | Mapping) -> dict[str, Any] | None:
	"""{path: value} of an event, by name or at hand; None when its matter's key was destroyed, {} when it has no values.

	Asks for no right: whoever shows what comes out must have checked that the user may see the record.
	"""
	if isinstance(event, str):
		event = frappe.db.get_value("Audit Event", event, ("name", "subject", "payload"), as_dict=True)
	if not event.get("payload"):
		return {}
	found = keys.of(event.get("subject"), create=False)
	return _open(event, found.aead) if found else None


def _open(event: Mapping, aead: AESGCM) -> dict[str, Any] | None:
	closed = base64.b64decode(event.get("payload"))
	try:
		return canonical.loads_strict(
			aead.decrypt(closed[:NONCE], closed[NONCE:], event.get("name").encode())
		)
	except InvalidTag:
		return None  # of a key that was destroyed and followed by another
