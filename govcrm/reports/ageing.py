"""Case Ageing: how long the cases that are open now have been open."""

from collections.abc import Iterator

from frappe import _
from frappe.utils import getdate

from govcrm.domain import metrics
from govcrm.domain.cases import RUNNING
from govcrm.reports import columns, scope
from govcrm.reports.scope import Scope

Counts = dict[object, list[int]]


def run(filters: dict | None) -> tuple:
	"""Columns, rows, words and chart, as Frappe wants them of a script report."""
	wanted = scope.scope_of(filters, group="Department", more=("assignee",))
	counts = counts_of(wanted)
	rows = [_row(key, bands) for key, bands in sorted(counts.items(), key=lambda item: item[0] or "")]
	return _columns(wanted.group), rows, None, _chart(counts)


def counts_of(wanted: Scope) -> Counts:
	"""Numbers of open cases in each band of age, by group."""
	today, counts = getdate(), {}
	for key, opened in _open_cases(wanted):
		bands = counts.setdefault(key, [0] * len(metrics.age_bands()))
		bands[metrics.band_of((today - getdate(opened)).days)] += 1
	return counts


def _open_cases(wanted: Scope) -> Iterator[tuple]:
	filters = [*wanted.filters, ["state_category", "in", list(RUNNING)]]
	yield from scope.read("Case", [wanted.by or "name", "opened_datetime"], filters)


# What is shown -------------------------------------------------------------------------------------------


def band_names() -> list[str]:
	return [
		_("{0} to {1} days").format(first, last) if last is not None else _("over {0} days").format(first - 1)
		for first, last in metrics.age_bands()
	]


def _columns(group: str) -> list[dict]:
	bands = [columns.count(f"band_{number}", name) for number, name in enumerate(band_names())]
	return [scope.group_column(group), columns.count("open", _("Open")), *bands]


def _row(key: object, bands: list[int]) -> dict:
	return {
		"group": key,
		"open": sum(bands),
		**{f"band_{number}": count for number, count in enumerate(bands)},
	}


def _chart(counts: Counts) -> dict | None:
	if not counts:
		return None
	return {
		"data": {
			"labels": band_names(),
			"datasets": [
				{
					"name": _("Open Cases"),
					"values": [sum(band) for band in zip(*counts.values(), strict=True)],
				}
			],
		},
		"type": "bar",
		"colors": ["#2e6fd9"],
	}
