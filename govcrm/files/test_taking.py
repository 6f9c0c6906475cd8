"""What content is taken, and what is left of photos when they have been written."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import frappe
from PIL import Image, ImageOps

from govcrm.domain.files import kinds
from govcrm.domain.files.cleaning import cleaned
from govcrm.domain.files.faults import Damaged, Refused
from govcrm.files.taking import FileNotTaken
from govcrm.tests import GovCRMTestCase
from govcrm.tests import file_samples as samples
from govcrm.tests.factories import make_case
from govcrm.tests.file_samples import CANARY

PAGE = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\0\3" + bytes(200)


class TestPhotos(GovCRMTestCase):
	def test_nothing_of_the_metadata_of_a_photo_reaches_the_disk(self) -> None:
		case = make_case().name
		for kind in samples.PHOTOS:
			raw = samples.photo(kind)
			self.assertIn(CANARY.encode(), raw)
			written = self.written(case, f"photo.{kind}", raw)
			self.assertNotIn(CANARY.encode(), written, kind)
			self.assertNotIn(CANARY.encode("utf-16le"), written, kind)
			image = Image.open(BytesIO(written))
			self.assertEqual(dict(image.getexif().get_ifd(0x8825)), {}, kind)
			self.assertEqual(image.info.get("xmp"), None, kind)

	def test_a_photo_looks_as_it_did(self) -> None:
		for kind in samples.PHOTOS:
			raw = samples.photo(kind)
			before, after = (Image.open(BytesIO(content)) for content in (raw, cleaned(kind, raw)))
			for page in range(getattr(before, "n_frames", 1)):
				before.seek(page)
				after.seek(page)
				self.assertEqual(before.convert("RGBA").tobytes(), after.convert("RGBA").tobytes(), kind)

	def test_a_photo_stands_the_right_way_up_in_its_own_colours(self) -> None:
		for kind in ("jpeg", "png", "webp", "tiff"):
			raw = samples.photo(kind)
			after = Image.open(BytesIO(cleaned(kind, raw)))
			self.assertEqual(after.info.get("icc_profile"), samples.PROFILE, kind)
			self.assertEqual(after.getexif().get(0x0112), samples.ASIDE, kind)
			self.assertEqual(ImageOps.exif_transpose(after).size, (48, 64), kind)

	def test_cleaning_twice_is_cleaning_once(self) -> None:
		for kind in samples.PHOTOS:
			once = cleaned(kind, samples.photo(kind))
			self.assertEqual(cleaned(kind, once), once)

	def test_where_a_film_or_a_phones_picture_was_taken_is_blanked(self) -> None:
		for kind, raw in (("mp4", samples.film()), ("mov", samples.film(b"qt  ")), ("heic", samples.still())):
			self.assertEqual(kinds.kind_of(f"a.{kind}", raw).name, kind)
			after = cleaned(kind, raw)
			self.assertNotIn(CANARY.encode(), after, kind)
			self.assertEqual(len(after), len(raw))
			self.assertTrue(b"PIXELS" in after or b"moving pictures" in after)

	def test_a_picture_too_large_for_the_memory_is_refused_by_its_head_alone(self) -> None:
		head = samples.photo("png")
		size = (60_000).to_bytes(4, "big") * 2
		bomb = cleaned("png", head[:16] + size + head[24:])
		with patch("PIL.ImageFile.ImageFile.load", side_effect=AssertionError("read")):
			self.assertRaisesRegex(FileNotTaken, "pixels", self.written, make_case().name, "big.png", bomb)

	def test_a_document_is_kept_as_it_came_with_what_it_says_of_its_author(self) -> None:
		"""It is evidence: a signature in it goes on to verify."""
		said, case = f"<x>{CANARY}</x>", make_case().name
		for name, raw in {
			"a.pdf": samples.PDF.replace(b"%%EOF", f"% /Author ({CANARY})\n%%EOF".encode()),
			"a.docx": samples.office(**{"docProps/core.xml": said, "_xmlsignatures/sig1.xml": said}),
			"a.odt": samples.open_document(**{"meta.xml": said}),
		}.items():
			self.assertEqual(self.written(case, name, raw), raw)

	def written(self, case: str, name: str, content: bytes) -> bytes:
		values = {"file_name": name, "attached_to_doctype": "Case", "attached_to_name": case}
		file = frappe.get_doc({"doctype": "File", "content": content, **values}).insert()
		return Path(file.get_full_path()).read_bytes()


class TestKinds(GovCRMTestCase):
	def sound(self) -> dict[str, bytes]:
		return {
			"pdf": samples.PDF,
			**{kind: samples.photo(kind) for kind in samples.PHOTOS},
			**{kind: samples.office(kind) for kind in samples.MAIN_PARTS},
			"odt": samples.open_document(),
			"ods": samples.open_document("spreadsheet"),
			"odp": samples.open_document("presentation"),
			"txt": "Loch in der Straße".encode(),
			"csv": "a;b\r\n1;é".encode("cp1252"),
			"json": b'{"a": 1}',
			"heic": samples.still(),
			"mp4": samples.film(),
			"mp3": b"ID3\4" + bytes(200),
			"wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
			"ogg": b"OggS" + bytes(200),
			"m4a": samples.film(b"M4A "),
			"mov": samples.film(b"qt  "),
		}

	def test_each_kind_is_taken_under_its_own_name(self) -> None:
		self.assertEqual(self.sound().keys(), kinds.KINDS.keys())
		for kind, raw in self.sound().items():
			self.assertEqual(kinds.kind_of(f"A.{kind.upper()}", raw, allowed=kinds.KINDS).name, kind)

	def test_no_content_is_taken_under_the_name_of_another_kind(self) -> None:
		akin = ({"txt", "csv", "json"}, {"mp4", "m4a", "mov"})
		for kind, raw in self.sound().items():
			for other in kinds.KINDS.keys() - {kind}:
				if not any({kind, other} <= family for family in akin):
					with self.assertRaises(Refused, msg=f"{kind} as {other}"):
						kinds.kind_of(f"a.{other}", raw, allowed=kinds.KINDS)

	def test_no_page_program_or_drawing_is_taken_under_any_name(self) -> None:
		for kind in (*kinds.KINDS, "html", "svg", "xml", "exe", "js", "sh", "bat", "hta", "zip", "docm", ""):
			for raw in (PAGE, SVG, PROGRAM, b"#!/bin/sh\nrm -rf /", b"<?xml version='1.0'?><a/>", b"<?php x"):
				self.assertRaises(Refused, kinds.kind_of, f"a.{kind}", raw, allowed=kinds.KINDS)

	def test_what_is_two_things_at_once_is_taken_as_neither(self) -> None:
		hidden = samples.archive(**{"page.html": PAGE})
		for kind, raw in self.sound().items():
			if kind not in ("txt", "csv", "json"):
				self.assertRaises(Refused, kinds.kind_of, f"a.{kind}", raw + hidden, allowed=kinds.KINDS)
				self.assertRaises(Refused, kinds.kind_of, f"a.{kind}", hidden + raw, allowed=kinds.KINDS)
		self.assertRaises(Refused, kinds.kind_of, "a.pdf", samples.PDF[:9] + PAGE + samples.PDF[9:])
		self.assertRaises(Refused, kinds.kind_of, "a.pdf", samples.PDF + PAGE)

	def test_a_document_with_macros_is_refused(self) -> None:
		for name, raw in (
			("a.docx", samples.office(**{"word/vbaProject.bin": "x"})),
			("a.xlsx", samples.office("xlsx", **{"xl/macrosheets/sheet1.xml": "x"})),
			(
				"a.docx",
				samples.office(**{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled"}),
			),
			("a.odt", samples.open_document(**{"Basic/Standard/Module1.xml": "x"})),
		):
			self.assertRaises(Refused, kinds.kind_of, name, raw)

	def test_what_the_sender_says_it_is_must_be_what_it_is(self) -> None:
		self.assertRaises(Refused, kinds.kind_of, "a.pdf", samples.PDF, "text/html")
		self.assertEqual(kinds.kind_of("a.pdf", samples.PDF, "application/pdf; x=1").name, "pdf")
		self.assertEqual(kinds.kind_of("a.csv", b"a,b", "application/vnd.ms-excel").name, "csv")

	def test_broken_content_is_refused_and_never_an_error(self) -> None:
		for kind, raw in self.sound().items():
			for at in range(0, min(len(raw), 400), 7):
				for broken in (raw[:at], raw[:at] + b"\xff\xff\xff\xff" + raw[at + 4 :]):
					with suppress(Refused, Damaged):
						cleaned(kinds.kind_of(f"a.{kind}", broken, allowed=kinds.KINDS).name, broken)

	def test_the_agency_says_which_kinds_it_takes(self) -> None:
		settings = frappe.get_single("GovCRM Settings")
		settings.file_kinds = "PDF, png"
		settings.save()
		case = make_case().name
		values = {"doctype": "File", "attached_to_doctype": "Case", "attached_to_name": case}
		frappe.get_doc({**values, "file_name": "a.pdf", "content": samples.PDF}).insert()
		other = frappe.get_doc({**values, "file_name": "a.txt", "content": "text"})
		self.assertRaisesRegex(FileNotTaken, "pdf, png", other.insert)
		settings.file_kinds = "pdf\nhtml"
		self.assertRaisesRegex(frappe.ValidationError, "html", settings.save)
