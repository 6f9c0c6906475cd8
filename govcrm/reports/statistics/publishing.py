"""The job that publishes months: those that have ended and were not published yet, one transaction each."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from govcrm.reports.statistics import DOCTYPE, counting, editions, months

METHOD = "govcrm.reports.statistics.publishing"
ROLE = "Agency Administrator"


def begin() -> None:
	"""For administrators: publish what is due, in the background, with progress."""
	_only_administrators()
	_enqueue("run")


def begin_again(month: str, reason: str) -> None:
	"""For administrators: a new edition of a month, after cases were brought in late or put right."""
	_only_administrators()
	if not reason.strip():
		frappe.throw(_("Say why the month is published again. The reason is kept in the audit log."))
	first = months.month_of(month)
	editions.refuse_unpublished(first)
	_enqueue("run_again", month=str(first), reason=reason.strip())


def run() -> int:
	"""Publish every month that is due; commits each. Gives how many; may be run any number of times."""
	todo = due(getdate())
	for done, month in enumerate(todo):
		_tell(100 * done / len(todo), month)
		editions.issue(month)
		frappe.db.commit()  # a job; a month that stands is not counted again
	_tell(100)
	return len(todo)


def run_again(month: str, reason: str) -> int:
	"""Gives the number of rows, 0 where the numbers are those of the last edition."""
	_tell(0, getdate(month))
	rows = editions.issue(getdate(month), reason)
	_tell(100)
	return rows


def due(today: date) -> list[date]:
	first = counting.first_day()
	there = editions.months_published()
	return [month for month in months.ended(first, today) if month not in there] if first else []


def _only_administrators() -> None:
	if ROLE not in frappe.get_roles():
		frappe.throw(_("Only an Agency Administrator publishes statistics."), frappe.PermissionError)


def _enqueue(function: str, **more: str) -> None:
	frappe.enqueue(
		f"{METHOD}.{function}",
		queue="long",
		job_id=f"govcrm_statistics::{function}::{more.get('month', '')}",
		deduplicate=True,
		enqueue_after_commit=True,
		**more,
	)


def _tell(percent: float, month: date | None = None) -> None:
	said = frappe.format(month, "Date") if month else None
	frappe.publish_progress(percent, title=_("Publishing Statistics"), description=said, doctype=DOCTYPE)
