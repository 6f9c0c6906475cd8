"""Documents, tables and texts by their content. Nothing is unpacked but the list of parts and two short ones."""

import re
import zipfile
from io import BytesIO

from govcrm.domain.files.faults import Refused

ARCHIVE, END_OF_ARCHIVE = b"PK\x03\x04", b"PK\x05\x06"
LENGTH_OF_END = 22  # of an archive's last record, when it carries no comment
SHORT = 1 << 20
MOST_PARTS = 20_000
PROGRAMS = re.compile(r"(^|/)(vbaproject|vbadata|macrosheets/|activex/|basic/|scripts/)", re.IGNORECASE)
NOT_IN_TEXTS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
BEGINS_AS_CODE = re.compile(r"\s*(<[!?a-z]|#!|%!PS|%PDF|\{\\rtf|MZ)", re.IGNORECASE)

ANEW = "The document is damaged, or holds something else as well. Save it anew and attach it again."


def is_pdf(raw: bytes) -> bool:
	"""From its first byte to its last: readers forgive what stands before and after, and so it can be something else."""
	end = raw.rfind(b"%%EOF")
	return raw.startswith(b"%PDF-") and end >= 0 and not raw[end + 5 :].strip(b"\0\t\n\f\r ")


def is_office(raw: bytes, part: str) -> bool:
	"""Office Open XML (ISO/IEC 29500) with this main part, and without macros."""
	with _archive(raw) as archive:
		names = _parts(archive)
		if part not in names or "[Content_Types].xml" not in names:
			return False
		return b"macroenabled" not in _short(archive, "[Content_Types].xml").lower()


def is_open_document(raw: bytes, type: str) -> bool:
	"""OpenDocument (ISO/IEC 26300) of this type, and without macros."""
	with _archive(raw) as archive:
		return "mimetype" in _parts(archive) and _short(archive, "mimetype").strip() == type.encode()


def is_text(raw: bytes) -> bool:
	text = _decoded(raw)
	return text is not None and not NOT_IN_TEXTS.search(text) and not BEGINS_AS_CODE.match(text)


def is_json(raw: bytes) -> bool:
	return is_text(raw) and raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def opens_as_archive(raw: bytes) -> bool:
	"""Whether a reader of archives would find one in it, wherever it begins."""
	if END_OF_ARCHIVE not in raw[-(LENGTH_OF_END + 65536) :]:
		return False
	try:
		return bool(zipfile.ZipFile(BytesIO(raw)).namelist())
	except (zipfile.BadZipFile, ValueError, OverflowError):
		return False


def _decoded(raw: bytes) -> str | None:
	encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
	for encoding in encodings:
		try:
			return raw.decode(encoding)
		except UnicodeDecodeError:
			continue
	return None


def _archive(raw: bytes) -> zipfile.ZipFile:
	"""Begins and ends as an archive does, with nothing before or after."""
	if not raw.startswith(ARCHIVE) or raw[-LENGTH_OF_END:][:4] != END_OF_ARCHIVE:
		raise Refused(
			"The file is damaged, or holds something else as well. Save it anew and attach it again."
		)
	try:
		return zipfile.ZipFile(BytesIO(raw))
	except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
		raise Refused(ANEW) from None


def _parts(archive: zipfile.ZipFile) -> set[str]:
	names = archive.namelist()
	if min((part.header_offset for part in archive.filelist), default=1):
		raise Refused(ANEW)  # another one stands before it
	if len(names) > MOST_PARTS:
		raise Refused("The document has too many parts. Save it as PDF and attach that.")
	if any(PROGRAMS.search(name) for name in names):
		raise Refused(
			"The document holds macros or programs. Save it without them, or as PDF, and attach that."
		)
	return set(names)


def _short(archive: zipfile.ZipFile, name: str) -> bytes:
	"""A part that is short in sound documents: what is beyond is not read, however much it would unpack to."""
	try:
		with archive.open(name) as part:
			return part.read(SHORT)
	except Exception:  # what a broken or encrypted part raises is of many kinds
		raise Refused(
			"The document cannot be read. Save it without a password and attach it again."
		) from None
