"""One event as its reader is told it: words, names, titles, and what stood where before and after."""

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, strip_html

from govcrm.accountability.history import words
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.trail import governed, payload
from govcrm.domain import story
from govcrm.service_catalogue import calendars

UTC = timezone.utc
LONGEST_TITLE = 100  # characters; the title of an assignment is a whole text
# How the values of an event stand to its reader.
NONE, SHOWN, PARTLY, HIDDEN, DESTROYED = "none", "shown", "partly", "hidden", "destroyed"


class Teller:
	"""Tells events to one reader; names and titles are looked up once."""

	def __init__(self, reader: Reader | None = None) -> None:
		self.reader = reader or Reader()
		self._people: dict[str, dict] = {}
		self._titles: dict[tuple[str, str], str] = {}
		self._calls: dict[tuple[str, str], str] = {}
		# Each look-up in either translates the whole list.
		self._said, self._detail = cache(words.said), cache(words.detail)

	def told(self, event: Mapping[str, Any]) -> dict[str, Any]:
		"""The event as plain values, none of them escaped for HTML."""
		header = json.loads(event["header"])
		state, values = self.values_of(event, header)
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
			"reason": values.get(story.REASON),
			"peer": values.get(story.PEER),
			"details": [
				{"key": key, "label": self._detail(key), "value": _plain(value)}
				for key, value in story.details(values).items()
			],
			"changes": [
				self.change(header, change) for change in story.changes(header["commitments"], values)
			],
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

	# Names -----------------------------------------------------------------------------------------------

	def person(self, actor: str | None) -> dict[str, str] | None:
		"""{actor, user, name}: who stands behind a pseudonym; the pseudonym alone when nobody is known by it."""
		if not actor:
			return None
		if actor not in self._people:
			found = frappe.db.get_value("Audit Actor", actor, ["user", "full_name"], as_dict=True) or {}
			name = found.get("full_name") or found.get("user") or actor
			self._people[actor] = {"actor": actor, "user": found.get("user"), "name": name}
		return self._people[actor]

	def record(self, header: dict) -> dict[str, Any] | None:
		"""{doctype, label, name, title, open}: what the event is about; `open` where the reader may go there."""
		doctype, name = header.get("doctype"), header.get("name")
		if not doctype:
			return None
		person = self.person(name) if header.get("subject") == f"Actor/{name}" else None
		opens = not person and self._opens(header)
		return {
			"doctype": doctype,
			"label": _(doctype),
			"name": name,
			"title": person["name"] if person else self._called(doctype, name) if opens else name,
			"open": opens,
		}

	def _called(self, doctype: str, name: str) -> str:
		"""A name that means nothing to people, such as that of a task, gives way to the title; any other stays."""
		meta = frappe.get_meta(doctype)
		title = meta.get_field(meta.title_field or "")
		if meta.autoname != "hash" or not title or title.permlevel:
			return name
		if (doctype, name) not in self._calls:
			said = strip_html(frappe.db.get_value(doctype, name, title.fieldname) or "")
			self._calls[doctype, name] = said[:LONGEST_TITLE] or name
		return self._calls[doctype, name]

	def _opens(self, header: dict) -> bool:
		doctype = header["doctype"]
		return governed.exists(doctype) and header["name"] != doctype and self.reader.may_read(header)

	def title(self, doctype: str, name: str) -> str:
		"""What people call a linked record, with its name; the name alone where the title is not for the reader."""
		if (doctype, name) not in self._titles:
			self._titles[doctype, name] = self._title(doctype, name)
		return self._titles[doctype, name]

	def _title(self, doctype: str, name: str) -> str:
		if doctype == "User":
			return frappe.db.get_value("User", name, "full_name") or name
		meta = frappe.get_meta(doctype)
		if not (meta.show_title_field_in_link and meta.title_field and frappe.db.exists(doctype, name)):
			return name
		if not frappe.has_permission(doctype, "read", doc=name, user=self.reader.user):
			return name
		title = frappe.db.get_value(doctype, name, meta.title_field)
		return f"{title} ({name})" if title and title != name else name

	# Values ----------------------------------------------------------------------------------------------

	def change(self, header: dict, change: story.Change) -> dict[str, Any]:
		"""{label, row, before, after, hidden}: a side that is None was empty or is not told."""
		df = _field(header["doctype"], change.place)
		sides = {side: self.value(df, change.told[side]) for side in story.SIDES if side in change.told}
		return {
			"label": _label(header["doctype"], change.place, df),
			"row": change.place.row,
			"before": sides.get("before"),
			"after": sides.get("after"),
			"hidden": sorted(change.committed - sides.keys()),
		}

	def value(self, df: Any, value: object) -> str:
		kind = df.fieldtype if df else None
		if kind == "Link" and isinstance(value, str) and governed.exists(df.options):
			return self.title(df.options, value)
		if kind == "Check":
			return _("Yes") if cint(value) else _("No")
		if kind == "Select":
			return _(str(value))
		if kind in ("Date", "Datetime", "Time"):
			return _moment(value, kind)
		return _plain(value)


def local_time(at: str) -> str:
	"""What the clock of the site showed at an instant in UTC, as people write it."""
	instant = datetime.fromisoformat(at.removesuffix("Z")).replace(tzinfo=UTC)
	return frappe.utils.format_datetime(calendars.site_time(instant))


def _moment(value: object, kind: str) -> str:
	try:
		return frappe.format_value(value, {"fieldtype": kind})
	except Exception:  # what was kept of old may be no date
		return _plain(value)


def _plain(value: object) -> str:
	return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _field(doctype: str, place: story.Place):
	meta = frappe.get_meta(doctype) if governed.exists(doctype) else None
	if meta and place.table:
		table = meta.get_field(place.table)
		meta = frappe.get_meta(table.options) if table and table.options else None
	return meta.get_field(place.field) if meta else None


def _label(doctype: str, place: story.Place, df) -> str:
	"""The label of the field, behind that of its table; the name of the field when it has none any more."""
	label = _(df.label) if df and df.label else place.field
	if not place.table:
		return label
	table = frappe.get_meta(doctype).get_field(place.table) if governed.exists(doctype) else None
	return f"{_(table.label) if table and table.label else place.table}: {label}"
