"""Files by their content: whatever bytes come, they are taken as one kind, cleaned, or refused with words."""

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.files import exif, jpeg, kinds, png, tiff, webp
from govcrm.domain.files.cleaning import CLEANERS, cleaned
from govcrm.domain.files.faults import Damaged, Refused

CANARY = b"CANARY-7f3a91"
SIGNATURES = (
	b"\xff\xd8\xff",
	png.SIGNATURE,
	b"GIF89a",
	b"II*\0",
	b"MM\0*",
	b"RIFF\x20\0\0\0WEBP",
	b"%PDF-1.7",
	b"PK\x03\x04",
)


def segment(marker: int, body: bytes) -> bytes:
	return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
	return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def a_jpeg(*metadata: bytes, scan: bytes = b"\x12\xff\x00\x34") -> bytes:
	return (
		b"\xff\xd8"
		+ b"".join(metadata)
		+ segment(0xDB, bytes(65))
		+ segment(0xDA, bytes(10))
		+ scan
		+ b"\xff\xd9"
	)


def a_png(*metadata: bytes) -> bytes:
	return (
		png.SIGNATURE
		+ chunk(b"IHDR", bytes(13))
		+ b"".join(metadata)
		+ chunk(b"IDAT", b"x")
		+ chunk(b"IEND", b"")
	)


@given(st.sampled_from(SIGNATURES), st.binary(max_size=300), st.sampled_from(sorted(kinds.KINDS)))
def test_no_bytes_are_an_error(head: bytes, tail: bytes, kind: str):
	with suppress(Refused, Damaged):
		found = kinds.kind_of(f"a.{kind}", head + tail, allowed=kinds.KINDS)
		cleaned(found.name, head + tail)


@given(st.sampled_from(sorted(CLEANERS)), st.binary(max_size=300))
def test_no_cleaner_fails_in_another_way(kind: str, raw: bytes):
	for head in (b"", *SIGNATURES):
		with suppress(Damaged):
			assert cleaned(kind, cleaned(kind, head + raw)) == cleaned(kind, head + raw)


@given(st.integers(0xE0, 0xFE), st.binary(max_size=40), st.binary(max_size=40))
def test_no_segment_of_a_jpeg_carries_anything_out_but_colours(marker: int, before: bytes, after: bytes):
	if marker in (0xE2, 0xEE) or 0xF0 <= marker <= 0xFD:
		return
	raw = a_jpeg(segment(marker, before + CANARY + after))
	assert CANARY not in jpeg.clean(raw + CANARY)


@given(st.binary(max_size=200).map(lambda scan: scan.replace(b"\xff", b"\xff\x00")))
def test_the_picture_of_a_jpeg_is_copied_byte_by_byte(scan: bytes):
	raw = a_jpeg(scan=scan)
	assert jpeg.clean(raw) == raw


@given(st.from_regex(rb"\A[a-z][a-zA-Z]{3}\Z"))
def test_only_chunks_that_make_the_picture_stay_in_a_png(kind: bytes):
	after = png.clean(a_png(chunk(kind, CANARY)) + CANARY)
	assert (CANARY in after) == (kind in png.KEPT)


@given(st.integers(1, 8))
def test_which_side_is_up_is_the_one_thing_that_stays(side: int):
	said = exif.only(side)
	assert exif.orientation(said) == side
	assert exif.orientation(png.clean(a_png(chunk(b"eXIf", said))).partition(b"eXIf")[2]) == side
	after = jpeg.clean(a_jpeg(segment(0xE1, exif.HEADER + said + CANARY)))
	assert CANARY not in after
	assert (exif.only(side) in after) == (side != exif.UPRIGHT)


@pytest.mark.parametrize("clean", [jpeg.clean, png.clean, webp.clean, tiff.clean])
def test_what_is_cut_short_is_damaged(clean):
	for raw in (a_jpeg(), a_png()):
		for end in range(len(raw)):
			with pytest.raises(Damaged):
				clean(raw[:end])


def test_a_directory_that_leads_back_to_itself_ends():
	loop = struct.pack("<4sIHI", b"II*\0", 8, 0, 8)
	with pytest.raises(Damaged):
		tiff.clean(loop)


@given(st.text(alphabet="<!?aA htmlsvgHTML#/>\n\t", max_size=40))
def test_no_text_that_begins_as_a_page_is_a_text(words: str):
	for begins in ("<html", " <!DOCTYPE html", "\n<svg ", "<?xml", "#!/bin/sh", "<script"):
		with pytest.raises(Refused):
			kinds.kind_of("a.txt", (begins + words).encode())
