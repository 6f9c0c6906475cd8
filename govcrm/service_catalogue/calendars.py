"""Business calendars as the domain knows them, and the two clocks of a site: its own naive time and instants."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone, getdate, to_timedelta

from govcrm.domain.calendar import UTC, Calendar, Holiday, Hours, SpecialDay
from govcrm.domain.calendar.wallclock import DAY
from govcrm.domain.calendar.year import DayNote, days_of_year, lacks_holidays

DOCTYPE = "Business Calendar"
STAMPS = "govcrm_calendar_stamps"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

PROGRAM, DEPARTMENT = "Program", "Department"

# Per process: building takes milliseconds, an intake some. What is built is replaced when its stamp differs.
_built: dict[tuple[str, str], tuple[str, bool, Calendar]] = {}


def load(name: str) -> Calendar:
	"""The calendar of this name. Raises frappe.DoesNotExistError.

	Kept in the process for as long as the record is not changed: when that was last is asked of Redis once a request
	or job, and of the database once after a change. One without a zone of its own follows the site's.
	"""
	stamp = frappe.cache.hget(STAMPS, name, generator=lambda: _stamp(name))
	stamped, of_site, calendar = _built.get((frappe.local.site, name), _NONE)
	if stamped == stamp and (not of_site or calendar.zone.key == get_system_timezone()):
		return calendar
	doc = frappe.get_doc(DOCTYPE, name)
	calendar = build(doc)
	_built[(frappe.local.site, name)] = (str(doc.modified), not doc.timezone, calendar)
	if str(doc.modified) > stamp:
		frappe.cache.hset(STAMPS, name, str(doc.modified))
	return calendar


# A transaction that began before a change goes on seeing what was before it. So what is built is kept under the stamp
# of what was read, not under the one that was asked for; and a stamp that such a transaction left behind gives way.
_NONE = (None, False, None)


def _stamp(name: str) -> str:
	return str(frappe.db.get_value(DOCTYPE, name, "modified"))


def forget(name: str) -> None:
	"""Let every process ask anew when the calendar was changed.

	Now, so that the transaction sees its own change; and when it ends, since meanwhile others may have kept what was
	there before the commit, and we ourselves what a rollback takes back.
	"""

	def drop() -> None:
		frappe.cache.hdel(STAMPS, name)

	drop()
	frappe.db.after_commit.add(drop)
	frappe.db.after_rollback.add(drop)


def build(doc: Document) -> Calendar:
	"""The calendar that the rows of a document say, saved or not. Raises KeyError or ValueError for a bad zone."""
	return Calendar(
		zone_of(doc),
		[hours_of(row) for row in doc.hours],
		[holiday_of(row) for row in doc.holidays],
		[special_day_of(row) for row in doc.special_days],
	)


def zone_of(doc: Document) -> str:
	"""The time zone of a calendar: the site's unless it has one of its own."""
	return doc.timezone or get_system_timezone()


def hours_of(row: Document) -> Hours:
	first = getdate(row.effective_from) if row.effective_from else None
	return Hours(WEEKDAYS.index(row.weekday), seconds(row.starts), seconds(row.ends), first)


def holiday_of(row: Document) -> Holiday:
	closed = (seconds(row.closed_from), seconds(row.closed_to)) if row.part_day else (None, None)
	return Holiday(getdate(row.date), row.title, bool(row.recurring), *closed)


def special_day_of(row: Document) -> SpecialDay:
	return SpecialDay(getdate(row.date), seconds(row.starts), seconds(row.ends), row.title or "")


def seconds(value: str | time | timedelta | None) -> int | None:
	"""Seconds after midnight of a Time field as a form, the database or a test gives it; None if it is empty."""
	return None if value in (None, "") else int(to_timedelta(value).total_seconds())


def row_of(holiday: Holiday) -> dict:
	"""Field values of a row of holidays."""
	starts, ends = (None, None) if holiday.whole_day else (holiday.closed_from or 0, holiday.closed_to)
	return {
		"date": holiday.day,
		"title": holiday.title or _("Holiday"),
		"recurring": int(holiday.recurring),
		"part_day": int(not holiday.whole_day),
		"closed_from": clock(starts),
		"closed_to": clock(ends),
	}


def clock(value: int | None) -> str | None:
	"""Seconds after midnight as a clock shows them: 26:00 is "02:00:00"."""
	return None if value is None else str(timedelta(seconds=value % DAY)).rjust(8, "0")


def days_of_holidays(doc: Document) -> list[tuple[date, bool]]:
	"""(day, recurring) of each holiday."""
	return [(getdate(row.date), bool(row.recurring)) for row in doc.holidays]


def is_timezone(name: str) -> bool:
	"""Whether there is a time zone of this IANA name."""
	try:
		ZoneInfo(name)
	# ZoneInfoNotFoundError is a KeyError; a name such as "../x" is a ValueError, one of a folder an OSError.
	except (KeyError, ValueError, OSError):
		return False
	return True


def year(name: str, number: int) -> dict:
	"""What a year of the calendar looks like; see `year_of`."""
	return year_of(frappe.get_doc(DOCTYPE, name), number)


def year_of(doc: Document, number: int) -> dict:
	"""The same of a document, saved or not: {"year", "days", "working_days", "working_hours", "lacks_holidays"}.

	A day: {"date", "kind", "hours": [("09:00", "17:00")], "titles"}; kinds are those of `govcrm.domain.calendar.year`.
	"""
	calendar = build(doc)
	begins, ends = calendar.at(date(number, 1, 1), 0), calendar.at(date(number + 1, 1, 1), 0)
	days = [_day(note) for note in days_of_year(calendar.plan, number)]
	return {
		"year": number,
		"days": days,
		"working_days": sum(bool(day["hours"]) for day in days),
		"working_hours": round(calendar.between(begins, ends) / 3600, 1),
		"lacks_holidays": lacks_holidays(days_of_holidays(doc), number),
	}


def _day(note: DayNote) -> dict:
	return {
		"date": note.day.isoformat(),
		"kind": note.kind,
		"hours": [tuple(clock(at)[:5] for at in opening) for opening in note.openings],
		"titles": note.titles,
	}


def choose(version: Document | None, department: str | None, source: str = PROGRAM) -> str | None:
	"""Name of the calendar that counts: of the program's version or of the department first, as `source` says.

	Then that of the other, then the agency's; None if nobody has named one.
	"""
	programs = version.get("calendar") if version else None
	departments = department and frappe.get_cached_value("Agency Department", department, "calendar")
	first, second = (departments, programs) if source == DEPARTMENT else (programs, departments)
	return first or second or default()


def default() -> str | None:
	"""Name of the calendar of the agency."""
	return frappe.get_cached_doc("GovCRM Settings").default_calendar or None


# Site time ------------------------------------------------------------------------------------------------


def zone() -> ZoneInfo:
	"""The time zone of the site, in which Frappe writes its naive times."""
	return ZoneInfo(get_system_timezone())


def instant(site_time: datetime) -> datetime:
	"""The instant, in UTC, of a naive time of the site. One that the clock shows twice is the first of the two."""
	return site_time.replace(tzinfo=zone()).astimezone(UTC)


def site_time(at: datetime) -> datetime:
	"""What the clock of the site shows at an instant: naive, as on records."""
	return at.astimezone(zone()).replace(tzinfo=None, fold=0)


def utc_naive(at: datetime) -> datetime:
	"""An instant as the columns hold it that machines compare: UTC, naive."""
	return at.astimezone(UTC).replace(tzinfo=None)


def from_utc(stored: datetime) -> datetime:
	"""The instant that such a column holds."""
	return stored.replace(tzinfo=UTC)
