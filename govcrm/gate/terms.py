"""The fields that a list is asked for, filtered, grouped or ordered by: names, and only of what the user may read.

Frappe takes fields above the user's level out of what it shows. It does not look at them where they filter, order, group or
stand in a function, which answers questions about each of them one by one.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe.model import child_table_fields, default_fields, optional_fields

from govcrm.domain import query_terms
from govcrm.domain.query_terms import EVERY, Term

SHOWN = {"fields": query_terms.fields, "fieldname": query_terms.fields, "stats": query_terms.fields}
WEIGHED = {
	"filters": query_terms.filters,
	"or_filters": query_terms.filters,
	"current_filters": query_terms.filters,
	"order_by": query_terms.order,
	"group_by": query_terms.order,
	"sort_field": query_terms.order,
	"field": query_terms.order,
	"aggregate_on_field": query_terms.order,
	"filter_fields": query_terms.fields,
	"searchfield": query_terms.order,
}
STANDARD = frozenset([*default_fields, *optional_fields, *child_table_fields])


class NotReadable(ValueError):
	"""`args[0]` is the field."""


def check(doctype: str, args: Mapping[str, Any]) -> None:
	"""Raises NotPlain for an expression, NotReadable for a field that the user may not read or that is none."""
	for name, read in SHOWN.items():
		for term in _read(read, args.get(name)):
			_refuse_foreign(doctype, term)
			if term.function:
				_refuse_unreadable(doctype, term)
	for name, read in WEIGHED.items():
		for term in _read(read, args.get(name)):
			_refuse_foreign(doctype, term)
			_refuse_unreadable(doctype, term)


def _read(read, given: Any) -> Iterator[Term]:
	if isinstance(given, str) and given.strip()[:1] in ("[", "{", '"'):
		given = json.loads(given)
	return read(given) if given not in (None, "", "null") else iter(())


def _refuse_foreign(doctype: str, term: Term) -> None:
	"""Of the DocType itself or of its tables: whatever is joined besides has a rule of its own."""
	if term.doctype not in (None, doctype, *_tables(doctype)):
		raise NotReadable(f"{term.doctype}.{term.field}")


def _refuse_unreadable(doctype: str, term: Term) -> None:
	of = term.doctype or doctype
	if term.field == EVERY or term.field in STANDARD:
		return
	field = frappe.get_meta(of).get_field(term.field)
	if not field or field.permlevel not in _levels(of, doctype):
		raise NotReadable(term.field)


def _tables(doctype: str) -> list[str]:
	return [field.options for field in frappe.get_meta(doctype).get_table_fields()]


def _levels(of: str, parent: str) -> list[int]:
	meta = frappe.get_meta(of)
	if meta.istable:
		parent = parent if parent != of else None
		return meta.get_permlevel_access("read", parenttype=parent) if parent else [0]
	return [0, *meta.get_permlevel_access("read")]
