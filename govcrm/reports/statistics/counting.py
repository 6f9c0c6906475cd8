"""What happened to cases in a month, by department and program: a handful of queries, however many cases there are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe.utils import get_datetime
from pypika.functions import Count, Min

from govcrm.domain import metrics
from govcrm.domain.disclosure import Cell, parts_of
from govcrm.domain.statistics import Figures
from govcrm.domain.workflow import CLOSED
from govcrm.reports.statistics import months

DAY = 86400
NEVER_COUNTED = "Sealed"

Pair = tuple[str, str]  # department, program


@dataclass
class Month:
	"""`figures` and `seconds` (that closed cases took) by department, kind and program, and names of programs."""

	figures: dict[Cell, Figures] = field(default_factory=dict)
	seconds: dict[Cell, list[float]] = field(default_factory=dict)
	names: dict[str, str] = field(default_factory=dict)

	def median_days(self) -> dict[Cell, int]:
		"""By cell and sum, in whole days: the exact time would be that of one case."""
		taken: dict[Cell, list[float]] = {}
		for cell, seconds in self.seconds.items():
			for each in parts_of(cell):
				taken.setdefault(each, []).extend(seconds)
		return {cell: round(metrics.spread(seconds).median / DAY) for cell, seconds in taken.items()}


def count(month: date) -> Month:
	"""Reads every case, whoever asks: what may be shown of it is not for this to say."""
	programs = _programs()
	received, late = dict(_received(month)), dict(_late(month))
	taken: dict[Pair, list[float]] = {}
	for pair, seconds in _closed(month):
		taken.setdefault(pair, []).append(seconds)
	found = Month(names={name: row.program_name for name, row in programs.items()})
	for pair in {*received, *taken, *_offered(programs)}:
		department, program = pair
		cell = (department, programs[program].kind, program)
		times, missed = taken.get(pair, []), late.get(pair, 0)
		if times:
			found.seconds[cell] = times
		found.figures[cell] = Figures(received.get(pair, 0), len(times) - missed, missed)
	return found


def first_day() -> date | None:
	"""When the first case was opened."""
	case = frappe.qb.DocType("Case")
	first = _counted(case).select(Min(case.opened_datetime)).run()[0][0]
	return get_datetime(first).date() if first else None


def _programs() -> dict[str, Any]:
	fields = ["name", "program_name", "kind", "department", "active", "is_public"]
	rows = frappe.get_all("Agency Program", fields=fields, order_by="name")
	return {row.name: row for row in rows}


def _offered(programs: dict[str, Any]) -> Iterator[Pair]:
	"""Where cases could have been, so that nought is a figure."""
	for name, row in programs.items():
		if row.active and row.is_public and row.department:
			yield row.department, name


def _counted(case: Any) -> Any:
	"""All but parts, which would count a matter twice, and what nobody may know of."""
	whole = case.parent_case.isnull() | (case.parent_case == "")
	return frappe.qb.from_(case).where(whole & (case.confidentiality != NEVER_COUNTED))


def _within(field: Any, month: date) -> Any:
	return (field >= f"{month} 00:00:00") & (field < f"{months.after(month)} 00:00:00")


def _received(month: date) -> Iterator[tuple[Pair, int]]:
	case = frappe.qb.DocType("Case")
	query = _counted(case).where(_within(case.opened_datetime, month))
	rows = (
		query.groupby(case.department, case.program).select(case.department, case.program, Count("*")).run()
	)
	yield from (((department, program), found) for department, program, found in rows)


def _closed_in(case: Any, month: date) -> Any:
	closed = (case.state_category == CLOSED) & _within(case.closed_datetime, month)
	return _counted(case).where(closed)


def _closed(month: date) -> Iterator[tuple[Pair, float]]:
	case = frappe.qb.DocType("Case")
	query = _closed_in(case, month)
	columns = (case.department, case.program, case.opened_datetime, case.closed_datetime)
	for department, program, opened, closed in query.select(*columns).run():
		taken = (get_datetime(closed) - get_datetime(opened)).total_seconds()
		yield (department, program), max(taken, 0)


def _late(month: date) -> Iterator[tuple[Pair, int]]:
	"""Closed ones of which a deadline was missed. Each counts once, however many it missed."""
	case, clock = frappe.qb.DocType("Case"), frappe.qb.DocType("Case Deadline")
	query = _closed_in(case, month).join(clock).on((clock.case == case.name) & (clock.breached == 1))
	columns = (case.department, case.program, Count(case.name).distinct())
	rows = query.groupby(case.department, case.program).select(*columns).run()
	yield from (((department, program), found) for department, program, found in rows)
