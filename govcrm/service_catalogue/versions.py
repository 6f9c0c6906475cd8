"""Which version of a program is in force on a day."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import formatdate, getdate

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
	for name, first, last in timetable(program):
		if first <= on and (not last or on <= last):
			return name
	return None


def timetable(program: str) -> list[tuple[str, date, date | None]]:
	"""(version, first day, last day or None) of all published and superseded versions, newest first; cached."""
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


def set_current_version(program: str) -> None:
	"""Let the program point to its version in force today, or to none."""
	current = find_version(program, getdate())
	if frappe.db.get_value("Agency Program", program, "current_version") != current:
		frappe.db.set_value("Agency Program", program, "current_version", current)


def day_before(day: date | str) -> date:
	return getdate(day) - timedelta(days=1)


def _read_timetable(program: str) -> list[tuple[str, date, date | None]]:
	rows = frappe.get_all(
		"Program Version",
		filters={"program": program, "docstatus": 1, "status": ["in", ["Published", "Superseded"]]},
		fields=["name", "effective_from", "effective_to"],
		order_by="effective_from desc",
	)
	return [(row.name, row.effective_from, row.effective_to) for row in rows]
