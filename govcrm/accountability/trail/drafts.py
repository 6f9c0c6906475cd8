"""The rows of events: header, leaf, payload and the columns that repeat the header for filters.

Canonical JSON is put together of texts, for each text is needed twice and more: a value is encrypted and committed to, and
keys are the same from event to event. What comes out is what `canonical.dumps` makes of the whole; a test holds that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from govcrm.accountability.trail import payload, subjects
from govcrm.accountability.trail.context import Context
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.keys import Keys
from govcrm.accountability.trail.subjects import Place
from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.canonical import NotCanonical
from govcrm.domain.ledger.commitments import commit_all
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.objects import ObjectWriter
from govcrm.domain.ledger.rows import written
from govcrm.domain.ledger.secret import Secret, Told

COLUMNS = (
	"name",
	"at_utc",
	"seq",
	"actor",
	"verb",
	"action",
	"reference_doctype",
	"reference_name",
	"subject",
	"department",
	"confidentiality",
	"outcome",
	"impersonator",
	"via",
	"request_id",
	"leaf",
	"header",
	"payload",
)
OF_CONTEXT = (
	"v",
	"log",
	"actor",
	"impersonator",
	"via",
	"method",
	"auth",
	"session",
	"request",
	"policy",
)
OF_EVENT = (
	"id",
	"at",
	"offset",
	"verb",
	"action",
	"doctype",
	"name",
	"subject",
	"department",
	"class",
	"outcome",
	"rows",
	"commitments",
	"payload",
)
MOST_COMMON = 64  # paths
_header = ObjectWriter({}, OF_CONTEXT + OF_EVENT)


class Act(NamedTuple):
	"""An entry with all that its event is made of. `told`: {path: value} of what it tells in secret."""

	entry: Entry
	place: Place
	own: Keys
	told: Mapping[str, Any]

	def __repr__(self) -> str:
		"""Frappe keeps local variables of what failed, and so beyond the destruction of the key of this."""
		return f"<Act {self.entry.id}>"


def rows(acts: Iterable[Act], origin: Context, zone: ZoneInfo) -> list[tuple]:
	"""The row of each in the order of `COLUMNS`. Raises NotCanonical for a text with half of a surrogate pair."""
	batch = _Batch(origin, zone)
	try:
		return [batch.row(act) for act in acts]
	except UnicodeEncodeError as error:
		raise NotCanonical("A string holds half of a surrogate pair.") from error


class _Batch:
	"""Keeps what the events of one context have in common."""

	def __init__(self, origin: Context, zone: ZoneInfo) -> None:
		self.fields, self.zone = origin.fields, zone
		self.texts = {key: _text(value) for key, value in origin.fields.items()}
		self._personal: dict[str, bool] = {}

	def row(self, act: Act) -> tuple:
		entry, place, fields = act.entry, act.place, self.fields
		at = entry.at.isoformat(" ", "microseconds")[:26]
		header, closed = self._header(act, at)
		return (
			entry.id,
			at,
			0,
			fields["actor"],
			entry.verb,
			entry.action or None,
			entry.doctype,
			place.name,
			place.subject,
			place.department or None,
			place.level or None,
			entry.outcome,
			fields["impersonator"],
			fields["via"],
			fields["request"],
			leaf_hash(header.encode()).hex(),
			header,
			closed,
		)

	def _header(self, act: Act, at: str) -> tuple[str, str | None]:
		"""(canonical text, encrypted payload in base64)."""
		closed, digest, commitments = _close(act)
		texts = {
			**self.texts,
			**_of_entry(act.entry, act.place),
			"at": f'"{at[:10]}T{at[11:]}Z"',
			"offset": f'"{self._offset(act.entry.at)}"',
			"rows": self._covered(act),
			"commitments": commitments,
			"payload": f'"{digest}"' if digest else "null",
		}
		return _header.fill(*map(texts.__getitem__, _header.varying)), closed

	def _offset(self, at: datetime) -> str:
		return at.astimezone(self.zone).isoformat()[-6:]

	def _covered(self, act: Act) -> str:
		place, key, found = act.place, act.entry.key, []
		for doctype, name, row in act.entry.covered():
			shown = place.name if (doctype, name) == key else self._shown(doctype, name)
			found.append(f"[{_text(doctype)},{_text(shown)},{_hash(act.own, row)}]")
		return f"[{','.join(found)}]"

	def _shown(self, doctype: str, name: str) -> str:
		"""As `subjects.public_name`, asked once whether records of a DocType are named after somebody."""
		if doctype not in self._personal:
			self._personal[doctype] = subjects.is_personal(doctype)
		return subjects.public_name(doctype, name) if self._personal[doctype] else name


def _of_entry(entry: Entry, place: Place) -> dict[str, str]:
	return {
		"id": _text(entry.id),
		"verb": _text(entry.verb),
		"action": _text(entry.action or None),
		"doctype": _text(entry.doctype),
		"name": _text(place.name),
		"subject": _text(place.subject),
		"department": _text(place.department or None),
		"class": _text(place.level or None),
		"outcome": _text(entry.outcome),
	}


def _close(act: Act) -> tuple[str | None, str | None, str]:
	"""(payload in base64, its digest, canonical text of the commitments)."""
	if not act.told:
		return None, None, "{}"
	event, texts = act.entry.id, Told((path, _text(act.told[path])) for path in sorted(act.told))
	told = _writer_of(tuple(texts))
	closed, digest = payload.close(event, Secret(told.fill(*texts.values()).encode()), act.own.aead)
	commitments = commit_all(act.own.salt, event, texts)
	return closed, digest, told.fill(*[f'"{one}"' for one in commitments])


def _writer_of(paths: tuple[str, ...]) -> ObjectWriter:
	"""Kept for fields of records: their sets come again. Rows of tables have names of their own, which do not."""
	is_common = len(paths) < MOST_COMMON and all(path.count("/") < 2 for path in paths)
	return (_object_of if is_common else _object_of.__wrapped__)(paths)


@lru_cache(maxsize=1024)
def _object_of(paths: tuple[str, ...]) -> ObjectWriter:
	return ObjectWriter({}, paths)


def _hash(own: Keys, row: Mapping | bytes | None) -> str:
	if row is None:
		return "null"
	return f'"{own.hash_row(row if isinstance(row, bytes) else written(row)).hex()}"'


def _text(value: object) -> str:
	"""The canonical text of a value."""
	if type(value) is str:
		return encode_basestring(value)
	return "null" if value is None else canonical.dumps(value).decode()
