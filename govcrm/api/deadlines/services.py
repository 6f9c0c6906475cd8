"""What cards and calendars of deadlines show. All of it is read as the reader's own lists are."""

from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate

from govcrm.arguments import parsed
from govcrm.domain import metrics
from govcrm.domain.cases import RUNNING
from govcrm.reports import performance, scope

REPORT = "Deadline Performance"
CARD_DAYS = 30
AT_MOST = 1000  # more would be no calendar but a carpet
SHOWN_FOR = timedelta(minutes=30)


def on_time() -> dict[str, Any] | str:
	frappe.has_permission("Case Deadline", "report", throw=True)
	period = {"from_date": str(add_days(getdate(), 1 - CARD_DAYS)), "to_date": str(getdate())}
	tallies = performance.tallies_of(scope.scope_of(period, group="Department"))
	percent = metrics.total(tallies.values()).percent_on_time
	if percent is None:
		return _("No deadlines yet")
	return {
		"value": percent,
		"fieldtype": "Percent",
		"route": ["query-report", REPORT],
		"route_options": period,
	}


def due_cases(start: str, end: str, filters: str | list | None) -> list[dict[str, Any]]:
	fields = ["name", "subject", "next_due", "next_deadline", "deadline_status"]
	within = [["Case", "state_category", "in", list(RUNNING)], *_within("Case", "next_due", start, end)]
	return [
		_entry(row.name, row.next_due, row.deadline_status, row.next_deadline, row.subject)
		for row in _read("Case", fields, within, filters)
	]


def due_clocks(start: str, end: str, filters: str | list | None) -> list[dict[str, Any]]:
	fields = ["name", "case", "label", "due", "status", "breached"]
	within = _within("Case Deadline", "due", start, end)
	return [
		_entry(row.name, row.due, clock_status(row), row.label, row.case)
		for row in _read("Case Deadline", fields, within, filters)
	]


def clock_status(row: dict) -> str:
	"""What became of a clock in one word, as the calendar shows it."""
	if row.breached:
		return "Overdue" if row.status in (metrics.RUNNING, metrics.PAUSED) else "Late"
	return "On Time" if row.status == metrics.STOPPED else row.status


def _read(doctype: str, fields: list[str], within: list, filters: str | list | None) -> list[dict]:
	chosen = parsed(filters, list, type(None)) or []
	return frappe.get_list(
		doctype,
		fields=fields,
		filters=[*within, *chosen],
		order_by=f"{within[-1][1]} asc",
		limit_page_length=AT_MOST,
	)


def _within(doctype: str, field: str, start: str, end: str) -> list[list]:
	return [[doctype, field, ">=", _time(start)], [doctype, field, "<", _time(end)]]


def _time(said: str) -> datetime:
	try:
		return get_datetime(said)
	except (ValueError, OverflowError):
		frappe.throw(_("{0} is no date.").format(frappe.utils.escape_html(said)))


def _entry(name: str, due, status: str, *parts: str | None) -> dict[str, Any]:
	"""The status stands in the title in words, beside the colour."""
	due = get_datetime(due)
	title = ": ".join(filter(None, (_(status) if status else None, *parts)))
	return {"name": name, "title": title, "start": due, "end": due + SHOWN_FOR, "status": status}
