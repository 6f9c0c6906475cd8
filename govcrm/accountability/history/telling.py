"""Events as their reader is told them: words, names, titles, and what stood where before and after."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint

from govcrm.accountability.history import answers, values, words
from govcrm.accountability.history.names import USER, Names, is_drawn_by_lot
from govcrm.accountability.history.reading import MATTERS
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.trail import governed, payload
from govcrm.domain import story
from govcrm.service_catalogue import calendars

UTC = timezone.utc
# How the values of an event stand to its reader.
NONE, SHOWN, PARTLY, HIDDEN, DESTROYED = "none", "shown", "partly", "hidden", "destroyed"


class Seen(NamedTuple):
	"""An event with what of it its reader may know."""

	event: Mapping[str, Any]
	header: dict[str, Any]
	state: str
	values: dict[str, Any]

	@property
	def changes(self) -> list[story.Change]:
		return story.changes(self.header["commitments"], self.values)


class Teller:
	"""Tells events to one reader; names and titles are looked up once."""

	def __init__(self, reader: Reader | None = None) -> None:
		self.reader = reader or Reader()
		self.names = Names(self.reader)
		# Each look-up in either translates the whole list.
		self._said, self._detail = cache(words.said), cache(words.detail)

	def told_together(self, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
		"""The events as plain values, none of them escaped for HTML. Whatever they name is looked up together."""
		seen = [self._seen(event) for event in events]
		headers = [one.header for one in seen]
		self.names.learn(
			actors=filter(None, (one for header in headers for one in _actors_of(header))),
			records=self._records_of(headers),
		)
		named = {record for one in seen for record in self._named(one)}
		self.names.learn(
			users=[name for doctype, name in named if doctype == USER],
			records=[record for record in named if record[0] != USER],
		)
		return [self._told(one) for one in seen]

	def told(self, event: Mapping[str, Any]) -> dict[str, Any]:
		"""One event alone."""
		return self.told_together([event])[0]

	def person(self, actor: str | None) -> dict[str, str] | None:
		return self.names.person(actor)

	def _seen(self, event: Mapping[str, Any]) -> Seen:
		header = json.loads(event["header"])
		return Seen(event, header, *self.values_of(event, header))

	def _records_of(self, headers: list[dict]) -> Iterator[tuple[str, str]]:
		for header in headers:
			if self._opens(header) and not _is_person(header):
				yield header["doctype"], header["name"]

	def _named(self, seen: Seen) -> Iterator[tuple[str, str]]:
		for change in seen.changes:
			yield from values.named_in(seen.header["doctype"], change, seen.values)

	def _told(self, seen: Seen) -> dict[str, Any]:
		event, header, state, known = seen
		return {
			"name": event["name"],
			"seq": cint(event["seq"]),
			"at": header["at"],
			"offset": header.get("offset"),
			"local": local_time(header["at"]),
			"verb": header["verb"],
			"said": self._said(header["verb"]),
			"action": header.get("action"),
			"outcome": header["outcome"],
			"who": self.person(header.get("actor")),
			"impersonator": self.person(header.get("impersonator")),
			"via": header.get("via"),
			"request": header.get("request"),
			"record": self.record(header),
			"values": state,
			"reason": known.get(story.REASON),
			"peer": known.get(story.PEER),
			"details": [
				{"key": key, "label": self._detail(key), "value": values.detail(header, key, value)}
				for key, value in story.details(known).items()
			],
			"changes": self._changes(seen),
			"leaf": event["leaf"],
		}

	def values_of(self, event: Mapping[str, Any], header: dict) -> tuple[str, dict[str, Any]]:
		"""How the values stand to the reader, and those that are theirs to know, by path."""
		committed = header["commitments"].keys()
		visible = self.reader.visible(header, committed)
		of_record = committed - {story.PEER}  # from where somebody acted is no value of the record
		if of_record and not of_record & visible:
			return HIDDEN, {}
		values = payload.read(event) if header.get("payload") else {}
		if values is None:
			return DESTROYED, {}
		known = {path: value for path, value in values.items() if path in visible}
		if not of_record:
			return NONE, known
		return (SHOWN if of_record <= visible else PARTLY), known

	# Records ---------------------------------------------------------------------------------------------

	def record(self, header: dict) -> dict[str, Any] | None:
		"""{doctype, label, name, title, about, open}: what the event is about; `open` where the reader may go there.

		The title is what it is called; empty where its name says nothing and its title is not for the reader. `about` is
		what beside that tells people which one it is, for lists of many.
		"""
		doctype, name = header.get("doctype"), header.get("name")
		if not doctype:
			return None
		person = self.person(name) if _is_person(header) else None
		opens = not person and self._opens(header)
		title = person["name"] if person else self.names.called(doctype, name, opens)
		return {
			"doctype": doctype,
			"label": _(doctype),
			"name": name,
			"user": person and person["user"],
			"title": title,
			"about": _matter(header) if not title else self._about(doctype, name) if opens else "",
			"open": opens,
		}

	def _about(self, doctype: str, name: str) -> str:
		title = self.names.title(doctype, name)
		return "" if title == name or is_drawn_by_lot(doctype, name) else title

	def _opens(self, header: dict) -> bool:
		doctype = header.get("doctype")
		if not doctype or not governed.exists(doctype) or header["name"] in (None, doctype):
			return False
		return self.reader.may_read(header)

	# Values ----------------------------------------------------------------------------------------------

	def _changes(self, seen: Seen) -> list[dict[str, Any]]:
		"""[{label, before, after, kept, hidden}]: a side that is None was empty or is not told.

		Where people are told a title or a name, `kept` has what stands in the log for it, by side.
		"""
		found = list(seen.changes)
		rows = values.rows_of(found)
		return [self._change(seen, change, rows) for change in found]

	def _change(self, seen: Seen, change: story.Change, rows: dict) -> dict[str, Any]:
		doctype, place = seen.header["doctype"], change.place
		field = values.field_of(doctype, place)
		sides, kept = {}, {}
		for side, value in change.told.items():
			target = values.linked(field, place, side, seen.values)
			sides[side] = self._say(field, target, value, seen)
			if target and str(value) not in sides[side]:
				kept[side] = value
		return {
			"label": values.label_of(doctype, place, rows.get((place.table, place.row))),
			"before": sides.get("before"),
			"after": sides.get("after"),
			"kept": kept,
			"hidden": sorted(change.committed - sides.keys()),
		}

	def _say(self, field: values.Field, target: str | None, value: object, seen: Seen) -> str:
		if answers.is_answers(field):
			return answers.said(value, seen.header["name"], seen.values)
		if f"{target}/{value}" == seen.header.get("subject"):
			return str(value)  # whose story it is stands above it
		return values.say(field, target, value, self.names)


def _matter(header: dict) -> str:
	"""What a record without a name hangs on."""
	doctype, _slash, name = (header.get("subject") or "").partition("/")
	return f"{_(doctype)} {name}" if doctype in MATTERS else ""


def _actors_of(header: dict) -> Iterator[str | None]:
	"""Who acted, in whose name, and on whom."""
	yield header.get("actor")
	yield header.get("impersonator")
	if _is_person(header):
		yield header["name"]


def _is_person(header: dict) -> bool:
	return bool(header.get("name")) and header.get("subject") == f"Actor/{header['name']}"


def local_time(at: str) -> str:
	"""What the clock of the site showed at an instant in UTC, as people write it."""
	instant = datetime.fromisoformat(at.removesuffix("Z")).replace(tzinfo=UTC)
	return frappe.utils.format_datetime(calendars.site_time(instant))
