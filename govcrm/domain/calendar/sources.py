"""Holidays from elsewhere: the PyPI package `holidays`, and iCalendar files (RFC 5545). To be looked at, then kept."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays as package
import icalendar
from dateutil.rrule import rrulestr

from govcrm.domain.calendar.plan import Holiday
from govcrm.domain.calendar.wallclock import DAY

# What one event of a file may cover. A longer one is no holiday, or a mistake.
LONGEST_EVENT_DAYS = 31
MOST_HOLIDAYS = 2000
BY_DAYS = {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
BY_TIMES = {"BYHOUR", "BYMINUTE", "BYSECOND"}


class BadFile(ValueError):
	"""The text is not an iCalendar file, or holds no event."""


class UnknownPlace(ValueError):
	"""The package knows no such country, or no such part of it."""


def places() -> dict[str, list[str]]:
	"""Codes of countries (ISO 3166-1), each with those of its parts (ISO 3166-2, without the country)."""
	return package.list_supported_countries(include_aliases=False)


def of_country(country: str, subdivision: str | None, years: Iterable[int]) -> list[Holiday]:
	"""Public holidays of a country or a part of it, in order, named in English where the package can."""
	try:
		found = package.country_holidays(country, subdiv=subdivision or None, years=years, language="en_US")
	except NotImplementedError as error:
		raise UnknownPlace(str(error)) from error
	return [Holiday(day, title) for day, title in sorted(found.items())]


def of_file(text: str, zone: ZoneInfo, years: range) -> list[Holiday]:
	"""Holidays of an iCalendar file in these years, in order.

	An event of whole days is a holiday for each; one with hours closes those hours, by the clock of `zone`. An event that
	recurs on the same date of every year without end is one recurring holiday; one that recurs otherwise
	(the last Monday of May) is a holiday for each time in `years`. Cancelled events are passed over.

	Raises BadFile.
	"""
	try:
		events = icalendar.Calendar.from_ical(text).walk("VEVENT")
		found = [holiday for event in events for holiday in _of_event(event, zone, years)]
	# The package says all of these, by what is wrong with the file.
	except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
		raise BadFile(str(error)) from error
	if not events:
		raise BadFile("no event")
	return sorted(dict.fromkeys(found), key=lambda row: (row.day, row.title))[:MOST_HOLIDAYS]


def not_yet_among(known: Iterable[Holiday], found: Iterable[Holiday]) -> list[Holiday]:
	"""Those found that say something new: a whole-day holiday of that date covers what happens on it."""
	rows = list(known)
	dated = {row.day for row in rows if row.whole_day and not row.recurring}
	yearly = {(row.day.month, row.day.day) for row in rows if row.whole_day and row.recurring}
	parts = {(row.day, row.recurring, row.closed) for row in rows}
	return [
		row
		for row in found
		if (row.day.month, row.day.day) not in yearly
		and (row.recurring or row.day not in dated)
		and (row.day, row.recurring, row.closed) not in parts
	]


def _of_event(event: icalendar.Event, zone: ZoneInfo, years: range) -> Iterator[Holiday]:
	if str(event.get("STATUS", "")).upper() == "CANCELLED":
		return
	title = str(event.get("SUMMARY", "")).strip()
	begins, length = _time(event, zone)
	if _every_year(event.get("RRULE")):
		yield from _parts(begins, length, title, recurring=True)
		return
	for at in _occurrences(event, begins, years):
		yield from (row for row in _parts(at, length, title) if row.day.year in years)


def _time(event: icalendar.Event, zone: ZoneInfo) -> tuple[date | datetime, timedelta]:
	"""When it begins, by the clock of the zone, and how long it lasts there. RFC 5545, section 3.6.1."""
	begins = event.decoded("DTSTART")
	if not isinstance(begins, datetime):
		ends = event.decoded("DTEND", None) or begins + event.decoded("DURATION", timedelta(days=1))
		return begins, max(ends - begins, timedelta(days=1))
	begins = _local(begins, zone)
	ends = event.decoded("DTEND", None)
	return begins, _local(ends, zone) - begins if ends else event.decoded("DURATION", timedelta())


def _local(at: datetime, zone: ZoneInfo) -> datetime:
	"""A time without a zone is meant by the clock of wherever it is read: section 3.3.5."""
	return at.astimezone(zone).replace(tzinfo=None) if at.tzinfo else at


def _every_year(rule: icalendar.vRecur | None) -> bool:
	"""Whether the rule says no more than that it recurs every year, or says the date of its start."""
	if not rule or rule.get("FREQ") != ["YEARLY"]:
		return False
	return not set(rule) - {"FREQ", "INTERVAL", "WKST", "BYMONTH", "BYMONTHDAY"} and rule.get(
		"INTERVAL", [1]
	) == [1]


def _occurrences(event: icalendar.Event, begins: date, years: range) -> list[date]:
	rule = event.get("RRULE")
	if not rule:
		return [begins]
	if not _ends_in_time(rule):
		raise ValueError("Holidays recur by days")
	first = begins if isinstance(begins, datetime) else datetime.combine(begins, datetime.min.time())
	text = ";".join(part for part in rule.to_ical().decode().split(";") if not part.startswith("UNTIL="))
	found = rrulestr(text, dtstart=first).between(datetime(years[0], 1, 1), _end(rule, years), inc=True)
	left_out = _left_out(event)
	kept = [at for at in found[:MOST_HOLIDAYS] if at.date() not in left_out]
	return kept if isinstance(begins, datetime) else [at.date() for at in kept]


def _ends_in_time(rule: icalendar.vRecur) -> bool:
	"""Every second of a century, or the same day for ever: nobody could wait for all the times of such a rule."""
	return (
		set(rule.get("FREQ", [])) <= BY_DAYS
		and not set(rule) & BY_TIMES
		and min(rule.get("INTERVAL", [1])) > 0
	)


def _end(rule: icalendar.vRecur, years: range) -> datetime:
	"""The end of the years, or of the rule. UNTIL is cut to its day: it may be UTC where the start is a bare date."""
	last = date(years[-1], 12, 31)
	for until in rule.get("UNTIL", []):
		last = min(last, until.date() if isinstance(until, datetime) else until)
	return datetime.combine(last, datetime.max.time())


def _left_out(event: icalendar.Event) -> set[date]:
	rows = event.get("EXDATE", [])
	lists = rows if isinstance(rows, list) else [rows]
	days = (row.dt for one in lists for row in one.dts)
	return {day.date() if isinstance(day, datetime) else day for day in days}


def _parts(
	begins: date | datetime, length: timedelta, title: str, recurring: bool = False
) -> Iterator[Holiday]:
	"""A holiday for each day that the time from `begins` on touches."""
	at = begins if isinstance(begins, datetime) else datetime.combine(begins, datetime.min.time())
	ends = at + min(length, timedelta(days=LONGEST_EVENT_DAYS))
	while at < ends:
		midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
		yield _part(at, min(ends, midnight), title, recurring)
		at = midnight


def _part(begins: datetime, ends: datetime, title: str, recurring: bool) -> Holiday:
	day = begins.date()
	starts, stops = ((at - datetime.combine(day, datetime.min.time())).seconds for at in (begins, ends))
	if ends.date() > day:
		stops = DAY
	if (starts, stops) == (0, DAY):
		return Holiday(day, title, recurring)
	return Holiday(day, title, recurring, starts, stops % DAY)
