"""Makes events of entries and appends them, many with one statement, in the transaction that runs."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone

from govcrm.accountability.trail import context, inserting, keys, many, payload, subjects
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.keys import Keys
from govcrm.accountability.trail.many import Act
from govcrm.accountability.trail.subjects import Place
from govcrm.accountability.trail.values import SECRET, changes
from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.commitments import commit_all
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.rows import hash_written

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
MANY = 20  # events from which on it pays to write them together
_FROM_HEADER = {
	"name": "id",
	"reference_doctype": "doctype",
	"reference_name": "name",
	"confidentiality": "class",
	"request_id": "request",
}


def write(entries: Sequence[Entry]) -> list[str]:
	"""Append one event for each entry; gives their names. One INSERT, and one query for keys that are not at hand."""
	if not entries:
		return []
	origin = context.current()
	for entry in entries:
		subjects.learn(entry.doctype, entry.name, entry.placing())
	placed = [(entry, _place(entry)) for entry in entries]
	begun = {place.subject for entry, place in placed if entry.is_beginning}
	found = keys.many([place.subject for _entry, place in placed], create=True, begun=begun)
	zone = ZoneInfo(get_system_timezone())
	acts = [Act(entry, place, found[place.subject], _told(entry, origin)) for entry, place in placed]
	made = many.rows(acts, origin, zone) if len(acts) >= MANY else [_row(*act, origin, zone) for act in acts]
	inserting.insert("Audit Event", COLUMNS, made)
	return [entry.id for entry in entries]


def _place(entry: Entry) -> Place:
	if entry.doctype is None:
		return Place(entry.subject or "Site", None)
	place = subjects.place_of(entry.doctype, entry.name, entry.placing())
	return place._replace(subject=entry.subject) if entry.subject else place


def _row(
	entry: Entry,
	place: Place,
	own: Keys,
	told: Mapping[str, Any],
	origin: context.Context,
	zone: ZoneInfo,
) -> tuple:
	closed, digest = payload.seal(entry.id, told, own.aead)
	header = {**origin.fields, **_header(entry, place, zone), "payload": digest}
	header["rows"] = _rows(entry, place, own.rows)
	header["commitments"] = commit_all(own.salt, entry.id, told)
	return _columns(header, entry, closed)


def _header(entry: Entry, place: Place, zone: ZoneInfo) -> dict[str, Any]:
	return {
		"id": entry.id,
		"at": f"{_moment(entry, 'T')}Z",
		"offset": entry.at.astimezone(zone).isoformat()[-6:],
		"verb": entry.verb,
		"action": entry.action or None,
		"doctype": entry.doctype,
		"name": place.name,
		"subject": place.subject,
		"department": place.department or None,
		"class": place.level or None,
		"outcome": entry.outcome,
	}


def _moment(entry: Entry, separator: str) -> str:
	return entry.at.isoformat(separator, "microseconds")[:26]


def _told(entry: Entry, origin: context.Context) -> dict[str, Any]:
	"""{path: value} of all that the event tells in secret."""
	found = dict(origin.origin)
	if entry.reason:
		found["reason"] = str(entry.reason)
	for key, value in (entry.detail or {}).items():
		if value is not None and value != "":
			found[f"detail/{key}"] = value if isinstance(value, int) else str(value)
	if entry.before or entry.after:
		found.update(changes(entry.doctype, entry.before, entry.after))
	found.update({f"{field}/after": SECRET for field in entry.secrets})
	return found


def _rows(entry: Entry, place: Place, key: bytes) -> list[list]:
	return [
		[doctype, _shown(entry, place, doctype, name), _hash(key, row)]
		for doctype, name, row in entry.covered()
	]


def _hash(key: bytes, row: Mapping | bytes | None) -> str | None:
	if row is None:
		return None
	return hash_written(key, row if isinstance(row, bytes) else canonical.dumps(row)).hex()


def _shown(entry: Entry, place: Place, doctype: str, name: str) -> str:
	return place.name if (doctype, name) == entry.key else subjects.public_name(doctype, name)


def _columns(header: Mapping[str, Any], entry: Entry, closed: str | None) -> tuple:
	written = canonical.dumps(header)
	special = {
		"at_utc": _moment(entry, " "),
		"seq": 0,
		"leaf": leaf_hash(written).hex(),
		"header": written.decode(),
		"payload": closed,
	}
	return tuple(
		special[column] if column in special else header[_FROM_HEADER.get(column, column)]
		for column in COLUMNS
	)
