"""A file closed under the key of its matter in chunks, so that one of any size passes through little memory.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, *Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance*, CRYPTO 2015) over AES-256-GCM (NIST SP 800-38D), laid out as the files of age are (C2SP, *age*, Payload):

	MAGIC (8 bytes) | salt (32 bytes) | chunk | chunk | …

Each file has a key of its own, HMAC-SHA256 of its salt under the key of the matter, so that no nonce meets a key twice: the
nonce of a chunk is its number (11 bytes, big endian, from 0) and a byte that is 1 for the last chunk and 0 for all others. A
chunk is 64 KiB and a tag of 16 bytes; the last may be shorter, and is empty only where the file is. What the file belongs to is
associated data of each chunk. So no chunk opens in another place, file or matter, and a file that was cut has no last one.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govcrm.domain.ledger.macs import mac
from govcrm.domain.ledger.secret import Secret

MAGIC = b"GCRMEV1\n"
SALT, TAG, CHUNK = 32, 16, 64 << 10


class Changed(ValueError):
	"""It was closed under another key or for something else, or was changed or cut since."""


def close(key: bytes, pieces: Iterable[bytes], about: str) -> Iterator[bytes]:
	"""What to write, piece by piece, for content that comes in pieces of any length."""
	salt = secrets.token_bytes(SALT)
	cipher = _cipher(key, salt)
	yield MAGIC + salt
	for number, last, chunk in _numbered(_chunks(pieces)):
		yield cipher.encrypt(_nonce(number, last), chunk, about.encode())


def open_closed(key: bytes, closed: BinaryIO, about: str) -> Iterator[bytes]:
	"""The content again, chunk by chunk. Raises Changed, also after some chunks: read to the end before believing any."""
	if closed.read(len(MAGIC)) != MAGIC:
		raise Changed
	cipher = _cipher(key, closed.read(SALT))
	for number, last, chunk in _numbered(iter(lambda: closed.read(CHUNK + TAG), b"")):
		try:
			yield Secret(cipher.decrypt(_nonce(number, last), chunk, about.encode()))
		except (InvalidTag, ValueError):
			raise Changed from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
	return AESGCM(mac(key, b"evidence" + salt))


def _nonce(number: int, last: bool) -> bytes:
	return number.to_bytes(11, "big") + bytes((last,))


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
	kept = bytearray()
	for piece in pieces:
		for start in range(0, len(piece), CHUNK):
			kept += piece[start : start + CHUNK]
			if len(kept) > CHUNK:
				yield Secret(kept[:CHUNK])
				del kept[:CHUNK]
	yield Secret(kept)


def _numbered(chunks: Iterable[bytes]) -> Iterator[tuple[int, bool, bytes]]:
	"""(number, whether it is the last, chunk); one empty chunk where there is none."""
	chunks = iter(chunks)
	number, chunk = 0, next(chunks, b"")
	for following in chunks:
		yield number, False, chunk
		number, chunk = number + 1, following
	yield number, True, chunk
