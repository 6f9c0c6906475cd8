"""What the form of a case shows of its deadlines: each with its date, the time left in words, and why it stands still.

Computed anew for each look, from the rows that the clocks keep; nothing here is stored. No personal data.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.casework.clocks.records import calendar_of, rule_of
from govcrm.domain.deadlines import CANCELLED, OPEN_STATES, PAUSED, RUNNING, STATUTORY, STOPPED
from govcrm.domain.deadlines_rules import WALL_UNITS, Rule
from govcrm.domain.remaining import (
	DAYS,
	HOURS,
	MINUTES,
	WORKING_DAYS,
	WORKING_HOURS,
	WORKING_MINUTES,
	Distance,
	distance,
)
from govcrm.service_catalogue import calendars

FIELDS = [
	"name",
	"label",
	"milestone",
	"nature",
	"status",
	"breached",
	"due",
	"paused_at",
	"stopped_at",
	"breached_at",
	"warned_percent",
	"extensions",
	"calendar",
	"unit",
	"rule",
]
OPEN_FIRST = (RUNNING, PAUSED, STOPPED, CANCELLED)

# How a clock stands: what the form colours, marks with an icon and says.
ON_TRACK, AT_RISK, OVERDUE, STANDS_STILL = "On Track", "At Risk", "Overdue", "Paused"
MET, MET_LATE, VOID = "Met", "Met Late", "Cancelled"


def panel(case: Document) -> list[dict]:
	"""The clocks of the case, open ones first and then by date: see `describe`."""
	rows = frappe.get_list(
		"Case Deadline", filters={"case": case.name}, fields=FIELDS, order_by="due asc, name asc"
	)
	rows.sort(key=lambda row: OPEN_FIRST.index(row.status))
	reasons = pause_reasons([row.name for row in rows if row.status == PAUSED])
	return [describe(row, reasons.get(row.name)) for row in rows]


def describe(row: dict, pause_reason: str | None = None) -> dict:
	"""One clock: {name, label, milestone, standing, words, statutory, citation, left, due, paused_at, pause_reason,
	stopped_at, extension}.

	Times are those of the site; the Desk shows them in the zone and format of the user.
	"""
	standing = standing_of(row)
	rule = rule_of(row.rule)
	return {
		"name": row.name,
		"label": _(row.label),
		"milestone": row.milestone,
		"standing": standing,
		"words": _(standing),
		"statutory": row.nature == STATUTORY,
		"citation": rule.citation,
		"left": time_left(row) if row.status == RUNNING else None,
		"due": row.due,
		"paused_at": row.paused_at if row.status == PAUSED else None,
		"pause_reason": pause_reason,
		"stopped_at": row.stopped_at,
		"extension": extension(row, rule) if standing != OVERDUE else None,
	}


def extension(row: dict, rule: Rule) -> dict | None:
	"""How the clock may be given more time: {unit, most, notice}; None if it may not (any more)."""
	if row.status not in OPEN_STATES or row.extensions >= rule.max_extensions:
		return None
	return {"unit": _(rule.unit), "most": rule.extension_amount, "notice": rule.extension_notice}


def standing_of(row: dict) -> str:
	"""Where a clock stands. Paused, a missed one is overdue all the same."""
	if row.status == CANCELLED:
		return VOID
	if row.status == STOPPED:
		return MET_LATE if row.breached else MET
	if row.breached or (row.status == RUNNING and row.due and row.due < now_datetime()):
		return OVERDUE
	if row.status == PAUSED:
		return STANDS_STILL
	return AT_RISK if row.warned_percent else ON_TRACK


def pause_reasons(clocks: list[str]) -> dict[str, str]:
	"""Why each of these clocks stands still: the reason of its latest pause."""
	if not clocks:
		return {}
	rows = frappe.get_all(
		"Case Deadline Event",
		filters={"case_deadline": ("in", clocks), "kind": "Pause"},
		fields=["case_deadline", "reason"],
		order_by="at_utc asc, creation asc",
	)
	return {row.case_deadline: row.reason for row in rows}


# Words ---------------------------------------------------------------------------------------------------


def time_left(row: dict, now: datetime | None = None) -> str | None:
	"""How long until a clock is due, or since it was missed, in words."""
	if not row.due:
		return None
	now, due = calendars.instant(now or now_datetime()), calendars.instant(row.due)
	calendar = calendar_of(row.calendar)
	if due < now:
		return since(distance(calendar, due, now, working=False))
	return left(distance(calendar, now, due, working=row.unit not in WALL_UNITS))


def left(found: Distance) -> str:
	one, many = {
		WORKING_DAYS: (_("1 working day left"), _("{0} working days left")),
		DAYS: (_("1 day left"), _("{0} days left")),
		WORKING_HOURS: (_("1 working hour left"), _("{0} working hours left")),
		HOURS: (_("1 hour left"), _("{0} hours left")),
		WORKING_MINUTES: (_("1 working minute left"), _("{0} working minutes left")),
		MINUTES: (_("1 minute left"), _("{0} minutes left")),
	}[found.unit]
	if not found.amount:
		return _("no working time left") if found.unit == WORKING_MINUTES else _("less than a minute left")
	return one if found.amount == 1 else many.format(found.amount)


def since(found: Distance) -> str:
	one, many = {
		DAYS: (_("missed yesterday"), _("missed {0} days ago")),
		HOURS: (_("missed an hour ago"), _("missed {0} hours ago")),
		MINUTES: (_("missed a minute ago"), _("missed {0} minutes ago")),
	}[found.unit]
	if not found.amount:
		return _("missed just now")
	return one if found.amount == 1 else many.format(found.amount)
