"""Why the dates of a case are what they are, in words and in numbers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, format_datetime

from govcrm.casework.clocks import records
from govcrm.casework.clocks.records import CLOCK, Clock
from govcrm.domain.deadlines import PAUSED, Reading
from govcrm.domain.deadlines_acts import due_if_going_on
from govcrm.domain.deadlines_explain import Named, Span, Step, explain

HOUR, MINUTE = 3600, 60


def why(case: Document) -> list[dict[str, Any]]:
	"""For each clock of a case {name, milestone, label, status, due, steps, numbers}, the nearest due first.

	`steps` are {code, text}; `numbers` are what was counted, for those who count again. The caller has checked that
	the user may read the case. What is told is derived now, from events, rule and calendar, not copied from the record.
	"""
	now = records.present()
	kept = dict(frappe.get_all(CLOCK, {"case": case.name}, ["name", "due"], order_by="name", as_list=True))
	clocks = records.clocks_of(case.name, lock=False)
	told = [tell(clock, now, kept[clock.name]) for clock in clocks]
	return sorted(told, key=lambda one: one["due"])


def tell(clock: Clock, now: datetime, kept: datetime) -> dict[str, Any]:
	reading = clock.read(now)
	steps = explain(clock.rule, clock.events, clock.calendar, reading, clock.calendar_name or "")
	return {
		"name": clock.name,
		"milestone": clock.rule.code,
		"label": _(clock.rule.label),
		"status": reading.state,
		"due": records.site(reading.due),
		"steps": [
			*({"code": step.code, "text": in_words(step)} for step in steps),
			*going_on(clock, reading, now),
			*changed_since(kept, reading),
		],
		"numbers": numbers(clock, reading),
	}


def going_on(clock: Clock, reading: Reading, now: datetime) -> list[dict[str, str]]:
	"""The date that a clock which stands still would have if it went on at this moment."""
	if reading.state != PAUSED:
		return []
	due = due_if_going_on(clock.rule, clock.events, clock.calendar, now)
	message = _("If it went on now, it would be due on {0}.")
	return [{"code": "going_on", "text": message.format(format_datetime(records.site(due)))}]


def changed_since(kept: datetime, reading: Reading) -> list[dict[str, str]]:
	"""Dates that were missed or met stay when the calendar is changed afterwards; then the two differ, and that is said."""
	if str(kept) == records.site(reading.due):
		return []
	message = _("The date stood at {0} then: the calendar has been changed since.")
	return [{"code": "changed_since", "text": message.format(format_datetime(kept))}]


def numbers(clock: Clock, reading: Reading) -> dict[str, Any]:
	"""Times in UTC, durations in seconds of the time that counts; `paused_seconds` by the clock on the wall."""
	return {
		"amount": clock.rule.amount,
		"unit": clock.rule.unit,
		"started_at": reading.started_at.isoformat(),
		"due": reading.due.isoformat(),
		"allowed_seconds": reading.allowed,
		"elapsed_seconds": reading.elapsed,
		"remaining_seconds": reading.remaining,
		"paused_seconds": reading.paused_seconds,
		"extensions": reading.extensions,
		"events": [(event.kind, event.at.isoformat(), event.reason) for event in clock.events],
	}


# Words ----------------------------------------------------------------------------------------------------


def in_words(step: Step) -> str:
	return _(step.message).format(*map(word, step.values))


def word(value: Any) -> str:
	for kind, write in WORDS.items():
		if isinstance(value, kind):
			return write(value)
	return _(value) if value and isinstance(value, str) else str(value or "")


def span(value: Span) -> str:
	"""Such as "10 working days" or "1 hour 30 minutes of working time"."""
	if value.unit == "Seconds":
		return duration(round(value.amount))
	amount = frappe.utils.cint(value.amount) if value.amount == int(value.amount) else value.amount
	return UNITS[value.unit](amount == 1).format(amount)


def duration(seconds: int) -> str:
	hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
	if hours and minutes:
		return _("{0} hours {1} minutes of working time").format(hours, minutes)
	if hours:
		return _("{0} hours of working time").format(hours)
	return _("{0} minutes of working time").format(minutes)


UNITS: dict[str, Callable[[bool], str]] = {
	"Working Minutes": lambda one: _("{0} working minute") if one else _("{0} working minutes"),
	"Working Hours": lambda one: _("{0} working hour") if one else _("{0} working hours"),
	"Working Days": lambda one: _("{0} working day") if one else _("{0} working days"),
	"Calendar Days": lambda one: _("{0} calendar day") if one else _("{0} calendar days"),
	"Calendar Months": lambda one: _("{0} month") if one else _("{0} months"),
}


# A datetime is a date: it must be looked for first.
WORDS: dict[type, Callable[[Any], str]] = {
	datetime: lambda at: format_datetime(records.site(at)),
	date: lambda day: format_date(day),
	Span: span,
	Named: lambda named: ", ".join(f"{title} ({format_date(day)})" for day, title in named.days),
}
