"""How far off a deadline is, as people say it: in days while there are any, else in hours or minutes."""

from datetime import datetime
from typing import NamedTuple

from govcrm.domain.calendar import Calendar

WORKING_DAYS, DAYS, WORKING_HOURS, HOURS, WORKING_MINUTES, MINUTES = (
	"working days",
	"days",
	"working hours",
	"hours",
	"working minutes",
	"minutes",
)


class Distance(NamedTuple):
	"""Whole units, rounded down: nobody is promised time that is not there."""

	amount: int
	unit: str


def distance(calendar: Calendar, earlier: datetime, later: datetime, *, working: bool) -> Distance:
	"""From one instant to a later one, in working time of the calendar or in time by the clock on the wall.

	Days are those of the calendar's zone. The day of the earlier instant does not count, that of the later one does: on
	Monday a deadline on Thursday is three days off.
	"""
	first, last = calendar.local_date(earlier), calendar.local_date(later)
	days = calendar.working_days(first, last) if working else (last - first).days
	if days > 0:
		return Distance(days, WORKING_DAYS if working else DAYS)
	seconds = calendar.between(earlier, later) if working else (later - earlier).total_seconds()
	return _of_seconds(max(int(seconds), 0), working)


def _of_seconds(seconds: int, working: bool) -> Distance:
	if seconds >= 3600:
		return Distance(seconds // 3600, WORKING_HOURS if working else HOURS)
	return Distance(seconds // 60, WORKING_MINUTES if working else MINUTES)
