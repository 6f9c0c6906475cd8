"""Makes events of entries and appends them, many with one statement, in the transaction that runs."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone

from govcrm.accountability.trail import context, drafts, inserting, keys, subjects
from govcrm.accountability.trail.drafts import Act
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.subjects import Place
from govcrm.accountability.trail.values import SECRET, changes
from govcrm.domain.ledger.secret import Told


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
	inserting.insert("Audit Event", drafts.COLUMNS, drafts.rows(acts, origin, zone))
	return [entry.id for entry in entries]


def _place(entry: Entry) -> Place:
	if entry.doctype is None:
		return Place(entry.subject or "Site", None)
	place = subjects.place_of(entry.doctype, entry.name, entry.placing())
	return place._replace(subject=entry.subject) if entry.subject else place


def _told(entry: Entry, origin: context.Context) -> Told:
	"""{path: value} of all that the event tells in secret."""
	found = Told(origin.origin)
	if entry.reason:
		found["reason"] = str(entry.reason)
	for key, value in (entry.detail or {}).items():
		if value is not None and value != "":
			found[f"detail/{key}"] = value if isinstance(value, int) else str(value)
	if entry.before or entry.after:
		found.update(changes(entry.doctype, entry.before, entry.after))
	found.update({f"{field}/after": SECRET for field in entry.secrets})
	return found
