"""Values that a header commits to without telling them.

Each matter has one key K of 32 random bytes. What is derived from it opens or closes everything of that matter: when
K is destroyed, no value can be read or guessed, and every leaf still verifies.
"""

import hmac
from collections.abc import Mapping

from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.macs import Mac, mac
from govcrm.domain.ledger.secret import Secret


def salt_of(key: bytes) -> Secret:
	"""What commitments and row hashes of the matter are keyed with. 32 bytes."""
	return Secret(mac(key, b"salt"))


def cipher_of(key: bytes) -> Secret:
	"""The AES-256 key of the matter's payloads. 32 bytes."""
	return Secret(mac(key, b"payload"))


def key_for(salt: bytes, event: str, path: str) -> Secret:
	"""The key of one value of one event. To give it away opens that value and nothing else. 32 bytes."""
	return Secret(mac(salt, f"{event}/{path}".encode()))


def commit(key: bytes, value: object) -> bytes:
	"""The commitment of a value under its own key: HMAC-SHA256 of its canonical JSON. 32 bytes."""
	return mac(key, canonical.dumps(value))


def commit_all(salt: bytes, event: str, written: Mapping[str, str]) -> list[str]:
	"""The commitments of the values of an event, given by path as canonical JSON: in their order, in hexadecimal."""
	paths, values = map(str.encode, written), map(str.encode, written.values())
	return Mac(salt, f"{event}/".encode()).each_under_its_own(paths, values)


def opens(commitment: bytes, key: bytes, value: object) -> bool:
	"""Whether the value with its key is what was committed to."""
	return hmac.compare_digest(commitment, commit(key, value))
