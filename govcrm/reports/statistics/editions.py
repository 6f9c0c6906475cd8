"""Editions of months: what was published stays in the table, and a later edition takes its place in one transaction."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, now

from govcrm.accountability import trail
from govcrm.casework.importing.writer import insert_many
from govcrm.domain.disclosure import TOTAL, Cell
from govcrm.domain.statistics import CLOSED, MEASURES, THRESHOLD, Published, publish
from govcrm.reports.statistics import DOCTYPE, WITHHELD, counting

Tables = list[dict[Cell, Published]]

LEVELS = {
	(False, False, False): "Agency",
	(True, False, False): "Department",
	(False, True, False): "Kind",
	(False, True, True): "Program",
	(True, True, False): "Department and Kind",
	(True, True, True): "Department and Program",
}
DIMENSIONS = ("department", "kind", "program")
FIELDS = (
	*("name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"),
	*("period", "edition", "latest", "level", *DIMENSIONS, "program_name"),
	*(*MEASURES, "median_days", "threshold", "published_at"),
)


def issue(month: date, reason: str | None = None) -> int:
	"""Publish a month, again if it was; gives the number of rows, 0 where nothing would be other than it is.

	Commits nothing.
	"""
	counted, threshold, earlier = counting.count(month), smallest_shown(), published(month)
	table = publish(counted.figures, threshold, earlier)
	if earlier and earlier[-1] == table:
		return 0
	edition = len(earlier) + 1
	_replace(month)
	rows = list(_rows(month, edition, threshold, table, counted))
	insert_many(DOCTYPE, FIELDS, rows)
	detail = {"month": str(month), "edition": edition, "smallest_count_shown": threshold, "rows": len(rows)}
	trail.record("publish", DOCTYPE, f"{month:%Y-%m}-{edition}", reason=reason, detail=detail)
	return len(rows)


def smallest_shown() -> int:
	found = frappe.db.get_single_value("GovCRM Settings", "smallest_count_shown", cache=False)
	return cint(found) or THRESHOLD


def published(month: date) -> Tables:
	"""Its editions, the first first."""
	tables: dict[int, dict[Cell, Published]] = {}
	fields = ["edition", *DIMENSIONS, *MEASURES]
	for row in frappe.get_all(DOCTYPE, {"period": month}, fields, order_by="edition, name"):
		cell = tuple(row[name] or TOTAL for name in DIMENSIONS)
		tables.setdefault(row.edition, {})[cell] = {name: number(row[name]) for name in MEASURES}
	return list(tables.values())


def number(text: str) -> int | None:
	"""None for what is withheld."""
	return None if text == WITHHELD else int(text)


def months_published() -> set[date]:
	return set(frappe.get_all(DOCTYPE, {"latest": 1, "level": "Agency"}, pluck="period", order_by="period"))


def refuse_unpublished(month: date) -> None:
	if month not in months_published():
		frappe.throw(_("Nothing was published of this month. Choose one that was, by any of its days."))


def _replace(month: date) -> None:
	"""Those before are kept: what may be shown hangs on what once was."""
	table = frappe.qb.DocType(DOCTYPE)
	frappe.qb.update(table).set(table.latest, 0).where((table.period == month) & (table.latest == 1)).run()


def _rows(
	month: date, edition: int, threshold: int, table: dict[Cell, Published], counted: counting.Month
) -> Iterator[tuple[Any, ...]]:
	user, time, days = frappe.session.user, now(), counted.median_days()
	for at, (cell, numbers) in enumerate(table.items(), 1):
		yield (
			*(f"{month:%Y-%m}-{edition}-{at:04}", user, time, time, user, 0, 0),
			*(str(month), edition, 1, level_of(cell), *cell, counted.names.get(cell[2], cell[2])),
			*(WITHHELD if numbers[name] is None else str(numbers[name]) for name in MEASURES),
			*(_median(numbers, days.get(cell)), threshold, time),
		)


def level_of(cell: Cell) -> str:
	return LEVELS[tuple(part != TOTAL for part in cell)]


def _median(numbers: Published, days: int | None) -> str:
	"""A time of cases whose number is not told is not told either; none took any where none was closed."""
	if numbers[CLOSED] is None:
		return WITHHELD
	return str(days) if numbers[CLOSED] else ""
