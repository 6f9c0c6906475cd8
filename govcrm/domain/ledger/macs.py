"""HMAC-SHA256 (RFC 2104) of short messages by the dozen: each event commits to its values one by one.

What comes out is what `hmac.digest` gives; tests hold that. It looks the hash function up at each call, and what the key alone
decides it computes again: for messages of this length that takes longer than the hash.
"""

from collections.abc import Iterable
from hashlib import sha256

from govcrm.domain.ledger.secret import Secret

BLOCK = 64  # bytes of a block of SHA-256; keys here are never longer
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))

_REST = bytes(BLOCK - sha256().digest_size)


class Mac:
	"""One key for many messages. `prefix` is what all of them begin with."""

	def __init__(self, key: bytes, prefix: bytes = b"") -> None:
		padded = _padded(key)
		self._outer = sha256(padded.translate(_OUTER))
		self._inner = sha256(padded.translate(_INNER) + prefix)

	def __call__(self, message: bytes) -> bytes:
		"""32 bytes."""
		inner, outer = self._inner.copy(), self._outer.copy()
		inner.update(message)
		outer.update(inner.digest())
		return outer.digest()

	def each_under_its_own(self, names: Iterable[bytes], messages: Iterable[bytes]) -> list[str]:
		"""For each message HMAC under the key that is ours of its name: `mac(self(name), message)`, in hexadecimal."""
		found = []
		for name, message in zip(names, messages, strict=True):
			inner, outer = self._inner.copy(), self._outer.copy()
			inner.update(name)
			outer.update(inner.digest())
			key = outer.digest() + _REST
			inside = sha256(key.translate(_INNER) + message).digest()
			found.append(sha256(key.translate(_OUTER) + inside).hexdigest())
		return found


def mac(key: bytes, message: bytes) -> bytes:
	"""One message under a key. 32 bytes."""
	padded = _padded(key)
	return sha256(padded.translate(_OUTER) + sha256(padded.translate(_INNER) + message).digest()).digest()


def _padded(key: bytes) -> Secret:
	if len(key) > BLOCK:
		key = sha256(key).digest()
	return Secret(key.ljust(BLOCK, b"\0"))
