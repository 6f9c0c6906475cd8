"""HEIC, MP4, QuickTime and M4A (ISO/IEC 14496-12, 23008-12) without their metadata, blanked where it stands."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from govcrm.domain.files.faults import Damaged

FREE = b"free"
METADATA = frozenset((b"meta", b"udta", b"uuid"))
HOLDERS = frozenset((b"moov", b"trak", b"moof", b"traf"))
ITEMS = frozenset((b"Exif", b"mime", b"uri "))  # of a still picture: Exif and XMP


class Box(NamedTuple):
	kind: bytes
	at: int  # where its four letters stand
	body: int
	end: int


def clean_recording(raw: bytes) -> bytes:
	"""Places, names and texts of film and sound; times and order of what is played stay."""
	data = bytearray(raw)
	_free_metadata(data, 0, len(data))
	return bytes(data)


def _free_metadata(data: bytearray, start: int, end: int) -> None:
	for box in _boxes(data, start, end):
		if box.kind in METADATA:
			data[box.at : box.at + 4] = FREE
			data[box.body : box.end] = bytes(box.end - box.body)
		elif box.kind in HOLDERS:
			_free_metadata(data, box.body, box.end)


def clean_still(raw: bytes) -> bytes:
	"""A picture keeps its `meta`, which says how it is put together; the items of Exif and XMP are blanked."""
	data = bytearray(raw)
	try:
		for box in _boxes(data, 0, len(data)):
			if box.kind == b"meta":
				_blank_items(data, list(_boxes(data, box.body + 4, box.end)))
			elif box.kind in (b"udta", b"uuid"):
				data[box.body : box.end] = bytes(box.end - box.body)
	except struct.error:
		raise Damaged from None
	return bytes(data)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[Box]:
	while start + 8 <= end:
		length, kind = struct.unpack_from(">I4s", data, start)
		body = start + 8
		if length == 1:
			[length] = struct.unpack_from(">Q", data, body)
			body += 8
		length = length or end - start
		if length < body - start or start + length > end:
			raise Damaged
		yield Box(kind, start + 4, body, start + length)
		start += length


def _blank_items(data: bytearray, inside: list[Box]) -> None:
	parts = {box.kind: box for box in inside}
	if b"iinf" not in parts or b"iloc" not in parts:
		raise Damaged
	wanted = _metadata_items(data, parts[b"iinf"])
	store = parts[b"idat"].body if b"idat" in parts else 0
	for item, is_stored, at, length in list(_extents(data, parts[b"iloc"])):
		if item in wanted:
			at += store if is_stored else 0
			if not length or at + length > len(data):
				raise Damaged
			data[at : at + length] = bytes(length)


def _metadata_items(data: bytearray, box: Box) -> set[int]:
	found = set()
	first = box.body + (6 if data[box.body] == 0 else 8)
	for entry in _boxes(data, first, box.end):
		version = data[entry.body]
		width = 4 if version == 3 else 2
		at = entry.body + 4
		if version >= 2 and bytes(data[at + width + 2 : at + width + 6]) in ITEMS:
			found.add(int.from_bytes(data[at : at + width], "big"))
	return found


class _Reader:
	"""Numbers of varying width, one after the other."""

	def __init__(self, data: bytearray, at: int, end: int) -> None:
		self.data, self.at, self.end = data, at, end

	def number(self, width: int) -> int:
		if self.at + width > self.end:
			raise Damaged
		self.at += width
		return int.from_bytes(self.data[self.at - width : self.at], "big")


def _extents(data: bytearray, box: Box) -> Iterator[tuple[int, bool, int, int]]:
	"""(item, whether it stands in the box `idat`, where, how long)"""
	reader = _Reader(data, box.body, box.end)
	version, _flags, sizes, more = (reader.number(width) for width in (1, 3, 1, 1))
	offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
	index_size = more & 15 if version else 0
	wide = 4 if version == 2 else 2
	for _item in range(reader.number(wide)):
		item = reader.number(wide)
		is_stored = bool(version and reader.number(2) & 15)
		reader.number(2)
		base = reader.number(base_size)
		for _extent in range(reader.number(2)):
			reader.number(index_size)
			at, length = reader.number(offset_size), reader.number(length_size)
			yield item, is_stored, base + at, length
