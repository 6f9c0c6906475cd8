"""Hashes of the tree, RFC 9162 (2.1.1): a leaf can never pass for a node."""

from hashlib import sha256

EMPTY_TREE = sha256(b"").digest()


def leaf_hash(header: bytes) -> bytes:
	"""SHA-256(0x00 ‖ header), 32 bytes, of the canonical header of an event."""
	return sha256(b"\x00" + header).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
	"""SHA-256(0x01 ‖ left ‖ right), 32 bytes."""
	return sha256(b"\x01" + left + right).digest()
