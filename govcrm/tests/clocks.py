"""Clocks for tests, on a calendar that is always open, so that a percentage of the time is one of the hours that passed."""

import json
from datetime import datetime, timedelta

import frappe

from govcrm.domain import deadlines
from govcrm.domain.calendar import UTC
from govcrm.service_catalogue import calendars

ALWAYS = "Always Open"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = 100  # of the period: an hour is a percent


def make_calendar(name: str = ALWAYS):
	if frappe.db.exists("Business Calendar", name):
		return frappe.get_doc("Business Calendar", name)
	hours = [{"weekday": day, "starts": "00:00:00", "ends": "00:00:00"} for day in DAYS]
	doc = frappe.get_doc(
		{"doctype": "Business Calendar", "calendar_name": name, "timezone": "UTC", "hours": hours}
	)
	return doc.insert(ignore_permissions=True)  # tests set the stage as nobody in particular


def rule_values(*steps: tuple, **values) -> dict:
	"""What a clock carries: a milestone of a hundred working hours; `steps` are (percent, step) or (percent, step, user)."""
	rows = [dict(zip(("at_percent", "step", "user"), step, strict=False)) for step in steps]
	given = {"code": "decision", "label": "Decision", "amount": HOURS, "unit": "Working Hours"}
	return {**given, "warn_at": "", "on_breach": "None", "steps": rows, **values}


def clock_values(case: str, used: float, rule: dict, now: datetime | None = None) -> dict:
	"""The fields of a running clock of which `used` percent of the time have passed."""
	now = now or datetime.now(UTC)
	start = now - timedelta(hours=used)
	calendar, parsed = calendars.load(ALWAYS), deadlines.Rule.from_dict(rule)
	reading = deadlines.derive(parsed, [deadlines.Event("Start", start)], calendar, now)
	check = deadlines.next_check(parsed, reading, 0, (), calendar)
	return {
		"case": case,
		"label": rule["label"],
		"milestone": rule["code"],
		"status": "Running",
		"calendar": ALWAYS,
		"started_at": calendars.site_time(start),
		"due": calendars.site_time(reading.due),
		"due_utc": calendars.utc_naive(reading.due),
		"next_at": check and calendars.utc_naive(check.at),
		"next_kind": check and check.kind,
		"next_percent": check and check.percent,
		"rule": json.dumps(rule),
	}


def make_clock(case: str, used: float, *steps: tuple, **values):
	"""A clock as it was before a sweep came by, with the event of its start."""
	make_calendar()
	fields = clock_values(case, used, rule_values(*steps, **values))
	clock = frappe.get_doc({"doctype": "Case Deadline", **fields})
	clock.insert(ignore_permissions=True)  # nobody may make one by hand
	start = {"doctype": "Case Deadline Event", "case_deadline": clock.name, "case": case, "kind": "Start"}
	event = frappe.get_doc({**start, "at": clock.started_at, "at_utc": start_of(clock)})
	event.insert(ignore_permissions=True)  # nobody may make one by hand
	return clock


def start_of(clock) -> datetime:
	return clock.due_utc - timedelta(hours=HOURS)
