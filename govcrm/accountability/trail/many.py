"""The rows of many events at once, for acts on many records: what their headers have in common is written once.

What comes out is what `writer` makes of one entry; a test holds that. It pays from some events on.
"""

from collections.abc import Iterable, Iterator, Mapping
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
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.macs import Mac, mac
from govcrm.domain.ledger.objects import ObjectWriter

# Of a header what differs from event to event; the rest is the same for one verb on one DocType.
VARYING = ("at", "class", "commitments", "department", "id", "name", "offset", "payload", "rows", "subject")


class Act(NamedTuple):
	"""An entry with all that its event is made of. `told`: {path: value} of what it tells in secret."""

	entry: Entry
	place: Place
	own: Keys
	told: Mapping[str, Any]


def rows(acts: Iterable[Act], origin: Context, zone: ZoneInfo) -> list[tuple]:
	"""The row of each in the order of `writer.COLUMNS`. Raises NotCanonical for a text with half of a surrogate pair."""
	batch = _Batch(origin, zone)
	try:
		return [batch.row(act) for act in acts]
	except UnicodeEncodeError as error:
		raise NotCanonical("A string holds half of a surrogate pair.") from error


class _Batch:
	"""Keeps what the events of one context have in common."""

	def __init__(self, origin: Context, zone: ZoneInfo) -> None:
		self.fields, self.zone = origin.fields, zone
		self._headers: dict[tuple, ObjectWriter] = {}
		self._told: dict[tuple[str, ...], ObjectWriter] = {}
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
		entry, place = act.entry, act.place
		texts = {path: _text(act.told[path]) for path in sorted(act.told)}
		told = self._writer_of_told(tuple(texts))
		closed, digest = None, None
		if texts:
			closed, digest = payload.close(entry.id, told.fill(*texts.values()).encode(), act.own.aead)
		header = self._writer_for(entry).fill(
			f'"{at[:10]}T{at[11:]}Z"',
			_text(place.level or None),
			told.fill(*_commitments(act, texts)),
			_text(place.department or None),
			_text(entry.id),
			_text(place.name),
			_text(entry.at.astimezone(self.zone).isoformat()[-6:]),
			_text(digest),
			self._covered(act),
			_text(place.subject),
		)
		return header, closed

	def _covered(self, act: Act) -> str:
		place, mac_of = act.place, Mac(act.own.rows)
		found = []
		for doctype, name, row in act.entry.covered():
			shown = place.name if (doctype, name) == act.entry.key else self._shown(doctype, name)
			found.append(f"[{encode_basestring(doctype)},{encode_basestring(shown)},{_hash(mac_of, row)}]")
		return f"[{','.join(found)}]"

	def _shown(self, doctype: str, name: str) -> str:
		"""As `subjects.public_name`, asked once whether records of a DocType are named after somebody."""
		if doctype not in self._personal:
			self._personal[doctype] = subjects.is_personal(doctype)
		return subjects.public_name(doctype, name) if self._personal[doctype] else name

	def _writer_of_told(self, paths: tuple[str, ...]) -> ObjectWriter:
		if paths not in self._told:
			self._told[paths] = ObjectWriter({}, paths)
		return self._told[paths]

	def _writer_for(self, entry: Entry) -> ObjectWriter:
		same = entry.verb, entry.action, entry.doctype, entry.outcome
		if same not in self._headers:
			said = dict(zip(("verb", "action", "doctype", "outcome"), same, strict=True))
			constant = {**self.fields, **said, "action": entry.action or None}
			self._headers[same] = ObjectWriter(constant, VARYING)
		return self._headers[same]


def _commitments(act: Act, texts: Mapping[str, str]) -> Iterator[str]:
	"""As `commitments.commit_all`, of texts at hand."""
	key_of = Mac(act.own.salt, f"{act.entry.id}/".encode())
	for path, text in texts.items():
		yield f'"{mac(key_of(path.encode()), text.encode()).hex()}"'


def _hash(mac_of: Mac, row: Mapping | bytes | None) -> str:
	if row is None:
		return "null"
	return f'"{mac_of(row if isinstance(row, bytes) else canonical.dumps(row)).hex()}"'


def _text(value: object) -> str:
	"""The canonical text of a value."""
	if type(value) is str:
		return encode_basestring(value)
	return "null" if value is None else canonical.dumps(value).decode()
