"""How what stood in a field is said: as Frappe shows it, in plain text."""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, strip_html

from govcrm.accountability.history import words
from govcrm.accountability.history.names import USER, Names, accounts_in
from govcrm.accountability.trail import governed
from govcrm.domain import story

HTML = frozenset({"Text Editor", "HTML Editor", "HTML"})
MOMENTS = frozenset({"Date", "Datetime", "Time"})
FORMATTED = MOMENTS | {"Duration", "Percent", "Currency"}
# Accounts of users in fields that are no links.
ACCOUNTS = frozenset({("Comment", "comment_email")})
# Fields of ours whose texts name users as code does.
TEXTS_WITH_ACCOUNTS = frozenset({("Case Event", "detail")})
_MOMENT = re.compile(r"\b\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?")
_BREAKS = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h[1-6]|blockquote|pre)\s*>", re.IGNORECASE)


class Field(NamedTuple):
	"""Where a value stood; `df` is None for what is no field any more."""

	doctype: str
	df: Any = None

	@property
	def key(self) -> tuple[str, str]:
		return self.doctype, self.df.fieldname if self.df else ""


def field_of(doctype: str, place: story.Place) -> Field:
	meta = frappe.get_meta(doctype) if governed.exists(doctype) else None
	if meta and place.table:
		table = meta.get_field(place.table)
		doctype = table.options if table and table.options else doctype
		meta = frappe.get_meta(doctype) if table and table.options else None
	return Field(doctype, meta.get_field(place.field) if meta else None)


def label_of(doctype: str, place: story.Place, row: int | None = None) -> str:
	"""The label of the field, behind that of its table and the number of the row, where more than one row changed."""
	label = _label(field_of(doctype, place).doctype, place.field)
	if not place.table:
		return label
	table = _label(doctype, place.table)
	return f"{table} {row}: {label}" if row else f"{table}: {label}"


def rows_of(changes: list[story.Change]) -> dict[tuple[str, str], int]:
	"""Numbers for the rows of tables of which more than one changed: names of rows say nothing to people."""
	found: dict[str, list[str]] = {}
	for place in (change.place for change in changes if change.place.table):
		rows = found.setdefault(place.table, [])
		if place.row not in rows:
			rows.append(place.row)
	return {
		(table, row): number
		for table, rows in found.items()
		for number, row in enumerate(rows, 1)
		if len(rows) > 1
	}


def _label(doctype: str, fieldname: str) -> str:
	"""Frappe has labels for its own fields too, such as who made a record."""
	label = frappe.get_meta(doctype).get_label(fieldname) if governed.exists(doctype) else None
	if not label or label in (fieldname, "No Label"):
		label = frappe.unscrub(fieldname)
	return _(label)


def labels_in(doctype: str | None, text: str) -> str:
	"""A list of names of fields as their labels; what is no field of the record stays."""
	if not doctype or not governed.exists(doctype):
		return text
	meta = frappe.get_meta(doctype)
	return re.sub(
		r"\w+", lambda found: _(meta.get_label(found[0])) if meta.has_field(found[0]) else found[0], text
	)


# Links ---------------------------------------------------------------------------------------------------


def linked(field: Field, place: story.Place, side: str, values: Mapping[str, object]) -> str | None:
	"""The DocType to which a value leads; of a link whose DocType is a value too, what the same event says of that."""
	if field.key in ACCOUNTS or place.field in ("owner", "modified_by"):
		return USER
	kind = field.df.fieldtype if field.df else None
	if kind == "Link":
		found = field.df.options
	elif kind == "Dynamic Link":
		found = values.get("/".join(filter(None, (place.table, place.row, field.df.options, side))))
	else:
		return None
	return found if isinstance(found, str) and governed.exists(found) else None


def named_in(doctype: str, change: story.Change, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
	"""(DocType, name) of each record that the values of a change name, users among them."""
	field = field_of(doctype, change.place)
	for side, value in change.told.items():
		if not isinstance(value, str) or not value:
			continue
		if target := linked(field, change.place, side, values):
			yield target, value
		elif field.key in TEXTS_WITH_ACCOUNTS:
			yield from ((USER, account) for account in accounts_in(value))


# Values --------------------------------------------------------------------------------------------------


def say(field: Field, target: str | None, value: object, names: Names) -> str:
	"""A value as its reader is told it. `target` is the DocType to which it leads."""
	if target and isinstance(value, str):
		return names.link(target, value)
	if field.key in TEXTS_WITH_ACCOUNTS:
		return names.in_text(plain(value))
	if field.key in words.ACTS:
		return words.act(plain(value))
	return _of_kind(field.df, value)


def detail(header: dict, key: str, value: object) -> str:
	"""What an act says beside its reason: moments as people write them, fields by their labels."""
	said = plain(value)
	if key in ("columns", "fields"):
		return labels_in(header.get("doctype"), said)
	return _MOMENT.sub(_formatted_moment, said) if key in ("deadline", "deadlines", "due") else said


def _formatted_moment(found: re.Match) -> str:
	return formatted(found[0], {"fieldtype": "Datetime"})


def _of_kind(df: Any, value: object) -> str:
	kind = df.fieldtype if df else None
	if kind == "Check":
		return _("Yes") if cint(value) else _("No")
	if kind == "Select":
		return _(str(value))
	if kind in HTML:
		return text_of(plain(value))
	if kind in FORMATTED:
		return formatted(value, df)
	return _of_json(value) if kind == "JSON" else plain(value)


def formatted(value: object, df: Any) -> str:
	try:
		return str(frappe.format_value(value, df))
	except Exception:  # what was kept of old may be of another kind
		return plain(value)


def text_of(html: str) -> str:
	"""What a text with tags says, line by line."""
	lines = unescape(strip_html(_BREAKS.sub("\n", html))).replace("\xa0", " ").split("\n")
	return "\n".join(line.strip() for line in lines if line.strip())


def _of_json(value: object) -> str:
	"""An object of plain values as lines; anything else as it stands in the log."""
	found = _parsed(value)
	if not isinstance(found, dict) or any(isinstance(one, dict | list) for one in found.values()):
		return plain(value)
	return "\n".join(f"{key}: {_of_plain(one)}" for key, one in found.items())


def _parsed(value: object) -> object:
	try:
		return json.loads(value) if isinstance(value, str) else value
	except ValueError:
		return None


def _of_plain(value: object) -> str:
	if isinstance(value, bool):
		return _("Yes") if value else _("No")
	return "–" if value is None else plain(value)


def plain(value: object) -> str:
	return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
