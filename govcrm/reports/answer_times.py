"""Answer Times: how long citizens wait for a first response and for the end of their case."""

from collections.abc import Callable, Iterator

import frappe
from frappe import _
from frappe.utils import get_datetime

from govcrm.domain import metrics
from govcrm.domain.cases import CLOSED
from govcrm.reports import columns, scope
from govcrm.reports.scope import WEEK, Scope

FIRST_RESPONSE = "First Response"
Times = dict[object, list[float]]


def run(filters: dict | None) -> tuple:
	"""Columns, rows, words and chart, as Frappe wants them of a script report."""
	wanted = scope.scope_of(filters, group=WEEK)
	responded, closed = gathered(wanted, first_responses), gathered(wanted, endings)
	keys = _keys(wanted, {*responded, *closed})
	rows = [_row(key, responded.get(key, []), closed.get(key, [])) for key in keys]
	return _columns(wanted.group), rows, _words(), _chart(wanted.group, rows)


def gathered(wanted: Scope, read: Callable[[Scope], Iterator[tuple]]) -> Times:
	"""Seconds from begin to end of what ended in the period, by group."""
	times: Times = {}
	for key, begin, end in read(wanted):
		begin, end = get_datetime(begin), get_datetime(end)
		group = metrics.week_of(end) if wanted.group == WEEK else key
		times.setdefault(group, []).append((end - begin).total_seconds())
	return times


def endings(wanted: Scope) -> Iterator[tuple]:
	"""(key, opened, closed) of cases closed in the period. Cancelled ones were not answered."""
	filters = [*wanted.filters, ["state_category", "=", CLOSED], ["closed_datetime", "between", wanted.days]]
	yield from scope.read("Case", [wanted.by or "name", "opened_datetime", "closed_datetime"], filters)


def first_responses(wanted: Scope) -> Iterator[tuple]:
	"""(key, started, stopped) of clocks of first responses that stopped in the period."""
	wanting = response_milestones()
	if not wanting:
		return
	codes = sorted({code for _version, code in wanting})
	filters = [
		*wanted.filters,
		["status", "=", metrics.STOPPED],
		["milestone", "in", codes],
		["stopped_at", "between", wanted.days],
	]
	fields = ["program_version", "milestone", wanted.by or "name", "started_at", "stopped_at"]
	for version, code, *times in scope.read("Case Deadline", fields, filters):
		if (version, code) in wanting:
			yield tuple(times)


def response_milestones() -> set[tuple[str, str]]:
	"""(version, code) of the milestones that a first response stops; what they are called is the agency's."""
	versions = frappe.get_all("Program Version", fields=["name", "deadline_snapshot"], order_by="name")
	return {
		(version.name, row["code"])
		for version in versions
		for row in (frappe.parse_json(version.deadline_snapshot) or {}).get("milestones", [])
		if row.get("stop_event") == FIRST_RESPONSE
	}


# What is shown -------------------------------------------------------------------------------------------


def _keys(wanted: Scope, found: set) -> list:
	if wanted.group == WEEK:
		return metrics.weeks_between(wanted.first, wanted.last)
	return sorted(found, key=lambda key: (not key, key or ""))


def _columns(group: str) -> list[dict]:
	return [
		scope.group_column(group),
		columns.count("responded", _("First Responses")),
		*columns.spread_columns("response", _("Median Days To Response"), _("90% Days To Response")),
		columns.count("closed", _("Closed")),
		*columns.spread_columns("close", _("Median Days To Close"), _("90% Days To Close")),
	]


def _row(key: object, responses: list[float], endings: list[float]) -> dict:
	return {
		"group": key,
		"responded": len(responses),
		**columns.spread_values("response", metrics.spread(responses), columns.DAY),
		"closed": len(endings),
		**columns.spread_values("close", metrics.spread(endings), columns.DAY),
	}


def _words() -> str:
	counted = _(
		"All time counts, nights and waiting included: it is what the citizen sees. A first response is known of cases "
		"whose program has a deadline for it."
	)
	return f"<p>{counted}</p><p>{columns.about_percentiles()}</p>"


def _chart(group: str, rows: list[dict]) -> dict | None:
	"""Lines for what there are values of, over the rows that have all of these: a gap would be drawn as nought."""
	lines = {field: name for field, name in _lines().items() if any(row[field] is not None for row in rows)}
	drawn = [row for row in rows if all(row[field] is not None for field in lines)]
	if not (lines and drawn):
		return None
	return {
		"data": {
			"labels": [scope.label_of(group, row["group"]) for row in drawn],
			"datasets": [
				{"name": name, "values": [row[field] for row in drawn]} for field, name in lines.items()
			],
		},
		"type": "bar",  # lines of a single point are an error to Frappe's charts
		"colors": ["#7b61c4", "#2e6fd9", "#a35200"],
		"axisOptions": {"xAxisMode": "tick"},
	}


def _lines() -> dict[str, str]:
	return {
		"response_median": _("Median Days To Response"),
		"close_median": _("Median Days To Close"),
		"close_p90": _("90% Days To Close"),
	}
