"""The timetable of a program: which of its versions is in force on which day."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

from govcrm.compat import lock_row
from govcrm.domain.periods import Period, overlap

CACHE_KEY = "govcrm_program_timetables"


class NoVersionInForce(frappe.ValidationError):
	"""The program had no published version on the day asked for."""


def version_in_force(program: str, on: date | str) -> str:
	"""Name of the published Program Version that requests of `program` filed on the day `on` follow.

	`on` may be a date, a datetime or ISO text. Raises `NoVersionInForce`, with what to do.
	"""
	day = getdate(on)
	name = find_version(program, day)
	if not name:
		frappe.throw(
			_(
				"Program {0} has no published version in force on {1}. Publish a version that is effective"
				" from that day or earlier, or choose another program."
			).format(frappe.bold(program), formatdate(day)),
			NoVersionInForce,
		)
	return name


def find_version(program: str, on: date) -> str | None:
	"""Same as `version_in_force`, but None where there is none."""
	return next((name for name, first, last in timetable(program) if overlap((first, last), (on, on))), None)


def timetable(program: str) -> list[tuple[str, date, date | None]]:
	"""(version, first day, last day or None) of all published versions, newest first; cached."""
	return frappe.cache.hget(CACHE_KEY, program, generator=lambda: _read_timetable(program))


def forget_timetable(program: str) -> None:
	"""Drop what is cached about a program, now and again when the transaction ends.

	Now, so that the transaction sees its own change. At its end, since meanwhile others may have cached what
	was there before the commit, and we ourselves what a rollback takes back.
	"""

	def forget() -> None:
		frappe.cache.hdel(CACHE_KEY, program)

	forget()
	frappe.db.after_commit.add(forget)
	frappe.db.after_rollback.add(forget)


def published(program: str, for_update: bool = False) -> list[frappe._dict]:
	"""All versions of a program that are or were in force, newest first, read from the database."""
	return frappe.db.get_values(
		"Program Version",
		{"program": program, "docstatus": 1},
		["name", "status", "effective_from", "effective_to"],
		order_by="effective_from desc",
		as_dict=True,
		for_update=for_update,
	)


def period(version) -> Period:
	"""First and last day of a version, from a document or a row."""
	first, last = version.effective_from, version.effective_to
	return (getdate(first) if first else None, getdate(last) if last else None)


def next_number(program: str) -> int:
	numbers = frappe.get_all(
		"Program Version", {"program": program}, pluck="version_no", order_by="version_no desc", limit=1
	)
	return (numbers[0] if numbers else 0) + 1


def latest_version(program: str) -> str | None:
	"""The version of the highest number, in whatever status."""
	return frappe.db.get_value("Program Version", {"program": program}, "name", order_by="version_no desc")


def lock(program: str) -> None:
	"""Hold the timetable of a program until the transaction ends: one act of publishing after the other."""
	lock_row("Agency Program", program)


def predecessor(version) -> frappe._dict | None:
	"""The published version that is in force on the first day of `version`, and began before it."""
	first = getdate(version.effective_from)
	for row in published(version.program, for_update=True):
		if row.name != version.name and row.effective_from < first and overlap(period(row), (first, None)):
			return row
	return None


def supersede(version) -> None:
	"""Let the version before end on the day before `version` begins."""
	before = predecessor(version)
	if before:
		_end(before.name, day_before(version.effective_from))


def restore_predecessor(version) -> None:
	"""Let the version that ended the day before the withdrawn `version` began run on as long as that would have."""
	eve = day_before(version.effective_from)
	for row in published(version.program, for_update=True):
		if row.effective_to == eve:
			_end(row.name, version.effective_to and getdate(version.effective_to))


def refresh(program: str) -> None:
	"""Bring what follows from the timetable up to date: the cache and the program's current version."""
	forget_timetable(program)
	current = find_version(program, getdate())
	if frappe.db.get_value("Agency Program", program, "current_version") != current:
		# Derived, so it does not count as an edit: a form open elsewhere can still be saved.
		frappe.db.set_value("Agency Program", program, "current_version", current, update_modified=False)


def roll(today: date) -> None:
	"""Mark the versions whose last day has passed, and let every program point to its version of today."""
	passed = {"docstatus": 1, "status": "Published", "effective_to": ["<", today]}
	for name in frappe.get_all("Program Version", passed, pluck="name", order_by="name"):
		_save_end(frappe.get_doc("Program Version", name))
	for program in frappe.get_all("Agency Program", pluck="name", order_by="name"):
		refresh(program)


def day_before(day: date | str) -> date:
	return getdate(day) - timedelta(days=1)


def _end(name: str, last_day: date | None) -> None:
	version = frappe.get_doc("Program Version", name)
	version.effective_to = last_day
	_save_end(version)


def _save_end(version) -> None:
	last_day = period(version)[1]
	version.status = "Superseded" if last_day and last_day < getdate() else "Published"
	version.flags.by_schedule = True
	version.save()


def _read_timetable(program: str) -> list[tuple[str, date, date | None]]:
	return [(row.name, row.effective_from, row.effective_to) for row in published(program)]
