"""TIFF 6.0 without its metadata: what is not needed to show a page is blanked where it stands, so that no offset moves."""

import struct

from govcrm.domain.files.exif import ORDERS
from govcrm.domain.files.faults import Damaged

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
# How pixels are stored and shown; 274 says which side is up, 347 and 512 to 521 are of JPEG inside, 34675 is the profile.
KEPT = frozenset(
	(*range(254, 260), *range(262, 267), 273, 274, *range(277, 285), *range(288, 294), 296, 297, 301)
	+ (*range(317, 326), 332, 334, *range(336, 343), 347, *range(512, 522), *range(529, 533), 34675)
)
DIRECTORIES = frozenset((330, 34665, 34853, 40965))  # smaller pictures, Exif, GPS, interoperability
MOST_PAGES, DEEPEST = 5000, 4


def clean(raw: bytes) -> bytes:
	try:
		order, data = ORDERS[raw[:4]], bytearray(raw)
		[at] = struct.unpack_from(f"{order}I", data, 4)
		seen = set()
		while at:
			if at in seen or len(seen) > MOST_PAGES:
				raise Damaged
			seen.add(at)
			at = _clean_page(data, order, at)
		return bytes(data)
	except (KeyError, struct.error):
		raise Damaged from None


def _clean_page(data: bytearray, order: str, at: int) -> int:
	"""Returns where the next page begins."""
	entries, following = _entries(data, order, at)
	kept = [entry for entry in entries if entry[0] in KEPT]
	for entry in entries:
		if entry[0] not in KEPT:
			_blank(data, order, entry, DEEPEST)
	directory = struct.pack(f"{order}H", len(kept)) + b"".join(
		struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in kept
	)
	directory += struct.pack(f"{order}I", following)
	_put(data, at, directory.ljust(2 + 12 * len(entries) + 4, b"\0"))
	return following


def _entries(data: bytearray, order: str, at: int) -> tuple[list[tuple[int, int, int, bytes]], int]:
	"""([(tag, kind, number of values, the value or where it stands)], where the next directory begins)"""
	[count] = struct.unpack_from(f"{order}H", data, at)
	places = range(at + 2, at + 2 + 12 * count, 12)
	found = [
		(*struct.unpack_from(f"{order}HHI", data, place), bytes(data[place + 8 : place + 12]))
		for place in places
	]
	[following] = struct.unpack_from(f"{order}I", data, at + 2 + 12 * count)
	return found, following


def _blank(data: bytearray, order: str, entry: tuple[int, int, int, bytes], depth: int) -> None:
	tag, kind, number, value = entry
	length = SIZES.get(kind, 1) * number
	[at] = struct.unpack(f"{order}I", value)
	if tag in DIRECTORIES and number == 1 and depth:
		entries, _following = _entries(data, order, at)
		for inner in entries:
			_blank(data, order, inner, depth - 1)
		_put(data, at, bytes(2 + 12 * len(entries) + 4))
	elif length > 4:
		_put(data, at, bytes(min(length, len(data))))


def _put(data: bytearray, at: int, what: bytes) -> None:
	if at < 8 or at + len(what) > len(data):
		raise Damaged
	data[at : at + len(what)] = what
