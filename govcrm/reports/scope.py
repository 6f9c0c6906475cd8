"""What every report asks first: which days, which records, grouped by what.

Records are read by `frappe.get_list`, as the reader's own lists are: what the access rule or a User Permission keeps from
a list is in no row, no sum and no chart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, cint, escape_html, getdate

DEFAULT_DAYS = 90
PLACES = ("program", "department", "service_area")
TREES = ("department", "service_area")
WEEK = "Week"
GROUPS = {"Program": "program", "Department": "department", "Area": "service_area"}
DOCTYPES = {
	"program": "Agency Program",
	"department": "Agency Department",
	"service_area": "Service Area",
}


@dataclass(frozen=True)
class Scope:
	"""The days from `first` to `last`, both included, and conditions on the records."""

	first: date
	last: date
	group: str
	filters: list = field(default_factory=list)

	@property
	def days(self) -> list[date]:
		return [self.first, self.last]

	@property
	def by(self) -> str | None:
		"""The field to group by; None for weeks, which no field holds."""
		return GROUPS.get(self.group)


def scope_of(filters: dict | None, *, group: str, more: tuple[str, ...] = ()) -> Scope:
	"""The scope that the filters of a report ask for.

	:param group: what to group by where the filters do not say
	:param more: fields beside the places on which a filter means what it says
	"""
	wanted = frappe._dict(filters or {})
	last = getdate(wanted.to_date)
	first = getdate(wanted.from_date or add_days(last, 1 - (cint(wanted.days) or DEFAULT_DAYS)))
	if first > last:
		frappe.throw(_("The period ends before it begins. Choose a first day that is not after the last."))
	conditions = [
		_condition(name, wanted[name]) for name in (*PLACES, *more) if wanted.get(name) not in (None, "")
	]
	return Scope(first, last, wanted.group_by or group, conditions)


def _condition(name: str, value: str) -> list:
	"""A department or area stands for everything below it too."""
	return [name, "descendants of (inclusive)" if name in TREES else "=", value]


def read(doctype: str, fields: list[str], filters: list, or_filters: list | None = None) -> Iterator[tuple]:
	"""Rows of few columns of what the reader may list, in no order that means anything."""
	yield from frappe.get_list(
		doctype,
		fields=fields,
		filters=filters,
		or_filters=or_filters,
		order_by="name asc",
		limit_page_length=0,
		as_list=True,
	)


def group_column(group: str) -> dict:
	"""The first column: what the rows are grouped by."""
	column = {"fieldname": "group", "label": _(group), "width": 220}
	if group == WEEK:
		return {**column, "label": _("Week From"), "fieldtype": "Date", "width": 120}
	if doctype := DOCTYPES.get(GROUPS.get(group)):
		return {**column, "fieldtype": "Link", "options": doctype}
	return {**column, "fieldtype": "Data"}


def label_of(group: str, key: object) -> str:
	"""What a chart calls a group, as HTML: so Frappe's charts take their labels."""
	if group == WEEK:
		return frappe.format(key, "Date")
	if group == "Program" and key:
		key = frappe.get_cached_value("Agency Program", key, "program_name") or key
	return escape_html(key) if key else _("None")
