"""Lists that showed matters which are not for everybody, and counts that showed what stands in them.

What a list says of them is a line each: one event tells of the list; who opens a matter leaves an event of that one. Who
asks names the columns, so no column of the answer says how confidential a matter is, and `name` is only believed where it
can be nothing but the name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.model import default_fields
from frappe.utils import get_safe_filters, make_filter_tuple

from govcrm.accountability.trail import Entry
from govcrm.accountability.watching import answers
from govcrm.accountability.watching.asked import COUNT, LIST, Asked, columns_in

WATCHED = frozenset({"Restricted", "Sealed"})
OF_A_LEVEL = frozenset({"Case", "Service Request"})
MOST_NAMED = 50  # in the event of a list
# Counts by these tell how many there are of a kind, and nothing of any one matter.
OF_MANY = frozenset(
	{"owner", "modified_by", "docstatus", "assigned_to", "_assign", "_user_tags", "_liked_by"}
)
_WORD = re.compile(r"\w+")
_MAY_BE_NAME = re.compile(r"\bname\b|\*", re.IGNORECASE)


def entries(asked: Asked, response: Mapping[str, Any]) -> list[Entry]:
	"""One event, or none where everything that was shown is open."""
	if asked.doctype not in OF_A_LEVEL or not answers.given(response):
		return []
	if asked.verb != LIST and not (asked.verb == COUNT and _tells_of_one(asked.doctype)):
		return []
	detail = _detail(asked, response)
	subject = f"Site/{asked.doctype}"
	return [Entry(LIST, asked.doctype, None, detail=detail, subject=subject, values={})] if detail else []


def _tells_of_one(doctype: str) -> bool:
	"""Whether what is counted by is no choice of a list, but stands in a matter of its own: its title, its citizen, its day."""
	form, meta = frappe.form_dict, frappe.get_meta(doctype)
	words = set(_WORD.findall(f"{form.get('field') or ''} {form.get('stats') or ''}")) - OF_MANY
	fields = [meta.get_field(word) for word in words if meta.has_field(word)]
	return bool(words & set(default_fields)) or not all(map(_is_choice, fields))


def _is_choice(field: Any) -> bool:
	if field.fieldtype == "Link":
		return field.options not in frappe.get_hooks("govcrm_scoped_doctypes")
	return field.fieldtype in ("Select", "Check")


def _detail(asked: Asked, response: Mapping[str, Any]) -> dict[str, Any] | None:
	form, rows = frappe.form_dict, answers.rows(response)
	columns = [*columns_in(form.get("fields")), *columns_in(form.get("fieldname"))]
	# Of counts, the column `name` has what was counted by.
	if asked.verb == LIST and _names_are_own(asked.doctype, columns, rows):
		found = _of(asked.doctype, (str(row["name"]) for row in rows))
		return {"restricted": ", ".join(found[:MOST_NAMED]), "records": len(found)} if found else None
	try:
		among = _among(asked.doctype, form.get("filters") or form.get("current_filters"))
	except Exception:  # whatever cannot be asked again was shown all the same
		frappe.db.rollback()  # PostgreSQL refuses whatever follows a failed statement
		return {"unnamed": len(rows) or 1}
	return {"among": ", ".join(among)} if among else None


def _names_are_own(doctype: str, columns: list[str], rows: list[Mapping[str, Any]]) -> bool:
	"""Whether `name` in these rows is the record's: no other column, of this or another table, was given that name."""
	table = f"`tab{doctype}`."
	own = {"name", "`name`", "*", f"{table}name", f"{table}`name`", f"{table}*"}
	doubtful = {column for column in columns if _MAY_BE_NAME.search(column)}
	return doubtful <= own and bool(rows) and all(row.get("name") for row in rows)


def _of(doctype: str, names: Iterable[str]) -> list[str]:
	filters = {"name": ("in", sorted(set(names))), "confidentiality": ("in", sorted(WATCHED))}
	return frappe.get_all(doctype, filters, pluck="name", order_by="name", limit=0)


def _among(doctype: str, filters: Any) -> list[str]:
	"""The first of those which the user finds by the filters of the request, on whatever page.

	Without `or_filters`, which only narrow what is found, and which not every such request heeds.
	"""
	watched = [doctype, "confidentiality", "in", sorted(WATCHED)]
	filters = [*_conditions(doctype, filters), watched]
	order = f"`tab{doctype}`.`name`"
	found = frappe.get_list(doctype, filters=filters, pluck="name", order_by=order, limit=MOST_NAMED)
	return list(dict.fromkeys(found))


def _conditions(doctype: str, filters: Any) -> list:
	filters = get_safe_filters(filters)
	if isinstance(filters, str) and filters:
		filters = {"name": filters}
	if isinstance(filters, Mapping):
		return [make_filter_tuple(doctype, field, value) for field, value in filters.items()]
	return list(filters or ())
