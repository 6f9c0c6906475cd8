"""Checks exports of the audit trail of GovCRM without trusting who made them.

	python verify.py export.ndjson.gz --key <public key, hex or file>
	govcrm-verify january.ndjson.gz february.ndjson.gz --key agency.pub --checkpoint remembered.json

This file stands alone: Python 3.10, its standard library and `cryptography` (Ed25519). It shares no code with the
application that wrote the log, on purpose; what both follow is the text "The format" in docs/audit.md.

Ends with 0 when the history is valid, 1 when something is wrong with it, 2 when the file cannot be read as a whole, 3 when
nothing is wrong but something needed to vouch for it was not there, such as a trusted key.
"""

import argparse
import base64
import binascii
import contextlib
import gc
import hashlib
import hmac
import json
import os
import re
import struct
import sys
import tempfile
import zlib
from array import array
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from operator import lt
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

VALID, WRONG, UNREADABLE, UNVOUCHED = 0, 1, 2, 3

# A transaction may run for long before its events are committed and sealed; clocks of two servers differ a little.
LONG_TRANSACTION = timedelta(hours=2)
CLOCKS_DIFFER = timedelta(seconds=5)

# What no honest export reaches. A hostile one may be made to exhaust whoever opens it.
MAX_LINE = 16 * 1024 * 1024
MAX_RATIO = 200
MAX_KEYS = 1000
MAX_FINDINGS = 1000
MAX_CLAIM_FILE = 64 * 1024 * 1024
MAX_SAFE = 2**53
# In any JSON, to which come some by its length.
MOST_BRACKETS = 1000
# Up to here the order of code points is the order of UTF-16 units that RFC 8785 (3.2.3) asks for.
LAST_OF_KEYS = "\ud7ff"

BLOB = 512 * 1024
SHOWN = 20
NO_CHECKPOINT = "0" * 64
CHECKPOINT_CONTEXT = b"govcrm-checkpoint-v1\n"
KEY_CONTEXT = b"govcrm-key-v1\n"


class Refused(Exception):
	"""Something cannot be what it claims to be; the text says why."""


class Unreadable(Exception):
	"""The file as a whole cannot be read on; the text says why."""


class Finding(NamedTuple):
	kind: str
	text: str
	line: int = 0
	seq: int = 0
	file: str = ""


# Canonical JSON (RFC 8785, without floats) -----------------------------------------------------------------------


def strict(data: bytes) -> dict:
	"""The one object that `data` holds. Refuses whatever two readers could understand differently."""
	if is_crowded(data, 0, len(data)):
		raise Refused("it has more brackets than anything in a log needs")
	try:
		value = _DECODER.decode(data.decode())
	except UnicodeDecodeError:
		raise Refused("it is not UTF-8") from None
	except RecursionError:
		raise Refused("it is nested too deeply") from None
	except ValueError as error:
		raise Refused(f"it is not JSON: {str(error)[:80]}") from None
	if not isinstance(value, dict):
		raise Refused("it is not a JSON object")
	return value


def is_crowded(data: bytes, start: int, end: int) -> bool:
	"""Whether there are more brackets than anything in a log needs: they would keep a reader of JSON busy for long."""
	return _brackets(data, start, end) > MOST_BRACKETS + (end - start) // 16


def _brackets(data: bytes, start: int, end: int) -> int:
	return data.count(b"[", start, end) + data.count(b"{", start, end)


def canonical(value) -> bytes:
	"""The one way to write a value that `strict` returned."""
	try:
		return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
	except UnicodeEncodeError:
		raise Refused("it holds half of a surrogate pair") from None
	except RecursionError:
		raise Refused("it is nested too deeply") from None


def _object(pairs: list[tuple]) -> dict:
	value = dict(pairs)
	if len(value) != len(pairs):
		raise Refused("a key stands twice in it")
	if not all(key.isascii() or max(key) <= LAST_OF_KEYS for key in value):
		raise Refused("a key in it has characters that have no order")
	return value


def _integer(text: str) -> int:
	if len(text) > 17 or not -MAX_SAFE < int(text) < MAX_SAFE:
		raise Refused("a number in it is too large")
	return int(text)


def _no_float(text: str):
	raise Refused(f"a number in it is not an integer: {text[:20]}")


_DECODER = json.JSONDecoder(
	object_pairs_hook=_object, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float
)


# Headers and checkpoints: canonical form and shape in one expression ---------------------------------------------


def _optional(pattern: str) -> str:
	return f"(?:null|{pattern})"


def _listed(pattern: str) -> str:
	return f"(?:{pattern}(?:,{pattern})*)?"


_ESCAPE = r'\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))'
_TEXT = rf'"[^"\\\x00-\x1f]*(?:{_ESCAPE}[^"\\\x00-\x1f]*)*"'
_KEY = rf'"[^"\\\x00-\x1f\ud800-\U0010ffff]*(?:{_ESCAPE}[^"\\\x00-\x1f\ud800-\U0010ffff]*)*"'
_MOMENT = r"\d{4}-(?:0[1-9]|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z"
_ULID = "[0-9A-HJKMNP-TV-Z]{26}"
_HEX16, _HEX32, _HEX64 = (f"[0-9a-f]{{{length}}}" for length in (16, 32, 64))


def header_fields(text: str = _TEXT, key: str = _KEY, quote: str = '"') -> dict[str, str]:
	"""What the JSON of each field of a header looks like, with these patterns for any text and for keys."""

	def quoted(pattern: str) -> str:
		return f"{quote}{pattern}{quote}"

	row = rf"\[{text},{text},{_optional(quoted(_HEX64))}\]"
	return {
		"v": "1",
		"log": quoted(_HEX32),
		"id": quoted(_ULID),
		"at": quoted(_MOMENT),
		"offset": quoted(r"[+-]\d\d:\d\d"),
		"actor": text,
		"impersonator": _optional(text),
		"via": quoted("(?:request|job|command|script|scheduler)"),
		"method": _optional(text),
		"auth": quoted("(?:session|token|oauth|guest|none)"),
		"session": _optional(quoted(_HEX16)),
		"request": _optional(text),
		"verb": text,
		"action": _optional(text),
		"doctype": _optional(text),
		"name": _optional(text),
		"subject": _optional(text),
		"department": _optional(text),
		"class": _optional(text),
		"policy": text,
		"outcome": quoted("(?:Success|Denied|Failed)"),
		"rows": rf"\[{_listed(row)}\]",
		"commitments": rf"\{{{_listed(f'{key}:{quoted(_HEX64)}')}\}}",
		"payload": _optional(quoted(_HEX64)),
	}


HEADER_FIELDS = header_fields()
CHECKPOINT_FIELDS = {
	"v": "1",
	"origin": f'"{_HEX32}"',
	"size": r"(?:0|[1-9]\d{0,15})",
	"root": f'"{_HEX64}"',
	"time": f'"{_MOMENT}"',
	"previous": f'"{_HEX64}"',
	"key": f'"{_HEX16}"',
}


class Header(NamedTuple):
	"""Of a header that is canonical and whole: the JSON texts of what is needed here."""

	at: str
	id: str
	log: str
	outcome: str
	payload: str
	rows: str
	subject: str
	verb: str


def _whole(fields: dict[str, str], groups: Iterable[str], quote: str = '"') -> str:
	"""Matches exactly the canonical objects with these fields."""
	parts = (
		f"{quote}{name}{quote}:({pattern})" if name in groups else f"{quote}{name}{quote}:{pattern}"
		for name, pattern in sorted(fields.items())
	)
	return r"\{" + ",".join(parts) + r"\}"


_GROUPS = ("commitments", *Header._fields)
_HEADER = re.compile(_whole(HEADER_FIELDS, _GROUPS), re.ASCII)
_CHECKPOINT = re.compile(_whole(CHECKPOINT_FIELDS, ()), re.ASCII)


def read_header(data: bytes) -> Header:
	match = _HEADER.fullmatch(_decoded(data))
	if not match:
		raise Refused(_why_not(data, HEADER_FIELDS))
	at, commitments, *others = match.groups()
	if canonical(strict(commitments.encode())) != commitments.encode():
		raise Refused("its commitments stand in the wrong order, or one stands twice")
	return Header(at, *others)


def _decoded(data: bytes) -> str:
	try:
		return data.decode()
	except UnicodeDecodeError:
		raise Refused("it is not UTF-8") from None


def _why_not(data: bytes, fields: dict[str, str]) -> str:
	"""Why the expression of these fields does not match, in words."""
	record = strict(data)
	if record.keys() != fields.keys():
		named = ", ".join(sorted(record.keys() ^ fields.keys()))
		return f"fields are missing or unknown: {named[:120]}"
	for name, pattern in fields.items():
		if not re.fullmatch(pattern, canonical(record[name]).decode(), re.ASCII):
			return f"its {name} is not what the format allows"
	return "it is not written in canonical form"


# The tree of RFC 9162 ---------------------------------------------------------------------------------------------


_sha256 = hashlib.sha256


def leaf_hash(header: bytes) -> bytes:
	return hashlib.sha256(b"\0" + header).digest()


class Tree:
	"""A Merkle tree that keeps the roots of its full subtrees only, the largest first."""

	def __init__(self, size: int = 0, frontier: Iterable[bytes] = ()):
		self.size, self.frontier = size, list(frontier)

	def extend(self, leaves: bytes) -> None:
		"""Appends leaves that stand one behind the other: pairs become the row above, what has no pair yet stays."""
		rest, row, left = self.size, leaves, []
		self.size += len(leaves) // 32
		while row:
			if rest & 1:
				row = self.frontier.pop() + row
			if len(row) % 64:
				left.append(row[-32:])
			pairs = range(0, len(row) - 32, 64)
			row = b"".join([_sha256(b"\1" + row[place : place + 64]).digest() for place in pairs])
			rest >>= 1
		self.frontier += reversed(left)

	def root(self) -> bytes:
		if not self.frontier:
			return hashlib.sha256(b"").digest()
		node = self.frontier[-1]
		for left in reversed(self.frontier[:-1]):
			node = hashlib.sha256(b"\1" + left + node).digest()
		return node


# Keys and signatures ----------------------------------------------------------------------------------------------


def key_id(public: str) -> str:
	return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


@lru_cache(maxsize=64)
def _public_key(public: str) -> Ed25519PublicKey:
	return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))


def signed(public: str, signature: str, message: bytes) -> bool:
	try:
		_public_key(public).verify(bytes.fromhex(signature), message)
	except (InvalidSignature, ValueError):
		return False
	return True


class SigningKey(NamedTuple):
	id: str
	public: str
	from_size: int
	endorsed_by: str | None
	endorsement: str | None

	@classmethod
	def read(cls, record: dict) -> "SigningKey":
		names = ("key", "public", "from_size", "endorsed_by", "endorsement")
		_only(record, *names)
		key = cls(*map(record.get, names))
		if not _is_hex(key.public, 64) or key.id != key_id(key.public):
			raise Refused("its id does not belong to its public key")
		if not _is_size(key.from_size):
			raise Refused("it does not say from which size on it signs")
		if (key.endorsed_by, key.endorsement) != (None, None) and not (
			_is_hex(key.endorsed_by, 16) and _is_hex(key.endorsement, 128)
		):
			raise Refused("its endorsement is not complete")
		if key.endorsed_by is None and key.from_size:
			raise Refused("it is the first of its log, but does not sign from the beginning")
		return key

	def is_endorsed(self, origin: str, by: "SigningKey") -> bool:
		body = {"v": 1, "origin": origin, "key": self.id, "public": self.public, "from_size": self.from_size}
		return signed(by.public, self.endorsement, KEY_CONTEXT + canonical(body))


class KeyRing:
	"""The keys that an export names, and which of them the trusted ones vouch for."""

	def __init__(self, trusted: Iterable[str]):
		self.trusted = {key_id(public) for public in trusted}
		self.keys: dict[str, SigningKey] = {}
		self.vouched: set[str] = set()
		# The trusted ones and those after them: what is signed by an earlier one alone may come from who stole that.
		self.present: set[str] = set()
		self.links: dict[str, str] = {}

	def add(self, key: SigningKey) -> None:
		if self.keys.setdefault(key.id, key) != key:
			raise Refused("the same key was told of differently before")

	def publics(self) -> dict[str, str]:
		return {key.id: key.public for key in self.keys.values()}

	def settle(self, origin: str) -> None:
		"""Which keys endorsements tie to a trusted one, or to the first where none was given."""
		self.links = {key.id: key.endorsed_by for key in self.keys.values() if self._is_linked(key, origin)}
		known = self.trusted & self.keys.keys()
		if self.keys and not self.trusted:
			known = {min(self.keys.values(), key=lambda key: key.from_size).id}
		self.present = self._with_later(known)
		self.vouched = self.present | self._with_earlier(known)

	def doubled(self) -> list[str]:
		"""Keys that put more than one other in force: a log has one line of keys."""
		return sorted(key for key, times in Counter(self.links.values()).items() if times > 1)

	def is_in_term(self, checkpoint: "Checkpoint") -> bool:
		"""A key signs what is larger than the size from which it holds, until the next one holds."""
		key = self.keys[checkpoint.key]
		ends = [self.keys[later].from_size for later, by in self.links.items() if by == key.id]
		return key.from_size <= checkpoint.size <= min(ends, default=MAX_SAFE)

	def _is_linked(self, key: SigningKey, origin: str) -> bool:
		by = self.keys.get(key.endorsed_by)
		return bool(by and by.from_size <= key.from_size and key.is_endorsed(origin, by))

	def _with_earlier(self, known: set[str]) -> set[str]:
		"""What a trusted key took over from: the trusted one signs a tree that holds all of theirs."""
		found = set(known)
		for key in known:
			while (key := self.links.get(key)) and key not in found:
				found.add(key)
		return found

	def _with_later(self, known: set[str]) -> set[str]:
		found = set(known)
		while more := {key for key, by in self.links.items() if by in found} - found:
			found |= more
		return found


@dataclass(slots=True)
class Checkpoint:
	size: int
	root: str
	time: str
	previous: str
	key: str
	origin: str
	hash: str
	text: str
	signature: str | None
	# None where its key is not in the export.
	is_signed: bool | None


def read_checkpoint(record: dict, keys: dict[str, str]) -> Checkpoint:
	_only(record, "checkpoint", "signature")
	text, signature = record.get("checkpoint"), record.get("signature")
	if not isinstance(text, str) or not _is_hex(signature, 128):
		raise Refused("the checkpoint or its signature is missing")
	return _checkpoint(text, signature, keys)


def _checkpoint(text: str, signature: str | None, keys: dict[str, str]) -> Checkpoint:
	data = _encoded(text)
	match = _CHECKPOINT.fullmatch(text)
	if not match:
		raise Refused(_why_not(data, CHECKPOINT_FIELDS))
	values = json.loads(text)
	if not _is_moment(values["time"]):
		raise Refused("its time is on no calendar")
	public = keys.get(values["key"])
	is_signed = signed(public, signature, CHECKPOINT_CONTEXT + data) if public and signature else None
	del values["v"]
	return Checkpoint(
		**values, hash=hashlib.sha256(data).hexdigest(), text=text, signature=signature, is_signed=is_signed
	)


def _encoded(text: str) -> bytes:
	try:
		return text.encode()
	except UnicodeEncodeError:
		raise Refused("it holds half of a surrogate pair") from None


def _only(record: dict, *names: str) -> None:
	"""What one reader passes over, another could believe."""
	unknown = record.keys() - {"t", *names}
	if unknown:
		raise Refused(f"a field in it is unknown: {min(unknown)[:40]!r}")


def _is_hex(value, length: int) -> bool:
	return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{length}}}", value) is not None


def _is_size(value) -> bool:
	return type(value) is int and 0 <= value < MAX_SAFE


def _is_moment(value) -> bool:
	return isinstance(value, str) and _moment(value) is not None


def _moment(value: str) -> datetime | None:
	with contextlib.suppress(ValueError):
		return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ")
	return None


def _shifted(moment: str, by: timedelta) -> str:
	"""Times are compared as texts, which have one length and one order."""
	known = _moment(moment)  # the form of an event's time lets it name the 31st of November
	try:
		return (known + by).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0") if known else moment
	except OverflowError:
		return moment


# Reading a file in pieces of whole lines --------------------------------------------------------------------------


class Source:
	"""Yields (number of the first line, some whole lines). Never holds more than a piece and a line."""

	def __init__(self, path: Path):
		self.path = path
		self.total, self.read = max(path.stat().st_size, 1), 0

	def pieces(self) -> Iterator[tuple[int, bytes]]:
		number, rest = 1, b""
		for data in self._unpacked():
			end = data.rfind(b"\n") + 1
			if len(rest) + (data.find(b"\n") if end else len(data)) > MAX_LINE:
				raise Unreadable(f"Line {number:,} is longer than {MAX_LINE:,} bytes.")
			if end:
				piece = b"".join((rest, memoryview(data)[:end]))
				yield number, piece
				number, rest = number + _lines_in(piece), data[end:]
			else:
				rest += data
		if rest:
			yield number, rest + b"\n"

	def _unpacked(self) -> Iterator[bytes]:
		with self.path.open("rb") as file:
			chunks = iter(lambda: file.read(BLOB), b"")
			first = next(chunks, b"")
			counted = self._counted(chain([first], chunks))
			yield from _gunzip(counted) if first[:2] == b"\x1f\x8b" else counted

	def _counted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
		for chunk in chunks:
			self.read += len(chunk)
			yield chunk


def _lines_in(piece: bytes) -> int:
	"""Long lines are counted faster from one end to the next than byte by byte."""
	count, place = 0, piece.find(b"\n")
	while place >= 0:
		count, place = count + 1, piece.find(b"\n", place + 1)
	return count


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
	"""Members of a gzip file, unpacked a piece at a time: what a bomb would unfold to never lies in memory."""
	member, packed, unpacked = zlib.decompressobj(31), 0, 0
	for chunk in chunks:
		packed += len(chunk)
		while chunk:
			if member.eof:
				member = zlib.decompressobj(31)
			data, chunk = _inflate(member, chunk)
			unpacked += len(data)
			if unpacked > MAX_RATIO * packed + BLOB:
				raise Unreadable("It unfolds to far more than any log would: a decompression bomb.")
			yield data
	if not member.eof:
		raise Unreadable("It breaks off in the middle of the compressed data: the file is cut off.")


def _inflate(member, chunk: bytes) -> tuple[bytes, bytes]:
	try:
		data = member.decompress(chunk, BLOB)
	except zlib.error:
		raise Unreadable("Its compressed data are damaged.") from None
	return data, member.unconsumed_tail or member.unused_data


# Examining lines: the part that worker processes do ---------------------------------------------------------------


@dataclass(slots=True)
class Span:
	"""Events that follow each other without a gap."""

	line: int
	first: int
	next: int
	leaves: bytearray
	earliest: tuple[str, int, int]
	latest: tuple[str, int, int]


@dataclass(slots=True)
class Line:
	"""Any line that is no event and no row: (number of the line, its type, its content)."""

	number: int
	type: str
	content: object


@dataclass(slots=True)
class Context:
	"""What examining a piece needs to know of its export."""

	origin: str
	keys: dict[str, str]
	# DocTypes of the snapshot that rows are compared with; None where there is none.
	doctypes: frozenset[str] | None
	# Whether that snapshot stands in this file: it does in the last one.
	is_compared: bool
	salt: bytes
	file: int


@dataclass(slots=True)
class Examined:
	"""What a piece of the file holds, small enough to be passed between processes."""

	parts: list = field(default_factory=list)
	findings: list[Finding] = field(default_factory=list)
	shreddings: list[tuple] = field(default_factory=list)
	rotations: list[int] = field(default_factory=list)
	counts: Counter = field(default_factory=Counter)
	left_out: set[str] = field(default_factory=set)
	rows: list[bytes] = field(default_factory=list)
	ids: list[bytes] = field(default_factory=list)
	places: array = field(default_factory=lambda: array("Q"))


# Lines in the plainest way to write them --------------------------------------------------------------------------

_PLAIN = r'[^"\\\x00-\x1f]*'
_PLAIN_LIVE = re.compile(
	rf'\{{"t":"r","doctype":"({_PLAIN})","name":"({_PLAIN})","hash":"({_HEX64})"\}}\n'.encode()
)
_PLAIN_ROWS = re.compile(rf'\[\\"({_PLAIN})\\",\\"({_PLAIN})\\",(?:null|\\"({_HEX64})\\")\]'.encode())
_HEX_DIGITS = b"0123456789abcdef"
# To count the brackets of each line takes long: a line that is no longer than this beside its commitments, with no more
# brackets in their paths than this, has fewer than MOST_BRACKETS.
_MOST_UNCOUNTED, _MOST_IN_PATHS = 800, 100


@lru_cache(maxsize=16)
def plain_event(origin: str) -> re.Pattern[bytes]:
	"""Matches the line of an event in which each quotation mark of the header is escaped, and nothing else: that spares reading the
	line as JSON and the header once more.

	The digits of commitments are any characters of the line here, a `Shape` looks at all at once. Noted verbs are left to JSON.
	"""
	quote = r'\\"'
	text, hashed = f"{quote}{_PLAIN}{quote}", f"{quote}({_HEX64}){quote}"
	fields = header_fields(text, rf"{quote}[ !#-\[\]-\x7f]*{quote}", quote)
	row = rf"\[{quote}({_PLAIN}){quote},{quote}({_PLAIN}){quote},{_optional(hashed)}\]"
	other = rf",\[{text},{text},{_optional(f'{quote}{_HEX64}{quote}')}\]"
	fields.update(
		at=f"{quote}({_MOMENT}){quote}",
		commitments=f"({fields['commitments'].replace(_HEX64, '.{64}')})",
		id=f"{quote}({_ULID}){quote}",
		log=f"{quote}{origin}{quote}",
		payload=_optional(hashed),
		rows=rf"\[(?:{row}((?:{other})*))?\]",
		subject=f"({fields['subject']})",
		verb=f"(?!{'|'.join(_NOTED)})".replace('"', quote) + text,
	)
	header = _whole(fields, (), quote)
	line = (
		rf'\{{"t":"e","seq":([1-9]\d{{0,14}}),"header":"({header})"(?:,"payload":"([0-9A-Za-z+/=]*)")?\}}\n'
	)
	return re.compile(line.encode())


_BETWEEN = b'\\":\\"'


def _around_digits(commitments: bytes) -> list[bytes] | None:
	"""Of {"path":"64 digits","path":"64 digits"}, what stands before, between and behind the digits.

	None where a path does not stand behind the one before, or what stands for digits is something else.
	"""
	before, *cut = commitments.split(_BETWEEN)
	after = [part[64:] for part in cut]
	paths = [before[3:], *[part[5:] for part in after[:-1]]]
	if not all(map(lt, paths, paths[1:])) or not _are_digits(b"".join([part[:64] for part in cut]), len(cut)):
		return None
	texts = [before, *after]
	return [*[text + _BETWEEN for text in texts[:-1]], texts[-1]]


class Shape:
	"""Where digits stand in commitments: events have few different sets of paths, and looking there is faster than searching."""

	def __init__(self, texts: list[bytes]):
		"""`texts` from `_around_digits`."""
		self.unpack = struct.Struct("64s".join(f"{len(text)}s" for text in texts)).unpack
		self.texts = b"".join(texts)

	def fits(self, commitments: bytes) -> bool:
		"""Whether other commitments of this length are to the same paths, with digits in them."""
		parts = self.unpack(commitments)
		digits = parts[1::2]
		return b"".join(parts[::2]) == self.texts and _are_digits(b"".join(digits), len(digits))


def _are_digits(digits: bytes, hashes: int) -> bool:
	return len(digits) == 64 * hashes and not digits.translate(None, _HEX_DIGITS)


def _digest(payload: bytes) -> str | None:
	"""In hexadecimal; None where it is not base64."""
	try:
		return hashlib.sha256(base64.b64decode(payload, validate=True)).hexdigest()
	except (binascii.Error, ValueError):
		return None


COUNTED = ("events", "checkpoints", "rows", "unsealed")
_ROTATE = '"rotate key"'
_NOTED = (_ROTATE, '"shred"', '"destroy"')


class Examiner:
	"""Reads the lines of one piece: canonical bytes, shape, leaves, payload hashes, openings, signatures of checkpoints.

	What is written in the plainest way is read by expressions over the bytes; every other line as JSON. Both must find the same.
	"""

	def __init__(self, context: Context):
		self.context = context
		self.origin = f'"{context.origin}"'
		# A text that UTF-8 has no bytes for is equal to no text of the log.
		self.doctypes = {one.encode(errors="surrogatepass") for one in context.doctypes or ()}
		self.plain_event = plain_event(context.origin).match
		self.result = Examined()
		self.span: Span | None = None
		self.is_in_rows = False
		# What is left to read, and the number of its first line.
		self.piece, self.place, self.number = b"", 0, 0
		# By DocType and name, the last of each record in this piece: number of the line, hash, subject.
		self.told: dict[tuple[bytes, bytes], tuple] = {}
		self.live: list[tuple] = []
		self.subjects: dict[bytes, bytes] = {}
		# By the length of commitments, the paths of the last ones.
		self.shapes: dict[int, Shape] = {}

	def examine(self, first_line: int, piece: bytes) -> Examined:
		self.piece, self.number = piece, first_line
		is_text = _is_utf8(piece)
		while self.place < len(piece):
			if not (is_text and (self._plain_events() or self._plain_rows())):
				self._next_line()
		self._put_away()
		return self.result

	# The short way

	def _plain_events(self) -> bool:
		"""Reads events that follow each other, up to the first that JSON has to judge. Says whether there was any."""
		match, piece, place, number, expected = self.plain_event, self.piece, self.place, self.number, 0
		leaves, times, ids = [], [], []
		while found := match(piece, place):
			seq, header, at, committed, one, digest, doctype, name, row, rows, subject, payload = (
				found.groups()
			)
			if (int(seq) != expected and leaves) or not self._is_committed(committed):
				break
			if len(header) - len(committed) > _MOST_UNCOUNTED and is_crowded(piece, place, found.end() - 1):
				break
			if payload is not None and not self._is_payload(payload, digest):
				break
			leaves.append(_sha256(b"\0" + header.translate(None, b"\\")).digest())
			times.append(at)
			ids.append(one)
			if doctype is not None:
				self._plain_told(number, (doctype, name), row, rows, subject)
			place, number, expected = found.end(), number + 1, int(seq) + 1
		if leaves:
			self._run(expected - len(leaves), leaves, times, ids)
		self.place, self.number = place, number
		return bool(leaves)

	def _run(self, seq: int, leaves: list[bytes], times: list[bytes], ids: list[bytes]) -> None:
		"""Events of lines that follow each other, from the line that is read next on."""
		number, result = self.number, self.result
		span = self._span_at(number, seq)
		span.leaves += b"".join(leaves)
		span.next += len(leaves)
		for at in (min(times), max(times)):
			after = times.index(at)
			self._timed(at.decode(), seq + after, number + after)
		first = self.context.file << 40 | number
		result.ids += ids
		result.places.extend(range(first, first + len(ids)))

	def _is_committed(self, commitments: bytes) -> bool:
		shape = self.shapes.get(len(commitments))
		if shape and shape.fits(commitments):
			return True
		texts = _around_digits(commitments)
		if _brackets(commitments, 0, len(commitments)) > _MOST_IN_PATHS:
			return False
		if texts and not shape:
			self.shapes[len(commitments)] = Shape(texts)
		return bool(texts)

	def _is_payload(self, payload: bytes, told: bytes | None) -> bool:
		if told is None or _digest(payload) != told.decode():
			return False
		self.result.counts["payloads"] += 1
		return True

	def _plain_told(
		self, number: int, record: tuple, row_hash: bytes | None, others: bytes, subject: bytes
	) -> None:
		subject = subject.translate(None, b"\\")
		self.told[record] = (number, row_hash, subject)
		if others:
			for *record, row_hash in _PLAIN_ROWS.findall(others):
				self.told[tuple(record)] = (number, row_hash, subject)

	def _plain_rows(self) -> bool:
		"""The same of live rows."""
		begun = self.number
		while found := _PLAIN_LIVE.match(self.piece, self.place):
			doctype, name, row_hash = found.groups()
			if found.end() - self.place > _MOST_UNCOUNTED and is_crowded(
				self.piece, self.place, found.end() - 1
			):
				break
			if self.context.is_compared:
				if doctype not in self.doctypes:
					break
				self.live.append(((doctype, name), self.number, row_hash))
			self._live_row(self.number)
			self.place, self.number = found.end(), self.number + 1
		return self.number > begun

	# The long way

	def _next_line(self) -> None:
		end, number = self.piece.index(b"\n", self.place), self.number
		line = self.piece[self.place : end]
		self.place, self.number = end + 1, number + 1
		try:
			self._line(number, line)
		except Refused as refusal:
			self._find("format", f"The line cannot stand in a log: {refusal}.", number)

	def _line(self, number: int, line: bytes) -> None:
		record = strict(line)
		kind = record.get("t")
		if kind == "e":
			self._event(number, *_frame_of(record))
		elif kind == "r":
			self._compared_row(number, *_row_of(record))
		elif kind == "u":
			self._unsealed(number, record)
		else:
			self._other(number, kind, record)

	def _event(self, number: int, seq: int, data: bytes, payload: bytes | None, opened: dict | None) -> None:
		# The leaf counts whatever the header says, so that one damaged event does not hide where the next one is.
		span = self._span_at(number, seq)
		span.leaves += leaf_hash(data)
		span.next += 1
		try:
			self._contents(number, seq, read_header(data), payload)
			if opened is not None:
				self._openings(opened, strict(data)["commitments"])
		except Refused as refusal:
			self._find("event", f"The event cannot be one of this log: {refusal}.", number, seq)

	def _span_at(self, number: int, seq: int) -> Span:
		"""The span that an event with this number goes on with, or one that it begins."""
		if self.span is None or self.span.next != seq:
			self.span = Span(number, seq, seq, bytearray(), ("9", 0, 0), ("", 0, 0))
			self.result.parts.append(self.span)
		return self.span

	def _timed(self, at: str, seq: int, number: int) -> None:
		if at < self.span.earliest[0]:
			self.span.earliest = (at, seq, number)
		if at > self.span.latest[0]:
			self.span.latest = (at, seq, number)

	def _contents(self, number: int, seq: int, header: Header, payload: bytes | None) -> None:
		if header.log != self.origin:
			raise Refused("it was written for another log")
		self._identified(number, header)
		self._timed(header.at[1:-1], seq, number)
		self._event_rows(number, header)
		if header.verb in _NOTED:
			self._note(number, seq, header)
		if payload is not None:
			self._payload(payload, header.payload)

	def _identified(self, number: int, header: Header) -> None:
		self.result.ids.append(header.id[1:-1].encode())
		self.result.places.append(self.context.file << 40 | number)

	def _note(self, number: int, seq: int, header: Header) -> None:
		if header.outcome != '"Success"':
			return
		if header.verb == _ROTATE:
			self.result.rotations.append(seq)
		else:
			place = self.context.file << 40 | number
			self.result.shreddings.append((place, seq, json.loads(header.at), json.loads(header.subject)))

	def _payload(self, payload: bytes, told: str) -> None:
		digest = _digest(payload)
		if digest is None:
			raise Refused("its payload is not base64")
		if told != f'"{digest}"':
			raise Refused("its payload is not the one it was sealed with")
		self.result.counts["payloads"] += 1

	def _openings(self, opened: dict, told: dict) -> None:
		for path, opening in opened.items():
			if (
				not isinstance(opening, dict)
				or opening.keys() != {"key", "value"}
				or not _is_hex(opening["key"], 64)
			):
				raise Refused("an opening is not a value and its key")
			mac = hmac.digest(bytes.fromhex(opening["key"]), canonical(opening["value"]), "sha256").hex()
			if told.get(path) != mac:
				raise Refused(f"the value shown for {path[:80]} is not the one it committed to")
			self.result.counts["openings"] += 1

	def _event_rows(self, number: int, header: Header) -> None:
		for doctype, name, row_hash in json.loads(header.rows):
			row = (number, row_hash and row_hash.encode(), header.subject.encode())
			self.told[doctype.encode(), name.encode()] = row

	def _compared_row(self, number: int, doctype: str, name: str, row_hash: str | None) -> None:
		self._live_row(number)
		if not self.context.is_compared:
			return
		if doctype not in (self.context.doctypes or ()):
			raise Refused("the row is of a DocType that the snapshot does not announce")
		self.live.append(((_encoded(doctype), _encoded(name)), number, row_hash and row_hash.encode()))

	def _live_row(self, number: int) -> None:
		self.span = None
		if not self.is_in_rows:
			self.is_in_rows = True
			self.result.parts.append(Line(number, "r", None))
		self.result.counts["rows"] += 1

	def _unsealed(self, number: int, record: dict) -> None:
		self.span = None
		_only(record, "header")
		if not isinstance(record.get("header"), str):
			raise Refused("the unsealed event has no header")
		header = read_header(_encoded(record["header"]))
		if header.log != self.origin:
			raise Refused("the unsealed event was written for another log")
		if self.context.is_compared:  # those of an earlier export are sealed in the next
			self._identified(number, header)
		self.result.counts["unsealed"] += 1
		self.result.parts.append(Line(number, "u", json.loads(header.at)))
		self._event_rows(number, header)
		if header.verb in _NOTED and header.verb != _ROTATE:
			self._note(number, 0, header)

	def _other(self, number: int, kind, record: dict) -> None:
		self.span = None
		if kind not in ("c", "a", "end"):
			raise Refused(f"its type {str(kind)[:20]!r} is not one that stands here")
		if kind == "end":
			_only(record, *COUNTED)
		content = read_checkpoint(record, self.context.keys) if kind == "c" else record
		self.result.parts.append(Line(number, kind, content))

	def _find(self, kind: str, text: str, line: int, seq: int = 0) -> None:
		if len(self.result.findings) < MAX_FINDINGS:
			self.result.findings.append(Finding(kind, text, line, seq))

	# What is compared when all was read

	def _put_away(self) -> None:
		if self.context.doctypes is None:
			return
		for record, (number, row_hash, subject) in self.told.items():
			if record[0] in self.doctypes:
				self._pack(record, number, TOLD if row_hash else GONE, row_hash, self._subject(subject))
			elif len(self.result.left_out) < 1000:
				self.result.left_out.add(record[0].decode())
		for record, number, row_hash in self.live:
			self._pack(record, number, LIVE if row_hash else UNREADABLE_ROW, row_hash, bytes(8))

	def _subject(self, subject: bytes) -> bytes:
		if subject not in self.subjects:
			self.subjects[subject] = subject_key(self.context.salt, subject)
		return self.subjects[subject]

	def _pack(self, record: tuple, number: int, kind: int, row_hash: bytes | None, subject: bytes) -> None:
		key, place = record_key(self.context.salt, *record), self.context.file << 40 | number
		digest = binascii.unhexlify(row_hash) if row_hash else bytes(32)
		self.result.rows.append(RECORD.pack(key, place, kind, digest, subject))


def _is_utf8(data: bytes) -> bool:
	try:
		return data.isascii() or bool(data.decode())
	except UnicodeDecodeError:
		return False


def _frame_of(record: dict) -> tuple:
	_only(record, "seq", "header", "payload", "open")
	seq, header, payload, opened = (record.get(key) for key in ("seq", "header", "payload", "open"))
	if not _is_size(seq) or seq < 1 or not isinstance(header, str):
		raise Refused("the event has no sequence number or no header")
	if not isinstance(payload, str | None) or not isinstance(opened, dict | None):
		raise Refused("the payload or the openings are of the wrong type")
	return seq, _encoded(header), None if payload is None else _encoded(payload), opened


def _row_of(record: dict) -> tuple:
	_only(record, "doctype", "name", "hash")
	doctype, name, row_hash = (record.get(key) for key in ("doctype", "name", "hash"))
	if not (isinstance(doctype, str) and isinstance(name, str)):
		raise Refused("the row has no DocType or no name")
	if row_hash is not None and not _is_hex(row_hash, 64):
		raise Refused("the row has no hash")
	return doctype, name, row_hash


def examine(context: Context, first_line: int, piece: bytes) -> Examined:
	"""Without the search for garbage, which finds none in a piece and takes a fifth of the time."""
	was_enabled = gc.isenabled()
	gc.disable()
	try:
		return Examiner(context).examine(first_line, piece)
	finally:
		if was_enabled:
			gc.enable()


def examined(pieces: Iterable[tuple[int, bytes]], context: Context, workers: int) -> Iterator[Examined]:
	"""The pieces examined, in their order. With workers, a few are on their way at a time, never all."""
	if workers < 2:
		yield from (examine(context, *piece) for piece in pieces)
		return
	waiting: deque[Future] = deque()
	with ProcessPoolExecutor(workers) as pool:
		for piece in pieces:
			waiting.append(pool.submit(examine, context, *piece))
			if len(waiting) > 2 * workers:
				yield waiting.popleft().result()
		while waiting:
			yield waiting.popleft().result()


# Coverage: the live rows against the last event of each -----------------------------------------------------------


# Key of the record, place of the line, kind of the row, its hash, key of the subject whose salt the hash was made with.
RECORD = struct.Struct(">16sQB32s8s")
GONE, TOLD, LIVE, UNREADABLE_ROW = range(4)


def record_key(salt: bytes, doctype: bytes, name: bytes) -> bytes:
	"""16 bytes for a record, salted anew in each run so that nobody can choose names that collide."""
	return hashlib.blake2b(b"%b%d:%b%b" % (salt, len(doctype), doctype, name), digest_size=16).digest()


def subject_key(salt: bytes, subject: bytes) -> bytes:
	"""`subject` as JSON: its one canonical text."""
	return hashlib.blake2b(salt + subject, digest_size=8).digest()


class Spilled:
	"""Records in files by their keys, of which each is small enough to be read at once: memory does not grow with the log."""

	BUCKETS = 512
	HELD = 8 * 1024 * 1024

	def __init__(self, folder: Path):
		folder.mkdir()
		self.folder, self.held = folder, 0
		self.buffers = [bytearray() for _ in range(self.BUCKETS)]

	def _hold(self, more: int) -> None:
		"""Was this much put into the buffers, they may have to be put on the disk."""
		self.held += more
		if self.held > self.HELD:
			self.held = 0
			for bucket, buffer in enumerate(self.buffers):
				with self._path(bucket).open("ab") as file:
					file.write(buffer)
				buffer.clear()

	def _records(self, bucket: int) -> bytes:
		path = self._path(bucket)
		spilled = path.read_bytes() if path.exists() else b""
		path.unlink(missing_ok=True)
		return spilled + self.buffers[bucket]

	def _path(self, bucket: int) -> Path:
		return self.folder / f"{bucket:03}"


class Ids(Spilled):
	"""The ids of all events: one that is there twice was never given by the application."""

	HELD = 4 * 1024 * 1024
	RECORD = struct.Struct(">26sQ")

	def __init__(self, folder: Path):
		super().__init__(folder)
		self.count = 0
		# Each with its place in the file, to be named.
		self.examples: list[tuple[str, int]] = []

	def add(self, ids: list[bytes], places: Iterable[int]) -> None:
		"""Python hashes bytes with a salt of each run: nobody chooses ids that fall into one file."""
		buffers, buckets, pack = self.buffers, self.BUCKETS, self.RECORD.pack
		for one, place in zip(ids, places, strict=True):
			buffers[hash(one) % buckets] += pack(one, place)
		self._hold(self.RECORD.size * len(ids))

	def compare(self) -> None:
		for bucket in range(self.BUCKETS):
			given = list(self.RECORD.iter_unpack(self._records(bucket)))
			if len({one for one, _ in given}) < len(given):
				self._name(given)

	def _name(self, given: list[tuple[bytes, int]]) -> None:
		seen = set()
		for one, place in given:
			if one in seen:
				self.count += 1
				if len(self.examples) < SHOWN:
					self.examples.append((one.decode(), place))
			seen.add(one)


class Coverage(Spilled):
	"""Last told and live hash of every record."""

	KINDS = ("changed", "inserted", "deleted", "doubled")

	def __init__(self, folder: Path):
		super().__init__(folder)
		self.counts: Counter = Counter()
		# Some of each kind, to be named: key of the record, place of the line that tells of it.
		self.examples: dict[str, list[tuple[bytes, int]]] = {kind: [] for kind in self.KINDS}

	def add(self, records: list[bytes]) -> None:
		buffers, buckets = self.buffers, self.BUCKETS
		for record in records:
			buffers[(record[0] << 8 | record[1]) % buckets] += record
		self._hold(RECORD.size * len(records))

	def compare(self, is_whole: bool, shredded: dict[bytes, int]) -> None:
		"""`is_whole`: the log was read from its first event, so that every live row must have one.

		`shredded` gives the place at which the key of a subject was destroyed: what was hashed with it before cannot be
		compared any more, by anybody.
		"""
		for bucket in range(self.BUCKETS):
			self._compare(self._records(bucket), is_whole, shredded)

	def _compare(self, records: bytes, is_whole: bool, shredded: dict[bytes, int]) -> None:
		told, live = {}, {}
		for key, place, kind, digest, subject in RECORD.iter_unpack(records):
			if kind in (GONE, TOLD):
				told[key] = (place, kind, digest, subject)
			elif key in live:
				self._found("doubled", key, place)
			else:
				live[key] = (place, digest)
		for key, (place, digest) in live.items():
			found = self._judge(told.get(key), digest, is_whole, shredded)
			self._found(found, key, place)
		for key in told.keys() - live.keys():
			place, kind, *_ = told[key]
			if kind == TOLD:
				self._found("deleted", key, place)

	@staticmethod
	def _judge(told: tuple | None, digest: bytes, is_whole: bool, shredded: dict[bytes, int]) -> str:
		if told is None:
			return "inserted" if is_whole else "outside"
		place, kind, expected, subject = told
		if kind == GONE:
			return "inserted"
		if shredded.get(subject, 0) >= place:
			return "unreadable"
		return "covered" if digest == expected else "changed"

	def _found(self, kind: str, key: bytes, place: int) -> None:
		self.counts[kind] += 1
		if kind in self.examples and len(self.examples[kind]) < SHOWN:
			self.examples[kind].append((key, place))


def find_names(paths: list[Path], salt: bytes, wanted: Iterable[tuple[bytes, int]]) -> dict[tuple, tuple]:
	"""By key and place: (seq, DocType and name) of records, read from the files once more."""
	lines: dict[tuple[int, int], set[bytes]] = {}
	for key, place in wanted:
		lines.setdefault((place >> 40, place & (1 << 40) - 1), set()).add(key)
	found = {}
	for file in sorted({file for file, _ in lines}):
		numbers = {number for of, number in lines if of == file}
		for number, line in _lines(paths[file], numbers):
			with contextlib.suppress(Refused):  # then it stays without a name
				record = strict(line)
				for key, told in _named(record, salt):
					found[key, file << 40 | number] = (record.get("seq", 0), told)
	return found


def _lines(path: Path, numbers: set[int]) -> Iterator[tuple[int, bytes]]:
	for first, piece in Source(path).pieces():
		last = first + piece.count(b"\n") - 1
		if any(first <= number <= last for number in numbers):
			lines = piece.split(b"\n")
			yield from ((number, lines[number - first]) for number in numbers if first <= number <= last)
		if last >= max(numbers):
			return


def _named(record: dict, salt: bytes) -> Iterator[tuple[bytes, str]]:
	rows = [(record.get("doctype"), record.get("name"))] if record["t"] == "r" else None
	for doctype, name, *_ in rows or strict(_encoded(record["header"]))["rows"]:
		yield record_key(salt, _encoded(doctype), _encoded(name)), f"{doctype} {name}"


# Claims: what anchors and earlier visits remember of the log ------------------------------------------------------


@dataclass(slots=True)
class Claim:
	"""A size had this root, or a checkpoint this hash. A time-stamp knows only the hash."""

	source: str
	size: int | None = None
	root: str | None = None
	hash: str | None = None
	origin: str | None = None
	is_met: bool = False


# TSTInfo.messageImprint of RFC 3161: SHA-256 by its object identifier, then an octet string of 32 bytes.
_IMPRINT = re.compile(rb"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01(?:\x05\x00)?\x04\x20(.{32})", re.DOTALL)


def read_claims(path: Path) -> list[Claim]:
	"""Checkpoints in a file: JSON, lines of JSON (other text beside it is passed over), or a token of RFC 3161."""
	if path.stat().st_size > MAX_CLAIM_FILE:
		raise Unreadable(f"{path} is too large for a file of checkpoints.")
	data = path.read_bytes()
	imprint = _IMPRINT.search(data) if data[:1] == b"\x30" else None
	if imprint:
		return [Claim(path.name, hash=imprint[1].hex())]
	claims = [claim for record in _records(data) for claim in _claims(path.name, record)]
	if not claims:
		raise Unreadable(f"{path} holds no checkpoint.")
	return claims


def _records(data: bytes) -> Iterator[dict]:
	"""Objects of JSON in the file: it as a whole, else what stands in each line (a syslog puts its own words before it)."""
	with contextlib.suppress(Refused):
		yield strict(data)
		return
	for line in data.splitlines():
		start = line.find(b"{")
		with contextlib.suppress(Refused):
			if start >= 0:
				yield strict(line[start : line.rfind(b"}") + 1])


def _claims(source: str, record: dict) -> Iterator[Claim]:
	body = record.get("checkpoint", record.get("body", record))
	with contextlib.suppress(Refused):
		body = strict(_encoded(body)) if isinstance(body, str) else body
	if not isinstance(body, dict):
		return
	size, root, told = body.get("size"), body.get("root"), record.get("hash")
	if not _is_size(size) or not _is_hex(root, 64):
		return
	whole = hashlib.sha256(canonical(body)).hexdigest() if body.keys() == CHECKPOINT_FIELDS.keys() else told
	yield Claim(source, size, root, whole if _is_hex(whole, 64) else None, body.get("origin"))


class Claims:
	"""Looks up, as the tree grows, whether the log still holds what was remembered of it."""

	def __init__(self, claims: Iterable[Claim]):
		self.all = list(claims)
		self.sized: dict[int, list[Claim]] = {}
		for claim in self.all:
			if claim.size is not None:
				self.sized.setdefault(claim.size, []).append(claim)
		self.stops = sorted(self.sized)
		self.stamped = {claim.hash: claim for claim in self.all if claim.size is None}

	def next_stop(self, size: int) -> int:
		place = bisect_right(self.stops, size)
		return self.stops[place] if place < len(self.stops) else MAX_SAFE

	def at(self, tree: Tree, origin: str) -> Iterator[str]:
		"""What contradicts the tree at its present size."""
		for claim in self.sized.get(tree.size, ()):
			claim.is_met = True
			if claim.origin not in (None, origin):
				yield f"{claim.source} remembers a checkpoint of another log."
			elif claim.root != tree.root().hex():
				yield (
					f"{claim.source} remembers another root for the first {tree.size:,} events: the history was "
					"rewritten, rolled back and continued, or forked."
				)

	def contradicted_by(self, checkpoint: Checkpoint) -> Iterator[str]:
		if checkpoint.hash in self.stamped:
			self.stamped[checkpoint.hash].is_met = True
		for claim in self.sized.get(checkpoint.size, ()):
			if claim.hash and claim.hash != checkpoint.hash and claim.root == checkpoint.root:
				yield f"{claim.source} remembers another checkpoint for size {claim.size:,}: one was put in its place."

	def missing(self) -> list[Claim]:
		return [claim for claim in self.all if not claim.is_met]


# The verification -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Report:
	"""What was found; `code` is what the program ends with."""

	findings: list[Finding] = field(default_factory=list)
	# What would have to be given or asked for before somebody can vouch for all of it.
	unvouched: list[str] = field(default_factory=list)
	unreadable: str = ""
	counts: Counter = field(default_factory=Counter)
	shreddings: list[tuple] = field(default_factory=list)
	rotations: list[int] = field(default_factory=list)
	facts: dict = field(default_factory=dict)

	@property
	def code(self) -> int:
		if self.findings:
			return WRONG
		if self.unreadable:
			return UNREADABLE
		return UNVOUCHED if self.unvouched else VALID


class Stop(Exception):
	"""So much is wrong that going on tells nothing more."""


HEAD = {
	"t": lambda value: value == "log",
	"v": lambda value: value == 1 and type(value) is int,
	"origin": lambda value: _is_hex(value, 32),
	"from_seq": lambda value: _is_size(value) and value > 0,
	"to_seq": lambda value: _is_size(value),
	"newest": lambda value: isinstance(value, bool),
	"made_at": lambda value: _is_moment(value),
	"frontier": lambda value: isinstance(value, list) and all(_is_hex(node, 64) for node in value),
	"start": lambda value: value is None or isinstance(value, dict),
	"doctypes": lambda value: value is None
	or (isinstance(value, list) and all(isinstance(one, str) for one in value)),
}


def checked_head(record: dict) -> dict:
	if record.keys() - HEAD.keys():
		raise Unreadable(
			f"It begins with a field that is unknown: {min(record.keys() - HEAD.keys())[:40]!r}."
		)
	for name, is_right in HEAD.items():
		if not is_right(record.get(name)):
			raise Unreadable(
				f"It does not begin as an export of an audit log does: {name} is missing or wrong."
			)
	size = record["from_seq"] - 1
	fits = len(record["frontier"]) == size.bit_count() and record["to_seq"] >= size
	if not fits or (record["start"] is None) != (size == 0):
		raise Unreadable("The tree it begins with does not belong to its first event.")
	return record


class Verifier:
	"""Reads exports that follow each other, and keeps what must hold from one line to the next."""

	def __init__(
		self,
		trusted: Iterable[str] = (),
		claims: Iterable[Claim] = (),
		*,
		log: str | None = None,
		slack: timedelta = LONG_TRANSACTION,
		workers: int = 1,
		progress: Callable[[float], None] = lambda done: None,
	):
		"""`trusted` are public keys in hexadecimal; `progress` is told the part that is done, 0 to 1."""
		self.ring, self.claims = KeyRing(trusted), Claims(claims)
		self.origin, self.slack, self.workers, self.progress = log, slack, workers, progress
		self.report = Report()
		self.file, self.head = "", {}
		self.tree: Tree | None = None
		self.first, self.expected = 1, 1
		self.last: Checkpoint | None = None
		# Event times since the last checkpoint: (time, seq, line).
		self.earliest: tuple | None = None
		self.latest: tuple | None = None
		# The latest time of an event that a checkpoint read here covers.
		self.reached: str | None = None
		self.doctypes: frozenset[str] | None = None
		self.salt = os.urandom(32)
		self.shredded: dict[bytes, int] = {}
		self.left_out: set[str] = set()
		self.told: set[tuple] = set()

	def verify(self, paths: list[Path]) -> Report:
		with tempfile.TemporaryDirectory(prefix="govcrm-verify-") as folder:
			self.coverage, self.ids = Coverage(Path(folder, "rows")), Ids(Path(folder, "ids"))
			try:
				self._files(paths)
			except Unreadable as reason:
				self.report.unreadable = f"{self.file}: {reason}"
			except Stop:
				pass
			finally:
				self._facts()
		return self.report

	def _files(self, paths: list[Path]) -> None:
		self.file = paths[-1].name
		doctypes = checked_head(_first_line(paths[-1]))["doctypes"]
		self.doctypes = None if doctypes is None else frozenset(doctypes)
		for number, path in enumerate(paths):
			self._read(number, path, len(paths))
		self._finish(paths)

	# A file: its head, its parts in order, its end

	def _read(self, number: int, path: Path, of: int) -> None:
		self.file, self.seen, self.ended, self.is_past_log = path.name, Counter(), None, False
		source = Source(path)
		pieces = source.pieces()
		rest = self._begin(pieces)
		is_last = number == of - 1
		context = Context(self.origin, self.ring.publics(), self.doctypes, is_last, self.salt, number)
		workers = self.workers if source.total > 4 * BLOB else 1
		for result in examined(chain([rest] if rest[1] else [], pieces), context, workers):
			self._take(result)
			self.progress((number + source.read / source.total) / of)
		self._end()

	def _begin(self, pieces: Iterator[tuple[int, bytes]]) -> tuple[int, bytes]:
		"""The lines of the log and of its keys, by which all others are read. Gives back what follows them."""
		_, piece = next(pieces, (1, b""))
		line, _, rest = piece.partition(b"\n")
		self._begin_log(checked_head(_readable(line)))
		number = 2
		while number < MAX_KEYS + 2:
			rest = rest or next(pieces, (number, b""))[1]
			line, _, after = rest.partition(b"\n")
			record = _key_line(line)
			if record is None:
				self._settle()
				return number, rest
			self._key(number, record)
			number, rest = number + 1, after
		raise Unreadable(f"It names more than {MAX_KEYS:,} signing keys.")

	def _begin_log(self, head: dict) -> None:
		self.head = head
		if self.origin not in (None, head["origin"]):
			self._stop("log", "This is an export of another log than the one asked for or begun with.", 1)
		self.origin, size = head["origin"], head["from_seq"] - 1
		given = Tree(size, map(bytes.fromhex, head["frontier"]))
		if self.tree is None:
			self.tree, self.first, self.expected = given, head["from_seq"], head["from_seq"]
			self._claimed()
		elif self.tree.size != size:
			self._stop(
				"gap", f"It begins after event {size:,}; what was read before ends at {self.tree.size:,}.", 1
			)
		elif self.tree.frontier != given.frontier:
			self._find("root", "It does not go on from the tree of the export before it.", 1)

	def _key(self, number: int, record: dict) -> None:
		try:
			self.ring.add(SigningKey.read(record))
		except Refused as refusal:
			self._find("key", f"The signing key cannot be used: {refusal}.", number)

	def _settle(self) -> None:
		self.ring.settle(self.origin)
		if self.ring.trusted and not self.ring.trusted & self.ring.keys.keys():
			text = "None of its keys is the one you trust: keys were swapped, or this is the log of somebody else."
			self._once("key", text, 0, 0)
		for key in sorted(self.ring.keys.keys() - self.ring.vouched)[:SHOWN]:
			self._once("key", f"No trusted key vouches for the signing key {key}.", 0, 0)
		for key in self.ring.doubled()[:SHOWN]:
			self._once("key", f"The key {key} put two others in force: one of these is forged.", 0, 0)
		if self.last is None and self.tree.size:
			self._start(self.head["start"] or {})

	def _start(self, record: dict) -> None:
		try:
			start = read_checkpoint(record, self.ring.publics())
		except Refused as refusal:
			self._find("checkpoint", f"The checkpoint it begins with cannot be used: {refusal}.", 1)
			return
		self._signature(1, start)
		if start.size != self.tree.size or start.root != self.tree.root().hex():
			self._find("root", "The tree it begins with is not the one of the checkpoint it begins with.", 1)
		self.last = start
		self._remembered(1, start)

	def _take(self, result: Examined) -> None:
		self.seen.update(result.counts)
		for finding in result.findings:
			self._find(*finding[:4])
		for part in result.parts:
			self._span(part) if isinstance(part, Span) else self._other(part)
		self._shreddings(result.shreddings)
		self.report.rotations += result.rotations[: 1000 - len(self.report.rotations)]
		self.left_out.update(result.left_out)
		self.coverage.add(result.rows)
		self.ids.add(result.ids, result.places)

	def _shreddings(self, found: list[tuple]) -> None:
		self.report.counts["shreddings"] += len(found)
		for place, seq, at, subject in found:
			self.shredded[subject_key(self.salt, canonical(subject))] = place
			if len(self.report.shreddings) < 1000:
				self.report.shreddings.append((seq, at, subject))

	def _other(self, part: Line) -> None:
		if self.ended is not None:
			self._find("order", "Something stands behind its end.", part.number)
		if part.type in ("c", "a") and self.is_past_log:
			self._find("order", "A checkpoint stands behind the end of the log.", part.number)
		self.is_past_log |= part.type in ("u", "r", "end")
		if part.type == "c":
			self._checkpoint(part.number, part.content)
		elif part.type == "a":
			self._anchor(part.number, part.content)
		elif part.type == "u":
			self._unsealed(part.number, part.content)
		elif part.type == "end":
			self.ended = part.content

	def _end(self) -> None:
		if self.ended is None:
			raise Unreadable("Its last line is missing: the file is cut off.")
		for name in COUNTED:
			if self.ended.get(name) != self.seen[name]:
				said = str(self.ended.get(name))[:20]
				self._find("count", f"Its end speaks of {said} {name}, but it holds {self.seen[name]:,}.")
		if self.head["to_seq"] != self.tree.size:
			self._find(
				"count",
				f"It says it reaches to event {self.head['to_seq']:,}, but ends at {self.tree.size:,}.",
			)
		sealed = self.last.size if self.last else 0
		if sealed < self.tree.size:
			self._find("tail", f"No checkpoint vouches for the events from {sealed + 1:,} on.", 0, sealed + 1)
		self.report.counts.update(self.seen)

	# Events

	def _span(self, span: Span) -> None:
		if self.is_past_log:
			self._find("order", "Events stand behind the end of the log.", span.line, span.first)
		self._density(span)
		self._grow(bytes(span.leaves))
		self.seen["events"] += span.next - span.first
		if span.latest[0]:
			self.earliest = min(filter(None, (self.earliest, span.earliest)))
			self.latest = max(filter(None, (self.latest, span.latest)))

	def _density(self, span: Span) -> None:
		place = (span.line, span.first)
		if span.first > self.expected:
			text = (
				f"After event {self.expected - 1:,} comes {span.first:,}: what was between them is missing."
			)
			self._find("sequence", text, *place)
		elif span.first < self.expected:
			text = f"After event {self.expected - 1:,} comes {span.first:,}: events were swapped or put in."
			self._find("sequence", text, *place)
		self.expected = span.next

	def _grow(self, leaves: bytes) -> None:
		"""Stops at each size of which somebody remembers something."""
		place = 0
		while place < len(leaves):
			stop = self.claims.next_stop(self.tree.size)
			end = place + 32 * (stop - self.tree.size)
			self.tree.extend(leaves[place:end])
			place = end
			if self.tree.size == stop:
				self._claimed()

	def _claimed(self) -> None:
		for text in self.claims.at(self.tree, self.origin):
			self._find("anchor", text, 0, self.tree.size)

	def _unsealed(self, number: int, at: str) -> None:
		self._not_too_old(at, 0, number)
		self.report.facts["unsealed_since"] = min(self.report.facts.get("unsealed_since", at), at)

	# Checkpoints

	def _checkpoint(self, number: int, checkpoint: Checkpoint) -> None:
		self.seen["checkpoints"] += 1
		self._signature(number, checkpoint)
		self._chain(number, checkpoint)
		self._root(number, checkpoint)
		self._times(checkpoint)
		self._remembered(number, checkpoint)
		if self.latest:
			self.reached = max(self.reached or "", self.latest[0])
		self.last, self.earliest, self.latest = checkpoint, None, None

	def _signature(self, number: int, checkpoint: Checkpoint) -> None:
		place = (number, checkpoint.size)
		if checkpoint.origin != self.origin:
			self._once("log", "The checkpoint is one of another log.", *place)
		if checkpoint.is_signed is None:
			self._once(
				"key", f"The key {checkpoint.key} that signed the checkpoint is not in the export.", *place
			)
		elif not checkpoint.is_signed:
			self._find("signature", "The signature of the checkpoint is false.", *place)
		elif checkpoint.key not in self.ring.vouched:
			self._once("key", f"The key {checkpoint.key} that signed the checkpoint is not trusted.", *place)
		elif not self.ring.is_in_term(checkpoint):
			text = f"The key {checkpoint.key} signed the checkpoint when it was not the key of the log."
			self._once("key", text, *place)

	def _chain(self, number: int, checkpoint: Checkpoint) -> None:
		last, place = self.last, (number, checkpoint.size)
		if checkpoint.previous != (last.hash if last else NO_CHECKPOINT):
			text = "The checkpoint does not follow the one before it: one was replaced, removed or put in."
			self._find("checkpoint", text, *place)
		if last and checkpoint.size <= last.size:
			text = f"A checkpoint of size {checkpoint.size:,} follows one of size {last.size:,}: "
			text += (
				"two were made for the same events."
				if checkpoint.size == last.size
				else "an old one was put back."
			)
			self._find("checkpoint", text, *place)
		if last and checkpoint.time < last.time:
			self._find("time", "The checkpoint is older than the one before it.", *place)

	def _root(self, number: int, checkpoint: Checkpoint) -> None:
		place = (number, checkpoint.size)
		if checkpoint.size != self.tree.size:
			text = f"The checkpoint speaks of {checkpoint.size:,} events, but there are {self.tree.size:,} up to here."
			self._once("root", text, *place, key="size")
		elif checkpoint.root != self.tree.root().hex():
			first = (self.last.size if self.last else 0) + 1
			text = (
				f"The events {first:,} to {checkpoint.size:,} are not those that were sealed: at least one of them was "
				"changed, removed, moved or put in. What follows cannot be judged."
			)
			self._once("root", text, *place, key="root")

	def _times(self, checkpoint: Checkpoint) -> None:
		if self.latest and self.latest[0] > _shifted(checkpoint.time, CLOCKS_DIFFER):
			at, seq, line = self.latest
			text = f"The event says {at}, which is after it was sealed ({checkpoint.time})."
			self._find("time", text, line, seq)
		if self.earliest:
			self._not_too_old(*self.earliest)

	def _not_too_old(self, at: str, seq: int, line: int) -> None:
		"""Events come in their order, but for transactions that were open for long.

		A sealer that stood still seals what waited in several checkpoints: so the events before count, not only the
		time of the checkpoint before.
		"""
		if self.last:
			before = min(self.last.time, self.reached or self.last.time)
			if at < _shifted(before, -self.slack):
				text = f"The event says {at}, but stands behind what was done and sealed by {before}: it is back-dated."
				self._find("time", text, line, seq)

	def _remembered(self, number: int, checkpoint: Checkpoint) -> None:
		for text in self.claims.contradicted_by(checkpoint):
			self._find("anchor", text, number, checkpoint.size)

	def _anchor(self, number: int, record: dict) -> None:
		"""A receipt stands behind the checkpoint that was anchored."""
		self.seen["anchors"] += 1
		size, told = record.get("size"), record.get("checkpoint_hash")
		if not self.last or size != self.last.size or told != self.last.hash:
			text = "The receipt of an anchor names a checkpoint that is not in the log: cut off, rolled back or forked."
			self._find("anchor", text, number, size if _is_size(size) else 0)
		elif _stamp_differs(record, told):
			self._find("anchor", "The time stamp is one of another checkpoint.", number, size)

	# After the last file

	def _finish(self, paths: list[Path]) -> None:
		for claim in self.claims.missing():
			self._missing(claim)
		self._doubled(paths)
		self._unsigned()
		if self.doctypes is not None:
			self.coverage.compare(self.first == 1, self.shredded)
			self.report.counts.update(self.coverage.counts)
			self._uncovered(paths)
			self._left_out()
			self._hidden()

	def _doubled(self, paths: list[Path]) -> None:
		self.ids.compare()
		for one, place in self.ids.examples:
			text = f"Another event has the id {one} as well: one of the two was put in."
			self._find("id", text, place & (1 << 40) - 1, 0, paths[place >> 40].name)
		if (more := self.ids.count - len(self.ids.examples)) > 0:
			self._find("id", f"{more:,} more events whose id another one has.")

	def _unsigned(self) -> None:
		"""Why the signatures are not worth what those of a trusted key would be."""
		if not self.ring.trusted:
			text = "No trusted key was given: the log agrees with itself, but nobody vouches for the key that signed it."
			self.report.unvouched.append(text)
		if self.last is None:
			self.report.unvouched.append("It holds no checkpoint: nothing in it is signed.")
		elif self.last.key in self.ring.vouched - self.ring.present:
			text = (
				f"Its newest checkpoint is signed by {self.last.key}, a key from before the one you trust: that vouches for it "
				"only together with exports that reach to a checkpoint of its own."
			)
			self.report.unvouched.append(text)

	def _missing(self, claim: Claim) -> None:
		is_earlier = self.first > 1 and (claim.size is None or claim.size < self.first)
		if self.head["newest"] and not is_earlier:
			size = "" if claim.size is None else f" of size {claim.size:,}"
			text = f"The checkpoint{size} that {claim.source} remembers is not in the log: "
			self._find("anchor", f"{text}cut off, rolled back or forked.", 0, claim.size or 0)
		else:
			text = f"{claim.source} remembers a checkpoint outside of what was read: verify it with the export of its time."
			self.report.unvouched.append(text)

	def _uncovered(self, paths: list[Path]) -> None:
		names = find_names(paths, self.salt, chain(*self.coverage.examples.values()))
		for kind, examples in self.coverage.examples.items():
			for key, place in examples:
				seq, name = names.get((key, place), (0, "A record"))
				self._find(
					"row", f"{name} {ROW_WORDS[kind]}.", place & (1 << 40) - 1, seq, paths[place >> 40].name
				)
			more = self.coverage.counts[kind] - len(examples)
			if more > 0:
				self._find("row", f"{more:,} more like it: {ROW_WORDS[kind]}.")

	def _left_out(self) -> None:
		if self.left_out:
			named = ", ".join(sorted(self.left_out)[:SHOWN])
			self.report.unvouched.append(f"The snapshot leaves out DocTypes that events tell of: {named}.")

	def _hidden(self) -> None:
		"""Whoever has the server can put an unsealed event in, so that a changed row cannot be compared."""
		if self.coverage.counts["unreadable"] and any(not seq for seq, *_ in self.report.shreddings):
			text = "A key was destroyed by an event that is not sealed yet, and rows cannot be compared for it: export again."
			self.report.unvouched.append(text)

	def _facts(self) -> None:
		self.report.facts.update(log=self.origin, first=self.first, last=self.tree.size if self.tree else 0)
		self.report.facts["remembered"] = len(self.claims.all)
		if self.last:
			facts = ("size", "root", "time", "key", "hash", "text", "signature")
			self.report.facts["checkpoint"] = {name: getattr(self.last, name) for name in facts}

	def _once(self, kind: str, text: str, line: int, seq: int, key: str | None = None) -> None:
		if (kind, key or text) not in self.told:
			self.told.add((kind, key or text))
			self._find(kind, text, line, seq)

	def _find(self, kind: str, text: str, line: int = 0, seq: int = 0, file: str | None = None) -> None:
		self.report.findings.append(Finding(kind, text, line, seq, self.file if file is None else file))
		if len(self.report.findings) >= MAX_FINDINGS:
			raise Stop

	def _stop(self, *finding) -> None:
		self._find(*finding)
		raise Stop


ROW_WORDS = {
	"changed": "was changed without an event that tells of it",
	"inserted": "is there without an event that tells of it",
	"deleted": "is gone without an event that tells of it",
	"doubled": "stands twice in the snapshot",
}


def _readable(line: bytes) -> dict:
	try:
		return strict(line)
	except Refused as refusal:
		raise Unreadable(f"Its first line cannot be read: {refusal}.") from None


def _first_line(path: Path) -> dict:
	_, piece = next(Source(path).pieces(), (1, b""))
	return _readable(piece.partition(b"\n")[0])


def _key_line(line: bytes) -> dict | None:
	"""What is no key is left to whoever reads the other lines."""
	with contextlib.suppress(Refused):
		record = strict(line)
		return record if record.get("t") == "key" else None
	return None


def _stamp_differs(record: dict, told: str) -> bool:
	"""Whether a receipt is a time stamp (RFC 3161) of something else. Its own signature is for `openssl ts -verify`."""
	try:
		token = base64.b64decode(str(record.get("receipt")), validate=True)
	except (binascii.Error, ValueError):
		return False
	imprint = _IMPRINT.search(token)
	return bool(imprint and imprint[1].hex() != told)


# What people read -------------------------------------------------------------------------------------------------

VERDICTS = {
	VALID: "VALID. Up to the newest checkpoint in this file, nothing was changed, removed, reordered or back-dated.",
	WRONG: "NOT VALID. Something is wrong with this history:",
	UNREADABLE: "NOT READABLE AS A WHOLE, and so not valid.",
	UNVOUCHED: "NOTHING WRONG WAS FOUND, but it is not fully vouched for:",
}


def words(report: Report) -> Iterator[str]:
	yield VERDICTS[report.code]
	if report.code == VALID and report.facts.get("remembered"):
		yield "Nor were newer events cut off: it holds what was taken outside of the site."
	shown = Counter(finding.kind for finding in report.findings)
	for finding in _some_of_each_kind(report.findings):
		yield f"  {place(finding)}: {finding.text}"
	yield from (
		f"  … {count - SHOWN:,} more of this kind ({kind})." for kind, count in shown.items() if count > SHOWN
	)
	if len(report.findings) >= MAX_FINDINGS:
		yield f"  Stopped after {MAX_FINDINGS:,} findings."
	if report.unreadable:
		yield f"  {report.unreadable}"
	yield from (f"  {text}" for text in report.unvouched)
	yield from _told(report)


def place(finding: Finding) -> str:
	parts = [finding.file]
	if finding.line:
		parts.append(f"line {finding.line:,}")
	if finding.seq:
		parts.append(f"event {finding.seq:,}")
	return ", ".join(filter(None, parts))


def _some_of_each_kind(findings: list[Finding]) -> Iterator[Finding]:
	seen: Counter = Counter()
	for finding in findings:
		seen[finding.kind] += 1
		if seen[finding.kind] <= SHOWN:
			yield finding


def _told(report: Report) -> Iterator[str]:
	counts, facts = report.counts, report.facts
	yield f"Events read: {counts['events']:,}, with {counts['checkpoints']:,} checkpoints, of log {facts['log']}."
	if "checkpoint" in facts:
		newest = facts["checkpoint"]
		yield f"Newest checkpoint: {newest['size']:,} events, {newest['time']}, root {newest['root']}, key {newest['key']}."
	if not facts.get("remembered"):
		yield (
			"No checkpoint from elsewhere was given (--anchor, --checkpoint): that newer events were cut off, or the whole "
			"signed anew with the site's own key, is not ruled out."
		)
	if counts["unsealed"]:
		yield f"Not sealed yet: {counts['unsealed']:,} events since {facts['unsealed_since']}; nothing vouches for these."
	yield from _told_of_rows(counts)
	if counts["payloads"] or counts["openings"]:
		yield f"Encrypted payloads: {counts['payloads']:,}; values shown, each the one committed to: {counts['openings']:,}."
	if report.rotations:
		yield f"The signing key was changed at event {', '.join(f'{seq:,}' for seq in report.rotations[:SHOWN])}."
	yield from _told_of_shreddings(report)


def _told_of_rows(counts: Counter) -> Iterator[str]:
	if not counts["rows"]:
		yield "There is no snapshot of live rows in it: changes behind the application's back were not looked for."
		return
	yield f"Live rows: {counts['rows']:,}; as the log last told of them: {counts['covered']:,}."
	if counts["outside"]:
		yield f"Told of before the first event read here, and so not compared: {counts['outside']:,}."
	if counts["unreadable"]:
		yield f"Not comparable any more, for their key was destroyed: {counts['unreadable']:,}."


def _told_of_shreddings(report: Report) -> Iterator[str]:
	if report.counts["shreddings"]:
		yield f"Keys destroyed by order: {report.counts['shreddings']:,}. What they closed is unreadable; its proofs stand."
		for seq, at, subject in report.shreddings[:SHOWN]:
			yield f"  {f'event {seq:,}' if seq else 'not sealed yet'}, {at}: {subject}"


def as_json(report: Report) -> str:
	verdicts = {VALID: "valid", WRONG: "not valid", UNREADABLE: "unreadable", UNVOUCHED: "not vouched for"}
	shreddings = [dict(zip(("seq", "at", "subject"), one, strict=True)) for one in report.shreddings]
	told = {
		"verdict": verdicts[report.code],
		"code": report.code,
		"findings": [finding._asdict() for finding in report.findings],
		"unvouched": report.unvouched,
		"unreadable": report.unreadable,
		"counts": report.counts,
		"shreddings": shreddings,
		"rotations": report.rotations,
		**report.facts,
	}
	return json.dumps(told, indent=1)


def printable(text: str) -> str:
	"""Names come from the file: they must not steer the terminal."""
	return "".join(
		character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
	)


class Bar:
	"""A bar on a terminal; nothing where the output goes elsewhere."""

	WIDTH = 40

	def __init__(self, stream):
		self.stream = stream if stream.isatty() else None
		self.shown = -1

	def __call__(self, done: float) -> None:
		percent = int(100 * min(done, 1))
		if self.stream and percent != self.shown:
			self.shown = percent
			bar = ("█" * (percent * self.WIDTH // 100)).ljust(self.WIDTH, "░")
			print(f"\r{bar} {percent:3} %", end="", file=self.stream, flush=True)

	def clear(self) -> None:
		if self.stream:
			print("\r" + " " * (self.WIDTH + 6), end="\r", file=self.stream, flush=True)


# The command ------------------------------------------------------------------------------------------------------


def read_key(given: str) -> str:
	"""A public key in hexadecimal: given so, or the content of a file in hexadecimal or PEM, or 32 bytes."""
	if re.fullmatch("[0-9a-fA-F]{64}", given):
		return given.lower()
	try:
		data = Path(given).read_bytes()[:10_000]
		if b"BEGIN PUBLIC KEY" in data:
			return load_pem_public_key(data).public_bytes_raw().hex()
		text = data.hex() if len(data) == 32 else data.decode().strip().lower()
	except (OSError, ValueError, AttributeError, UnsupportedAlgorithm):
		text = ""
	if not _is_hex(text, 64):
		raise Unreadable(
			f"{given} is neither a public key of 64 hexadecimal digits nor a file that holds one."
		)
	return text


def arguments(given: list[str] | None) -> argparse.Namespace:
	parser = argparse.ArgumentParser(
		prog="govcrm-verify",
		description="Checks exports of the audit log of GovCRM without trusting who made them.",
		epilog="Ends with 0: valid. 1: something is wrong. 2: not readable as a whole. 3: nothing wrong found, but "
		"something that vouches for it is missing.",
	)
	add = parser.add_argument
	add(
		"exports",
		nargs="+",
		type=Path,
		metavar="EXPORT",
		help="in their order; each begins where the one before it ends",
	)
	add(
		"--key",
		action="append",
		default=[],
		help="public key that you trust: 64 hexadecimal digits, or a file",
	)
	add(
		"--anchor",
		action="append",
		default=[],
		type=Path,
		metavar="FILE",
		help="what an anchor keeps: lines or a time stamp",
	)
	add(
		"--checkpoint",
		action="append",
		default=[],
		type=Path,
		metavar="FILE",
		help="remembered from an earlier visit",
	)
	add(
		"--save", type=Path, metavar="FILE", help="remember the newest checkpoint here, when nothing is wrong"
	)
	add("--log", metavar="ID", help="id of the log that it has to be")
	add(
		"--slack",
		type=float,
		default=LONG_TRANSACTION / timedelta(hours=1),
		metavar="HOURS",
		help="how long a transaction may be open before its events are sealed (default: %(default)g)",
	)
	add("--workers", type=int, default=min(os.cpu_count() or 1, 8), help="processes (default: %(default)s)")
	add("--json", action="store_true", help="say it all as JSON")
	return parser.parse_args(given)


def run(options: argparse.Namespace, bar: Bar) -> Report:
	report = Report(facts={"log": None})
	try:
		for path in (*options.exports, *options.anchor, *options.checkpoint):
			if not path.is_file():
				raise Unreadable(f"There is no file {path}.")
		verifier = Verifier(
			[read_key(given) for given in options.key],
			[claim for path in (*options.anchor, *options.checkpoint) for claim in read_claims(path)],
			log=options.log,
			slack=timedelta(hours=min(max(options.slack, 0), 24 * 366)),
			workers=options.workers,
			progress=bar,
		)
		report = verifier.report  # what is found stays told, however it ends
		verifier.verify(options.exports)
	except Unreadable as reason:
		report.unreadable = str(reason)
	except Exception as error:
		# Whatever a file was made to do to this program: it was not verified.
		report.unreadable = f"The verification could not be ended: {type(error).__name__} {str(error)[:200]}"
	return report


def main(given: list[str] | None = None) -> int:
	options, bar = arguments(given), Bar(sys.stderr)
	report = run(options, bar)
	bar.clear()
	if options.json:
		print(as_json(report))
	else:
		print("\n".join(map(printable, words(report))))
	if options.save and report.code in (VALID, UNVOUCHED) and "checkpoint" in report.facts:
		newest = report.facts["checkpoint"]
		options.save.write_text(
			json.dumps({"t": "c", "checkpoint": newest["text"], "signature": newest["signature"]})
		)
	return report.code


if __name__ == "__main__":
	sys.exit(main())
