"""Reads a CSV file row by row, whatever program wrote it: encoding, byte order mark and delimiter are found out."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from frappe import _

from govcrm.casework.importing import ImportRefused

DELIMITERS = (",", ";", "\t", "|")
# The longer mark first: that of UTF-32 begins with that of UTF-16.
MARKS = (
	(codecs.BOM_UTF8, "utf-8-sig"),
	(codecs.BOM_UTF32_LE, "utf-32"),
	(codecs.BOM_UTF32_BE, "utf-32"),
	(codecs.BOM_UTF16_LE, "utf-16"),
	(codecs.BOM_UTF16_BE, "utf-16"),
)
# What is often uploaded instead of a CSV file, by its first bytes.
OTHER_KINDS = (
	(b"PK\x03\x04", "Excel / ZIP"),
	(b"\xd0\xcf\x11\xe0", "Excel"),
	(b"%PDF", "PDF"),
	(b"\x1f\x8b", "GZIP"),
)
LOOK_AT = 4096
CHUNK = 1 << 20
LARGEST_VALUE = 1 << 20


@dataclass(frozen=True)
class Row:
	"""One record: the line of the file it begins on, its values by title, and whether their number is right."""

	line: int
	values: dict[str, str]
	count: int
	fits: bool


@dataclass(frozen=True)
class CsvFile:
	"""A file that can be read as often as wanted; each reading streams it."""

	path: Path
	encoding: str
	delimiter: str
	header: tuple[str, ...]

	def rows(self) -> Iterator[Row]:
		"""All records below the header, empty lines left out. Raises ImportRefused where the file is broken."""
		with self.path.open(encoding=self.encoding, newline="") as lines:
			records = csv.reader(lines, delimiter=self.delimiter)
			first = 1
			try:
				for record in records:
					if record and first > 1:
						yield self._row(first, record)
					first = records.line_num + 1
			except (csv.Error, UnicodeError) as error:
				raise ImportRefused(_("The file is broken at line {0}: {1}").format(first, error)) from error

	def _row(self, line: int, record: list[str]) -> Row:
		return Row(
			line, dict(zip(self.header, record, strict=False)), len(record), len(record) == len(self.header)
		)


def open_csv(path: str | Path, expected: Sequence[str] = ()) -> CsvFile:
	"""Find out how `path` is written. `expected` titles help to tell the delimiter.

	Titles are matched without regard to case and white space around them; those expected keep their spelling.
	Raises ImportRefused for what is no CSV file.
	"""
	# A description may be longer than the 128 kB that Python allows; a quote never closed is still caught.
	csv.field_size_limit(LARGEST_VALUE)
	path = Path(path)
	encoding = find_encoding(path)
	delimiter, header = find_delimiter(first_record(path, encoding), expected)
	header = respell(header, expected)
	refuse_doubled(header, expected)
	return CsvFile(path, encoding, delimiter, header)


def find_encoding(path: Path) -> str:
	"""By byte order mark, else UTF-8 if all of the file is that, else Windows-1252, which old exports use."""
	start = read_start(path)
	for mark, encoding in MARKS:
		if start.startswith(mark):
			return encoding
	if b"\x00" in start:
		raise ImportRefused(_("This is no text. Save the table as CSV in UTF-8."))
	for encoding in ("utf-8", "cp1252"):
		if decodes(path, encoding):
			return encoding
	raise ImportRefused(_("The text of the file is neither UTF-8 nor Windows-1252. Save it as CSV in UTF-8."))


def read_start(path: Path) -> bytes:
	try:
		with path.open("rb") as file:
			start = file.read(LOOK_AT)
	except OSError as error:
		raise ImportRefused(_("The file cannot be read: {0}").format(error.strerror)) from error
	if not start.strip():
		raise ImportRefused(_("The file is empty."))
	for mark, kind in OTHER_KINDS:
		if start.startswith(mark):
			raise ImportRefused(
				_("This is a file of the kind {0}. Save it as CSV and try again.").format(kind)
			)
	return start


def decodes(path: Path, encoding: str) -> bool:
	decoder = codecs.getincrementaldecoder(encoding)()
	try:
		with path.open("rb") as file:
			while chunk := file.read(CHUNK):
				decoder.decode(chunk)
			decoder.decode(b"", final=True)
	except UnicodeDecodeError:
		return False
	return True


def first_record(path: Path, encoding: str) -> str:
	try:
		with path.open(encoding=encoding, newline="") as file:
			return file.readline(CHUNK)
	except UnicodeError as error:
		raise ImportRefused(
			_("The text of the file is not {0}, as its first bytes say.").format(encoding)
		) from error


def find_delimiter(line: str, expected: Sequence[str]) -> tuple[str, list[str]]:
	"""(delimiter, titles): the one that gives most of the expected titles, else most titles at all."""
	wanted = {title.casefold() for title in expected}
	readings = [(delimiter, split(line, delimiter)) for delimiter in DELIMITERS]
	return max(readings, key=lambda found: (len(wanted & {t.casefold() for t in found[1]}), len(found[1])))


def split(line: str, delimiter: str) -> list[str]:
	return [title.strip() for title in next(csv.reader([line], delimiter=delimiter), [])]


def respell(header: Sequence[str], expected: Sequence[str]) -> tuple[str, ...]:
	spelling = {title.casefold(): title for title in expected}
	return tuple(spelling.get(title.casefold(), title) for title in header)


def refuse_doubled(header: Sequence[str], expected: Sequence[str]) -> None:
	doubled = sorted({title for title in header if title in expected and header.count(title) > 1})
	if doubled:
		raise ImportRefused(_("These columns are in the file more than once: {0}").format(", ".join(doubled)))
