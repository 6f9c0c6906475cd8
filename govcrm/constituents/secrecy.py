"""Keeps identifiers unreadable and yet findable."""

import hashlib
import hmac

from frappe.utils.password import get_encryption_key


def keyed_hash(purpose: str, text: str) -> str:
	"""Return a hash that only this site can compute, as 64 hexadecimal digits.

	HMAC-SHA-256 (RFC 2104) under a key of its own for each purpose, derived from the site's encryption key. Without
	that key nobody can try out identifiers, of which there are few enough to try them all.
	"""
	key = hmac.digest(get_encryption_key().encode(), f"govcrm:{purpose}".encode(), hashlib.sha256)
	return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
