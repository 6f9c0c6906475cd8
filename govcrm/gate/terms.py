"""The fields that a list is asked for, filtered, grouped or ordered by: names, and only of what the user may read.

Frappe takes fields above the user's level out of what it shows. It does not look at them where they filter, order, group or
stand in a function, which answers questions about each of them one by one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import frappe
from frappe.model import child_table_fields, default_fields, optional_fields

from govcrm.domain import query_terms
from govcrm.domain.query_terms import EVERY, NotPlain, Term
from govcrm.gate import governed
from govcrm.gate.asked import parsed

Reader = Callable[[Any], Iterable[Term]]


def _values(given: Any) -> Iterator[Term]:
	"""A map of what is meant to the field that holds it."""
	if not isinstance(given, Mapping):
		raise NotPlain(given)
	return (query_terms.field(name) for name in given.values() if isinstance(name, str) and name)


def _by_table(given: Any) -> Iterator[Term]:
	"""A map of the DocType, its tables or their DocTypes to names of fields."""
	if not isinstance(given, Mapping):
		raise NotPlain(given)
	for table, names in given.items():
		for term in query_terms.fields(names):
			yield Term(term.field, str(table))


SHOWN: dict[str, Reader] = {"fields": query_terms.fields, "fieldname": query_terms.fields}
WEIGHED: dict[str, Reader] = {
	"aggregate_on_field": query_terms.order,
	"current_filters": query_terms.filters,
	"export_fields": _by_table,
	"export_filters": query_terms.filters,
	"field": query_terms.order,
	"field_map": _values,
	"filter_fields": query_terms.fields,
	"filters": query_terms.filters,
	"group_by": query_terms.order,
	"or_filters": query_terms.filters,
	"order_by": query_terms.order,
	"searchfield": query_terms.order,
	"select_columns": _by_table,
	"sort_field": query_terms.order,
	"stats": query_terms.fields,
}
# What Frappe's lists know beside the columns of the DocType.
STANDARD = frozenset(
	[*default_fields, *optional_fields, *child_table_fields, "_aggregate_column", "assigned_to"]
)
DIRECTIONS = (None, "", "asc", "desc", "ASC", "DESC")
_ANOTHER_QUERY = re.compile(r"\b(select|table|union|into|outfile)\b", re.IGNORECASE)
_THROUGH = re.compile(r"\s*`?(\w+)`?\s*\.")


class NotReadable(ValueError):
	"""`args[0]` is the field."""


def check(doctype: str, args: Mapping[str, Any]) -> None:
	"""Of a list of a scoped DocType. Raises NotPlain for an expression, NotReadable for what is no field of this user's."""
	if args.get("sort_order") not in DIRECTIONS:
		raise NotPlain(args["sort_order"])
	_refuse_other_table(doctype, args.get("aggregate_on_doctype"))
	args = {**args, "fields": _without_titles(doctype, parsed(args.get("fields")))}
	for term in _terms(SHOWN, args):
		_refuse_foreign(doctype, term)
		if term.function or term.doctype not in (None, doctype):
			_refuse_unreadable(doctype, term)
	for term in _terms(WEIGHED, args):
		_refuse_foreign(doctype, term)
		_refuse_unreadable(doctype, term)


def check_others(doctype: str | None, args: Mapping[str, Any]) -> None:
	"""Of a list of any other DocType, which must not reach for scoped tables: by another query, by a join, through a link."""
	for name, read in (*SHOWN.items(), *WEIGHED.items()):
		given = parsed(args.get(name))
		if _says_nothing(name, given):
			continue
		for expression in _expressions(given, read):
			_refuse_reaching(doctype, expression)


def _terms(readers: Mapping[str, Reader], args: Mapping[str, Any]) -> Iterator[Term]:
	for name, read in readers.items():
		given = parsed(args.get(name))
		if not _says_nothing(name, given):
			yield from read(given)


def _says_nothing(name: str, given: Any) -> bool:
	"""Filters in one word are the name of a record."""
	return given in (None, "", "null") or (name == "filters" and isinstance(given, str | int))


def _expressions(given: Any, read: Reader) -> Iterator[str]:
	"""Texts that could be more than the name of a field of the list's own: keys and values are not told apart."""
	if isinstance(given, str):
		yield given
	elif isinstance(given, Mapping):
		yield from map(str, given)
		if read in (_values, _by_table, query_terms.fields):
			for inner in given.values():
				yield from _expressions(inner, read)
	elif isinstance(given, list | tuple):
		# Of a condition the value is what it is compared with, and Frappe escapes it.
		is_condition = read is query_terms.filters and len(given) > 2 and isinstance(given[0], str)
		for inner in given[:2] if is_condition else given:
			yield from _expressions(inner, read)


def _refuse_reaching(doctype: str | None, expression: str) -> None:
	if governed.names_table(expression) or governed.is_scoped(expression):
		raise NotReadable(expression)
	if _ANOTHER_QUERY.search(expression) and not _is_plain(expression):
		raise NotPlain(expression)
	for part in expression.split(","):
		if (found := _THROUGH.match(part)) and doctype and governed.is_scoped(_target(doctype, found[1])):
			raise NotReadable(expression)


def _is_plain(expression: str) -> bool:
	try:
		return bool(list(query_terms.order(expression)))
	except NotPlain:
		return False


def _without_titles(doctype: str, fields: Any) -> Any:
	"""What the Desk shows in place of names in a column of links: titles of records that everybody may see."""
	if not isinstance(fields, list):
		return fields
	return [field for field in fields if not _is_title(doctype, query_terms.linked(field))]


def _is_title(doctype: str, linked: tuple[str, str] | None) -> bool:
	target = _target(doctype, linked[0]) if linked else None
	if not target or governed.tells_of_records(target):
		return False
	meta = frappe.get_meta(target)
	if not meta.show_title_field_in_link or linked[1] != meta.title_field:
		return False
	return not meta.get_field(meta.title_field).permlevel


def _target(doctype: str, fieldname: str) -> str | None:
	field = frappe.get_meta(doctype).get_field(fieldname)
	return field.options if field else None


def _refuse_other_table(doctype: str, other: Any) -> None:
	if other and other not in (doctype, *_tables(doctype).values()):
		raise NotReadable(str(other))


def _refuse_foreign(doctype: str, term: Term) -> None:
	"""Of the DocType itself or of its tables: whatever is joined besides has a rule of its own."""
	tables = _tables(doctype)
	if term.doctype not in (None, doctype, *tables, *tables.values()):
		raise NotReadable(f"{term.doctype}.{term.field}")


def _refuse_unreadable(doctype: str, term: Term) -> None:
	of = _tables(doctype).get(term.doctype, term.doctype) or doctype
	if of != doctype and not _may_read_table(doctype, of):
		raise NotReadable(f"{of}.{term.field}")
	if term.field == EVERY or term.field in STANDARD:
		return
	field = frappe.get_meta(of).get_field(term.field)
	if not field or (field.permlevel and field.permlevel not in _levels(of, doctype)):
		raise NotReadable(term.field)


def _tables(doctype: str) -> dict[str, str]:
	return {field.fieldname: field.options for field in frappe.get_meta(doctype).get_table_fields()}


def _may_read_table(doctype: str, child: str) -> bool:
	fields = [field for field in frappe.get_meta(doctype).get_table_fields() if field.options == child]
	return any(not field.permlevel or field.permlevel in _levels(doctype, doctype) for field in fields)


def _levels(of: str, parent: str) -> list[int]:
	"""Levels that the user may read. Rows of a table that are listed by themselves show no more than the first."""
	meta = frappe.get_meta(of)
	if meta.istable:
		return meta.get_permlevel_access("read", parenttype=parent) if parent != of else []
	return meta.get_permlevel_access("read")
