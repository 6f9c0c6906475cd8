"""Deadline Performance: which clocks were kept, which were missed, and how long answers took."""

from collections.abc import Iterator

from frappe import _
from frappe.utils import get_datetime

from govcrm.domain import metrics
from govcrm.domain.deadlines_rules import WALL_UNITS
from govcrm.domain.metrics import Clock, Tally
from govcrm.reports import columns, scope
from govcrm.reports.scope import WEEK, Scope

DOCTYPE = "Case Deadline"
MILESTONE = "Milestone"
FIELDS = ["status", "breached", "started_at", "stopped_at", "breached_at", "elapsed_seconds", "unit"]


def run(filters: dict | None) -> tuple:
	"""Columns, rows, words, chart and summary, as Frappe wants them of a script report."""
	wanted = scope.scope_of(filters, group="Department", more=("nature", "label"))
	tallies = tallies_of(wanted)
	return (
		_columns(wanted.group),
		[_row(key, tally) for key, tally in tallies.items()],
		_words(),
		_chart(wanted.group, tallies),
		_summary(metrics.total(tallies.values())),
	)


def tallies_of(wanted: Scope) -> dict[object, Tally]:
	"""Tallies of what was settled in the period, by group and in its order; weeks without any are there too."""
	found = metrics.tally(settled_clocks(wanted))
	if wanted.group == WEEK:
		return {week: found.get(week, Tally()) for week in metrics.weeks_between(wanted.first, wanted.last)}
	return dict(sorted(found.items(), key=lambda item: (not item[0], item[0] or "")))


def settled_clocks(wanted: Scope) -> Iterator[tuple[object, Clock]]:
	"""Each clock that the reader may see and that was settled in the period, with the key of its group."""
	fields = [_field_of(wanted), *FIELDS]
	for key, *values in scope.read(DOCTYPE, fields, wanted.filters, _settled_within(wanted)):
		clock = _clock(*values)
		settled = metrics.settled_at(clock)
		if settled and wanted.first <= settled.date() <= wanted.last:
			yield metrics.week_of(settled) if wanted.group == WEEK else key, clock


def _settled_within(wanted: Scope) -> list:
	"""What the database can sift: more than `settled_at` lets through, never less."""
	return [["stopped_at", "between", wanted.days], ["breached_at", "between", wanted.days]]


def _field_of(wanted: Scope) -> str:
	return "label" if wanted.group == MILESTONE else wanted.by or "name"


def _clock(status: str, breached: int, started, stopped, missed, elapsed: int | None, unit: str) -> Clock:
	working = None if unit in WALL_UNITS else elapsed or 0
	return Clock(status, bool(breached), _moment(started), _moment(stopped), _moment(missed), working)


def _moment(value):
	return get_datetime(value) if isinstance(value, str) else value  # a database may keep times as text


# What is shown -------------------------------------------------------------------------------------------


def _columns(group: str) -> list[dict]:
	return [
		scope.group_column(group),
		columns.percent("percent_on_time", _("On Time %")),
		columns.count("stopped", _("Stopped")),
		columns.count("on_time", _("On Time")),
		columns.count("late", _("Late")),
		columns.count("overdue", _("Open, Overdue")),
		*columns.spread_columns("working", _("Median Working Hours"), _("90% Working Hours")),
		*columns.spread_columns("wall", _("Median Days"), _("90% Days")),
	]


def _row(key: object, tally: Tally) -> dict:
	return {
		"group": key,
		"percent_on_time": tally.percent_on_time,
		"stopped": tally.stopped,
		"on_time": tally.on_time,
		"late": tally.late,
		"overdue": tally.overdue,
		**columns.spread_values("working", metrics.spread(tally.working), columns.HOUR),
		**columns.spread_values("wall", metrics.spread(tally.wall), columns.DAY),
	}


def _words() -> str:
	counted = _(
		"A deadline counts on the day it was settled: when it was met, or when its time ran out. On Time % is of all "
		"settled ones, those still open included. Working hours leave out closed hours and pauses; days count all time."
	)
	return f"<p>{counted}</p><p>{columns.about_percentiles()}</p>"


def _chart(group: str, tallies: dict[object, Tally]) -> dict | None:
	drawn = {key: tally for key, tally in tallies.items() if tally.settled}  # a gap would be drawn as nought
	if not drawn:
		return None
	return {
		"data": {
			"labels": [scope.label_of(group, key) for key in drawn],
			"datasets": [
				{"name": _("On Time %"), "values": [tally.percent_on_time for tally in drawn.values()]}
			],
		},
		"type": "bar",  # lines of a single point are an error to Frappe's charts
		"colors": ["#16794c"],
		"axisOptions": {"xAxisMode": "tick"},
	}


def _summary(whole: Tally) -> list[dict]:
	time = metrics.spread(whole.wall)
	figures = (
		(_("On Time"), whole.percent_on_time, "Percent", "Green"),
		(_("Stopped On Time"), whole.on_time, "Int", "Green"),
		(_("Stopped Late"), whole.late, "Int", "Orange"),
		(_("Open, Overdue"), whole.overdue, "Int", "Red"),
		(_("Median"), _days(time.median), "Data", "Blue"),
		(_("90%"), _days(time.p90), "Data", "Blue"),
	)
	return [
		{"label": label, "value": value, "datatype": datatype, "indicator": color}
		for label, value, datatype, color in figures
		if value is not None
	]


def _days(seconds: float | None) -> str | None:
	return None if seconds is None else _("{0} days").format(round(seconds / columns.DAY, 1))
