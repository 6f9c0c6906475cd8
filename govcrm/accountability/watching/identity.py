"""Lists and look-ups that told who citizens are.

Whoever asks names the columns of the answer, so what it told is read from both: from columns that hold something, and from what
was asked for where the answer bears another name for it, or none. Who finds or counts by such a field learns it as well.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import frappe

from govcrm.accountability.trail import Entry
from govcrm.accountability.watching import answers
from govcrm.accountability.watching.asked import COUNT, SEARCH, Asked, columns_in

IDENTITY = "Citizen"
AT_MOST = 100  # events for one request; beyond that one event tells how many
_COLUMNS = ("fields", "fieldname", "filter_fields")
_FOUND_BY = (
	"filters",
	"or_filters",
	"current_filters",
	"searchfield",
	"group_by",
	"order_by",
	"field",
	"stats",
)
_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"(?:`tab[^`]+`\.)?`?(\w+)`?")
_OF_ANOTHER = re.compile(r"(\w[\w ]*)[`\"]?\.[`\"]?(\w+|\*)")
_ALL = re.compile(r"(?:[`\"]tab([^`\"]+)[`\"]\s*\.\s*)?[`\"]?\*[`\"]?\s*(?:,|$)")  # not that of `count(*)`


def entries(asked: Asked, response: Mapping[str, Any]) -> list[Entry]:
	"""An event for each citizen, or one where they cannot be named or are too many."""
	if not answers.given(response) or not (columns := _told(asked, response)):
		return []
	detail = {"columns": ", ".join(sorted(columns))}
	if asked.verb != COUNT:
		detail["records"] = answers.count(response)
	names = _citizens(response) if asked.doctype == IDENTITY else []
	if not 0 < len(names) <= AT_MOST:
		return [Entry(asked.verb, asked.doctype, None, detail=detail, subject=f"Site/{IDENTITY}", values={})]
	return [Entry(asked.verb, IDENTITY, name, values={}, detail=detail) for name in names]


def is_seen() -> bool:
	"""Whether the user may read fields of citizens above level 0."""
	return 1 in frappe.get_meta(IDENTITY).get_permlevel_access("read", user=frappe.session.user)


def columns() -> frozenset[str]:
	"""Fields of a citizen and of their tables that stand above level 0."""
	return frozenset(column for table in _tables() for column in _columns_of(table))


def _columns_of(table: str) -> Iterator[str]:
	return (field.fieldname for field in frappe.get_meta(table).fields if field.permlevel)


def _told(asked: Asked, response: Mapping[str, Any]) -> set[str]:
	if "columns" in asked.detail:
		return {asked.detail["columns"]}
	if asked.doctype not in _tables():
		return set(_of_linked(asked.doctype)) if is_seen() else set()
	if asked.verb == COUNT:
		return columns() & _found_by()
	named = set() if asked.verb == SEARCH else answers.columns(response)  # a look-up has columns of its own
	return columns() & {*named, *_found_by(), *(_asked(asked, named) if is_seen() else ())}


def _found_by() -> set[str]:
	"""Words of what was found or counted by. Frappe asks for no right to a field for that."""
	return {word for key in _FOUND_BY for word in _WORD.findall(str(frappe.form_dict.get(key) or ""))}


def _asked(asked: Asked, named: Collection[str]) -> set[str]:
	"""Words of what was asked for, but for columns that bear their own name in the answer: there it can be seen."""
	form = frappe.form_dict
	given = [one for key in _COLUMNS for one in columns_in(form.get(key))]
	wanted = [one for one in given if not (named and _PLAIN.fullmatch(one))]
	if asked.verb == SEARCH:
		wanted += _searched(asked.doctype, form)
	words = {word for one in wanted for word in _WORD.findall(one)}
	return words if named else words | set(_all_of(asked.doctype, given))


def _all_of(doctype: str, given: Iterable[str]) -> Iterator[str]:
	"""What `*` stands for where it is among the columns."""
	for table in (table for one in given for table in _ALL.findall(one)):
		if (table or doctype) in _tables():
			yield from _columns_of(table or doctype)


def _searched(doctype: str, form: Mapping[str, Any]) -> list[str]:
	"""What a link field shows beside the name. A query of its own is given the text as whatever its first argument is."""
	meta = frappe.get_meta(doctype)
	return [
		*meta.get_search_fields(),
		meta.title_field or "",
		str(form.get("txt") or "") if form.get("query") else "",
	]


def _of_linked(doctype: Any) -> Iterator[str]:
	"""Fields of citizens in lists of records that name one, as `citizen.last_name`."""
	text = " ".join(str(frappe.form_dict.get(key) or "") for key in (*_COLUMNS, *_FOUND_BY))
	pairs = [(table.strip(), field) for table, field in _OF_ANOTHER.findall(text)]
	if not pairs or not frappe.db.exists("DocType", doctype):
		return
	links = {one.fieldname for one in frappe.get_meta(doctype).get_link_fields() if one.options == IDENTITY}
	links |= {f"tab{table}" for table in _tables()}
	found = columns()
	for field in (field for table, field in pairs if table in links):
		yield from found & {field} if field != "*" else found


def _citizens(response: Mapping[str, Any]) -> list[str]:
	"""The records of an answer, if it names all of them: what stands where a name should may be anything."""
	names = answers.names(response)
	if not names or len(names) > AT_MOST:
		return []
	found = frappe.get_all(IDENTITY, {"name": ("in", names)}, pluck="name", order_by="name")
	return found if len(found) == len(names) else []


def _tables() -> list[str]:
	return [IDENTITY, *(field.options for field in frappe.get_meta(IDENTITY).get_table_fields())]
