"""Signed statements about the log: how long it is and what its root is, and which key may say so.

Ed25519 (RFC 8032) over a line that says what is signed and the canonical JSON of it, so that no signature can be used
for anything else.
"""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from govcrm.domain.ledger import canonical

VERSION = 1
NONE_BEFORE = "0" * 64
CHECKPOINT = b"govcrm-checkpoint-v1\n"
KEY = b"govcrm-key-v1\n"


def body(*, origin: str, size: int, root: str, time: str, previous: str, key: str) -> bytes:
	"""The canonical JSON of a checkpoint.

	`origin` is the id of the log, `root` and `previous` are hexadecimal (`NONE_BEFORE` for the first), `time` is UTC as
	2026-11-22T21:32:55.123456Z, `key` the id of the signing key.
	"""
	return canonical.dumps(
		{
			"v": VERSION,
			"origin": origin,
			"size": size,
			"root": root,
			"time": time,
			"previous": previous,
			"key": key,
		}
	)


def hash_of(checkpoint: bytes) -> str:
	"""What the next checkpoint names as `previous`: SHA-256 in hexadecimal."""
	return sha256(checkpoint).hexdigest()


def sign(private: Ed25519PrivateKey, checkpoint: bytes) -> str:
	"""The signature of a checkpoint, in hexadecimal."""
	return private.sign(CHECKPOINT + checkpoint).hex()


def verify(public: str, checkpoint: bytes, signature: str) -> bool:
	"""Whether the key, in hexadecimal, signed this checkpoint."""
	return _signed(public, CHECKPOINT + checkpoint, signature)


def key_id(public: str) -> str:
	"""The first 16 hexadecimal digits of the SHA-256 of a public key."""
	return sha256(bytes.fromhex(public)).hexdigest()[:16]


def public_of(private: Ed25519PrivateKey) -> str:
	"""The public key, in hexadecimal."""
	return private.public_key().public_bytes_raw().hex()


def key_statement(*, origin: str, public: str, from_size: int) -> bytes:
	"""The canonical JSON by which a key is put in force: it signs checkpoints that are larger than `from_size`."""
	return canonical.dumps(
		{
			"v": VERSION,
			"origin": origin,
			"key": key_id(public),
			"public": public,
			"from_size": from_size,
		}
	)


def endorse(private: Ed25519PrivateKey, statement: bytes) -> str:
	"""The older key's signature of the statement about the newer one, in hexadecimal."""
	return private.sign(KEY + statement).hex()


def verify_endorsement(public: str, statement: bytes, signature: str) -> bool:
	"""Whether the older key, in hexadecimal, put the newer one in force."""
	return _signed(public, KEY + statement, signature)


def _signed(public: str, message: bytes, signature: str) -> bool:
	try:
		Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
	except (InvalidSignature, ValueError):
		return False
	return True
