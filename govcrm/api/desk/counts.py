"""How many records a list has.

Frappe counts by the field ``count(`tabCase`.name)`` and then refuses it: its guard against SQL in field names takes
the name of the DocType for the word CASE of SQL.
"""

from typing import Any

import frappe
from frappe.desk import reportview
from frappe.utils import cint, sbool

from govcrm.arguments import parsed


def get_count() -> int | None:
	"""Return the number of records the user may read, for the DocType and filters of the request."""
	form = frappe.local.form_dict
	if not _is_mistaken(form.doctype) or cint(form.limit):
		return reportview.get_count()
	args = reportview.get_form_params()
	args.update(order_by=None, limit=0)
	return _count_records(args) if sbool(args.distinct) else _count_rows(args)


def count_records(doctype: str, filters: Any) -> int:
	"""How many records of these filters the user may read. Frappe counts every row of every table for everybody."""
	frappe.has_permission(doctype, "read", throw=True)
	return _count_rows({"doctype": doctype, "filters": parsed(filters) or []})


def _is_mistaken(doctype: str) -> bool:
	return "case" in doctype.split(" ", 1)[0].lower()


def _count_rows(args: dict) -> int:
	return reportview.execute(**{**args, "fields": ["count(*) as total_count"]})[0].get("total_count")


def _count_records(args: dict) -> int:
	"""Filters on child tables give a record as many rows as it has children that match."""
	return len(reportview.execute(**{**args, "fields": ["name"], "distinct": True}))
