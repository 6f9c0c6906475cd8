"""A text closed under the key of its matter, so that whoever reads the table reads nothing.

AES-256-GCM (NIST SP 800-38D) under a key that is derived from the key of the matter. What the text belongs to goes in as
associated data: cipher text that was put under another name does not open.
"""

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govcrm.domain.ledger.macs import mac
from govcrm.domain.ledger.secret import Secret

NONCE = 12  # bytes, NIST SP 800-38D (5.2.1.1)
LONGEST_MARK = 16


def key_of(matter_key: bytes) -> Secret:
	"""The AES-256 key of what is sealed of a matter. 32 bytes."""
	return Secret(mac(matter_key, b"sealed matter"))


def mark_of(key: bytes) -> str:
	"""Tells two keys apart, and nothing of either. 16 hexadecimal digits."""
	return mac(key, b"mark").hex()[:LONGEST_MARK]


def close(key: bytes, text: str, about: str) -> str:
	"""base64 of nonce and cipher text."""
	nonce = secrets.token_bytes(NONCE)
	return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())).decode()


def open_closed(key: bytes, closed: str, about: str) -> str | None:
	"""The text again; None when it was closed under another key or for something else, or was changed since."""
	try:
		raw = base64.b64decode(closed, validate=True)
		return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], about.encode()).decode()
	except (InvalidTag, binascii.Error, ValueError):
		return None
