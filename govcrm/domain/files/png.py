"""PNG (W3C, third edition) without its metadata: the chunks that make the picture are copied as they are."""

import struct
import zlib
from collections.abc import Iterator

from govcrm.domain.files import exif
from govcrm.domain.files.faults import Damaged

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END, EXIF = b"IEND", b"eXIf"
KEPT = frozenset(
	b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def clean(raw: bytes) -> bytes:
	"""Without texts, times, Exif but the side that is up, unknown chunks, and whatever stands behind the end."""
	return SIGNATURE + b"".join(_kept(kind, body) for kind, body in _chunks(raw))


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
	if not raw.startswith(SIGNATURE):
		raise Damaged
	at, kind = len(SIGNATURE), b""
	while kind != END:
		if len(raw) < at + 12:
			raise Damaged
		length, kind = struct.unpack_from(">I4s", raw, at)
		body = raw[at + 8 : at + 8 + length]
		if len(body) != length:
			raise Damaged
		yield kind, body
		at += 12 + length


def _kept(kind: bytes, body: bytes) -> bytes:
	if kind == EXIF:
		up = exif.orientation(body)
		return _written(EXIF, exif.only(up)) if up != exif.UPRIGHT else b""
	return _written(kind, body) if kind in KEPT else b""


def _written(kind: bytes, body: bytes) -> bytes:
	return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))
