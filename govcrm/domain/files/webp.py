"""WebP (RFC 9649) without its metadata: the chunks that make the picture are copied as they are."""

import struct
from collections.abc import Iterator

from govcrm.domain.files import exif
from govcrm.domain.files.faults import Damaged

KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"ICCP"))
EXTENDED, EXIF = b"VP8X", b"EXIF"
HAS_EXIF, HAS_XMP = 0x08, 0x04  # in the first byte of VP8X


def clean(raw: bytes) -> bytes:
	"""Without XMP, Exif but the side that is up, unknown chunks, and whatever stands behind the end."""
	chunks = list(_chunks(raw))
	said = [body.removeprefix(exif.HEADER) for kind, body in chunks if kind == EXIF]
	up = exif.orientation(said[0]) if said else exif.UPRIGHT
	kept = [(kind, _flagged(body, up) if kind == EXTENDED else body) for kind, body in chunks if kind in KEPT]
	if up != exif.UPRIGHT:
		kept.append((EXIF, exif.only(up)))
	body = b"".join(_written(kind, body) for kind, body in kept)
	return struct.pack("<4sI4s", b"RIFF", len(body) + 4, b"WEBP") + body


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
	if len(raw) < 12 or raw[:4] != b"RIFF" or raw[8:12] != b"WEBP":
		raise Damaged
	at, end = 12, 8 + struct.unpack_from("<I", raw, 4)[0]
	if end > len(raw) + 1:
		raise Damaged
	while at + 8 <= end:
		kind, length = struct.unpack_from("<4sI", raw, at)
		body = raw[at + 8 : at + 8 + length]
		if len(body) != length:
			raise Damaged
		yield kind, body
		at += 8 + length + length % 2


def _flagged(body: bytes, up: int) -> bytes:
	flags = body[0] & ~(HAS_EXIF | HAS_XMP) if body else 0
	return bytes((flags | (HAS_EXIF if up != exif.UPRIGHT else 0),)) + body[1:]


def _written(kind: bytes, body: bytes) -> bytes:
	return struct.pack("<4sI", kind, len(body)) + body + b"\0" * (len(body) % 2)
