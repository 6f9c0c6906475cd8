"""Rows of clocks as the database holds them, for tests that read them and are not about how they come to be."""

from datetime import timedelta

import frappe
from frappe.utils import get_datetime, getdate

from govcrm.casework.clocks import summary

TODAY = getdate()
RULE = {"code": "resolution", "label": "Resolution", "amount": 8, "unit": "Working Hours"}
NOON = get_datetime(f"{TODAY} 12:00:00")


def make_clock(case, **values):
	"""A clock as the database holds it; by default it stopped in time a day ago, after two days and ten hours' work."""
	values = {
		"case": case.name,
		"label": "Resolution",
		"milestone": "resolution",
		"nature": "Target",
		"status": "Stopped",
		"breached": 0,
		"program": case.program,
		"program_version": case.program_version,
		"department": case.department,
		"started_at": NOON - timedelta(days=3),
		"stopped_at": NOON - timedelta(days=1),
		"due": NOON,
		"elapsed_seconds": 36000,
		"unit": "Working Hours",
		"rule": frappe.as_json(RULE),
		**values,
	}
	clock = frappe.get_doc({"doctype": "Case Deadline", **values})
	clock.set_new_name()
	clock.db_insert()
	return clock


def make_missed(case, **values):
	values = {"breached_at": NOON - timedelta(days=2), "due": NOON - timedelta(days=2), **values}
	return make_clock(case, breached=1, **values)


def left_open(case, **values):
	return make_missed(case, status="Running", stopped_at=None, **values)


EVENT_TIMES = ("at", "at_utc", "due_before", "due_after")
CLOCK_TIMES = ("due", "due_utc", "next_at", "started_at", "paused_at", "stopped_at")


def shift_back(case: str, hours: int) -> None:
	"""Let all that happened to the clocks of a case have happened so many hours earlier, on a calendar without a pause."""
	for doctype, fields in (("Case Deadline", CLOCK_TIMES), ("Case Deadline Event", EVENT_TIMES)):
		for row in frappe.get_all(doctype, filters={"case": case}, fields=["name", *fields], order_by="name"):
			earlier = {field: row[field] - timedelta(hours=hours) for field in fields if row[field]}
			frappe.db.set_value(doctype, row.name, earlier, update_modified=False)
	summary.refresh_case(case)
