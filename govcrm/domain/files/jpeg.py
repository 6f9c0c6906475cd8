"""JPEG (ITU-T T.81) without its metadata. The picture itself is copied byte by byte: nothing is compressed anew."""

import re
import struct

from govcrm.domain.files import exif
from govcrm.domain.files.faults import Damaged

START, END, SCAN = 0xD8, 0xD9, 0xDA
APP0, APP1, APP2, APP14, APP15, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # after a scan: neither stuffing nor a restart
JFIF_LENGTH = 12


def clean(raw: bytes) -> bytes:
	"""Keeps what is needed to show the picture: JFIF, colour profile, Adobe's colours, and which side is up."""
	if raw[:2] != bytes((0xFF, START)):
		raise Damaged
	up, kept, at, marker = exif.UPRIGHT, [], 2, START
	while marker != END:
		marker, body, at = _segment(raw, at)
		if marker == APP1 and body.startswith(exif.HEADER):
			up = exif.orientation(body[len(exif.HEADER) :])
		kept.append(_kept(marker, body))
		if marker == SCAN:
			end = _end_of_scan(raw, at)
			kept.append(raw[at:end])
			at = end
	said = _written(APP1, exif.HEADER + exif.only(up)) if up != exif.UPRIGHT else b""
	return b"".join((bytes((0xFF, START)), _first_jfif(kept), said, *kept))


def _segment(raw: bytes, at: int) -> tuple[int, bytes, int]:
	"""(marker, body, where the next begins)"""
	while raw[at : at + 2] == b"\xff\xff":
		at += 1
	if len(raw) < at + 2 or raw[at] != 0xFF or raw[at + 1] in (0, START):
		raise Damaged
	marker = raw[at + 1]
	if marker == END:
		return marker, b"", at + 2
	[length] = struct.unpack(">H", raw[at + 2 : at + 4].rjust(2, b"\0"))
	body = raw[at + 4 : at + 2 + length]
	if length < 2 or len(body) != length - 2:
		raise Damaged
	return marker, body, at + 2 + length


def _end_of_scan(raw: bytes, at: int) -> int:
	found = NEXT_MARKER.search(raw, at)
	if not found:
		raise Damaged
	return found.start()


def _kept(marker: int, body: bytes) -> bytes:
	if marker == END:
		return bytes((0xFF, END))
	if marker == APP0:
		is_jfif = body.startswith(b"JFIF\0") and len(body) >= JFIF_LENGTH
		return _written(APP0, body[:JFIF_LENGTH] + b"\0\0") if is_jfif else b""  # without its small picture
	if marker == APP2 and not body.startswith(b"ICC_PROFILE\0"):
		return b""
	if marker == COMMENT or (APP0 <= marker <= APP15 and marker not in (APP2, APP14)):
		return b""
	return _written(marker, body)


def _written(marker: int, body: bytes) -> bytes:
	return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _first_jfif(kept: list[bytes]) -> bytes:
	"""JFIF comes before all others, also before Exif."""
	first = kept[0] if kept and kept[0][:2] == bytes((0xFF, APP0)) else b""
	if first:
		kept[0] = b""
	return first
