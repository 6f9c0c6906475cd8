"""Service Statistics: the published numbers by month, department, kind or program; nothing is counted here."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, escape_html, formatdate

from govcrm.domain.statistics import CLOSED, IN_TIME, LATE, MEASURES, RECEIVED, shown_share
from govcrm.reports.statistics import DOCTYPE, WITHHELD, editions

BY = ("Month", "Department", "Kind", "Program")
FIELDS = ["period", "department", "kind", "program", "program_name", "threshold", "published_at"]
FIELDS += [*MEASURES, "median_days"]
NUMBERS = (*MEASURES, "share", "growth", "median_days")
BARS = 24  # as many as can be told apart


def run(filters: dict | None) -> tuple:
	"""Columns, rows, words, chart and summary, as Frappe wants them of a script report."""
	wanted = _wanted(filters)
	found = [_row(wanted.by, row) for row in _read(wanted)]
	total = found[-1:] if wanted.by == "Month" else [_row("", row) for row in _read_total(wanted)]
	return _columns(wanted.by), found, _words(wanted, total), _chart(found), _summary(total)


def newest() -> dict[str, Any] | None:
	"""The numbers of the whole agency in the last month that was published, as the report shows them."""
	month = last_month()
	rows = _get({"level": "Agency", "period": month}) if month else []
	return _row("", rows[0]) if rows else None


def last_month() -> date | None:
	latest = {"latest": 1, "level": "Agency"}
	found = frappe.get_list(DOCTYPE, filters=latest, pluck="period", order_by="period desc", limit=1)
	return found[0] if found else None


def choices() -> dict[str, list[str]]:
	"""What may be chosen: months, the last one first, and departments, as far as they were published."""
	rows = _get({"level": ("in", ("Agency", "Department"))}, ["period", "department"])
	periods = sorted({str(row.period) for row in rows}, reverse=True)
	return {"months": periods, "departments": sorted({row.department for row in rows if row.department})}


# Which rows ------------------------------------------------------------------------------------------------


def _wanted(filters: dict | None) -> frappe._dict:
	wanted = frappe._dict(filters or {})
	if wanted.setdefault("by", "Month") not in BY:
		frappe.throw(_("Choose what to show the numbers by: month, department, kind or program."))
	wanted.month = wanted.month or last_month()
	return wanted


def _read(wanted: frappe._dict) -> list[frappe._dict]:
	filters: dict[str, Any] = {"level": _level(wanted)}
	if wanted.by != "Month":
		filters["period"] = wanted.month
	if wanted.department and wanted.by != "Department":
		filters["department"] = wanted.department
	return _get(filters) if wanted.month else []


def _read_total(wanted: frappe._dict) -> list[frappe._dict]:
	"""Of the month, what the rows are parts of."""
	if not wanted.month:
		return []
	filters = {"level": "Agency", "period": wanted.month}
	if wanted.department and wanted.by != "Department":
		filters.update(level="Department", department=wanted.department)
	return _get(filters)


def _level(wanted: frappe._dict) -> str:
	if wanted.by == "Month":
		return "Department" if wanted.department else "Agency"
	if wanted.department and wanted.by != "Department":
		return f"Department and {wanted.by}"
	return wanted.by


def _get(filters: dict[str, Any], fields: list[str] | None = None) -> list[frappe._dict]:
	"""As the reader's own list of the table is."""
	order = "period asc, department asc, kind asc, program asc"
	wanted = {"latest": 1, **filters}
	return frappe.get_list(
		DOCTYPE, filters=wanted, fields=fields or FIELDS, order_by=order, limit_page_length=0
	)


# What is shown ---------------------------------------------------------------------------------------------


def _row(by: str, row: frappe._dict) -> dict[str, Any]:
	numbers = {name: editions.number(row[name]) for name in MEASURES}
	share = shown_share(numbers)
	return {
		"group": _group(by, row),
		**{name: _said(number) for name, number in numbers.items()},
		"share": _share(numbers, share),
		"growth": _growth(numbers[RECEIVED], numbers[CLOSED]),
		"median_days": _said(editions.number(row.median_days)) if row.median_days else "",
		"threshold": row.threshold,
	}


def _group(by: str, row: frappe._dict) -> str:
	if by == "Month":
		return formatdate(row.period, "MMM yyyy")
	return {"Department": row.department, "Kind": _(row.kind), "Program": row.program_name}.get(by, "")


def _said(number: int | None) -> int | str:
	return _(WITHHELD) if number is None else number


def _share(numbers: dict[str, int | None], share: float | None) -> str:
	if None in (numbers[IN_TIME], numbers[LATE]):
		return _(WITHHELD)
	return "" if share is None else f"{share:g}%"


def _growth(received: int | None, closed: int | None) -> str:
	"""By how much more is open than before: cases are not taken as closed here that were withdrawn."""
	return _(WITHHELD) if None in (received, closed) else f"{received - closed:+d}"


def _columns(by: str) -> list[dict[str, Any]]:
	labels = (
		_("Received"),
		_("Closed"),
		_("Closed In Time"),
		_("Closed Late"),
		_("In Time %"),
		_("Open Cases +/-"),
		_("Median Days"),
	)
	numbers = [
		{"fieldname": name, "label": label, "fieldtype": "Data", "width": 140}
		for name, label in zip(NUMBERS, labels, strict=True)
	]
	return [{"fieldname": "group", "label": _(by), "fieldtype": "Data", "width": 220}, *numbers]


def _words(wanted: frappe._dict, total: list[dict[str, Any]]) -> str:
	if not total:
		return (
			f"<p>{_('Nothing is published yet. An administrator publishes the months that have ended.')}</p>"
		)
	withheld = _(
		"Withheld: a count of fewer than {0} cases, or one from which such a count could be worked out. Zero is shown."
	).format(cint(total[0]["threshold"]))
	counted = _(
		"Counted are the cases opened and closed in a month; late is a case that missed any of its deadlines. Months are "
		"published once they have ended, and do not change with what happens to cases afterwards."
	)
	month = "" if wanted.by == "Month" else f"<p><b>{formatdate(wanted.month, 'MMMM yyyy')}</b></p>"
	return f"{month}<p>{counted}</p><p>{withheld}</p>"


def _chart(found: list[dict[str, Any]]) -> dict[str, Any] | None:
	"""Of rows whose numbers are shown: a gap would be drawn as nought."""
	drawn = [row for row in found if isinstance(row[RECEIVED], int) and isinstance(row[CLOSED], int)][-BARS:]
	if not drawn:
		return None
	return {
		"data": {
			"labels": [escape_html(row["group"]) for row in drawn],
			"datasets": [
				{"name": _("Received"), "values": [row[RECEIVED] for row in drawn]},
				{"name": _("Closed"), "values": [row[CLOSED] for row in drawn]},
			],
		},
		"type": "bar",
		"colors": ["#2e6fd9", "#16794c"],
		"axisOptions": {"xAxisMode": "tick"},
	}


def _summary(total: list[dict[str, Any]]) -> list[dict[str, Any]]:
	shown = (
		(_("Received"), RECEIVED),
		(_("Closed"), CLOSED),
		(_("In Time"), "share"),
		(_("Median Days"), "median_days"),
	)
	return [
		{"label": label, "value": str(row[name]), "datatype": "Data"}
		for row in total
		for label, name in shown
		if row[name] != ""
	]
