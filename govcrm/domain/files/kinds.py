"""The kinds of files that can be taken, and how each is known by its content.

The end of the name, the declared type and the content must agree. What is two kinds at once (a picture that is also an
archive, a PDF that is also a page) is none.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import filetype

from govcrm.domain.files import documents
from govcrm.domain.files.faults import Refused

UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|iframe|svg|\?php)\b", re.IGNORECASE)
HEAD = 1024  # in which readers look for what a file is

TEXT = frozenset({"text/plain", "text/csv", "application/csv", "text/x-csv", "application/vnd.ms-excel"})
WORDS = "application/vnd.openxmlformats-officedocument."
OASIS = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
	"""`endings` of names, `types` that may be declared, and whether content `fits`."""

	name: str
	endings: frozenset[str]
	types: frozenset[str]
	fits: Callable[[bytes], bool]
	is_archive: bool = False


def by_signature(*found: str) -> Callable[[bytes], bool]:
	return lambda raw: filetype.guess_extension(raw) in found


def _kind(name: str, types: str, fits: Callable[[bytes], bool], *endings: str, is_archive=False) -> Kind:
	return Kind(name, frozenset({name, *endings}), frozenset(types.split()), fits, is_archive)


def _office(name: str, part: str, declared: str) -> Kind:
	return _kind(name, WORDS + declared, partial(documents.is_office, part=part), is_archive=True)


def _open_document(name: str, declared: str) -> Kind:
	return _kind(
		name, OASIS + declared, partial(documents.is_open_document, type=OASIS + declared), is_archive=True
	)


KINDS = {
	kind.name: kind
	for kind in (
		_kind("pdf", "application/pdf application/x-pdf", documents.is_pdf),
		_kind("jpeg", "image/jpeg image/jpg image/pjpeg", by_signature("jpg"), "jpg", "jfif"),
		_kind("png", "image/png image/apng", by_signature("png", "apng")),
		_kind("gif", "image/gif", by_signature("gif")),
		_kind("webp", "image/webp", by_signature("webp")),
		_kind("tiff", "image/tiff", by_signature("tif"), "tif"),
		_kind("heic", "image/heic image/heif", by_signature("heic"), "heif"),
		_office("docx", "word/document.xml", "wordprocessingml.document"),
		_office("xlsx", "xl/workbook.xml", "spreadsheetml.sheet"),
		_office("pptx", "ppt/presentation.xml", "presentationml.presentation"),
		_open_document("odt", "text"),
		_open_document("ods", "spreadsheet"),
		_open_document("odp", "presentation"),
		Kind("txt", frozenset({"txt"}), TEXT, documents.is_text),
		Kind("csv", frozenset({"csv", "tsv"}), TEXT | {"text/tab-separated-values"}, documents.is_text),
		_kind("json", "application/json application/geo+json text/plain", documents.is_json, "geojson"),
		_kind("mp4", "video/mp4 application/mp4", by_signature("mp4", "m4v"), "m4v"),
		_kind("mov", "video/quicktime", by_signature("mov", "mp4")),
		_kind("m4a", "audio/mp4 audio/m4a audio/x-m4a video/mp4", by_signature("m4a", "mp4")),
		_kind("mp3", "audio/mpeg audio/mp3 audio/x-mp3", by_signature("mp3")),
		_kind("wav", "audio/wav audio/x-wav audio/wave audio/vnd.wave", by_signature("wav")),
		_kind("ogg", "audio/ogg audio/opus application/ogg", by_signature("ogg"), "oga", "opus"),
	)
}
USUAL = tuple(name for name in KINDS if name not in ("pptx", "odp", "ogg"))


def kind_of(name: str, raw: bytes, declared: str = "", allowed: Iterable[str] = USUAL) -> Kind:
	"""The one kind that name, declared type and content agree on. Raises Refused with what to do."""
	kind = _named(name, allowed)
	if declared.partition(";")[0].strip().lower() not in UNDECLARED | kind.types:
		raise Refused("{0} was sent as {1}. Save it as {2} and attach it again.", name, declared, kind.name)
	if not kind.fits(raw):
		raise Refused("{0} is not what its name says. Save it as {1} and attach it again.", name, kind.name)
	if not kind.is_archive and is_two_things(raw):
		raise Refused(
			"{0} holds something else as well. Save it as {1} and attach it again.", name, kind.name
		)
	return kind


def _named(name: str, allowed: Iterable[str]) -> Kind:
	ending = name.rpartition(".")[2].lower() if "." in name else ""
	known = [KINDS[one] for one in allowed if one in KINDS]
	for kind in known:
		if ending in kind.endings:
			return kind
	listed = ", ".join(sorted(kind.name for kind in known))
	raise Refused("{0} cannot be attached. Save it as one of these: {1}.", name, listed)


def is_two_things(raw: bytes) -> bool:
	"""Whether an archive or a page hides in what begins as something else."""
	return bool(MARKUP.search(raw[:HEAD])) or documents.opens_as_archive(raw)


def unknown(names: Iterable[str]) -> list[str]:
	return sorted(set(names) - KINDS.keys())
