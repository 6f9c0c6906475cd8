"""Working time: instants in, instants out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from govcrm.domain.calendar.plan import Holiday, Hours, Plan, SpecialDay
from govcrm.domain.calendar.table import EMPTY, Table, build
from govcrm.domain.calendar.wallclock import DAY, from_seconds, instant, seconds_since_1970

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# No agency promises an answer in more; a calendar that has not opened by then never will.
LONGEST_SEARCH_YEARS = 100
FIRST_YEAR, LAST_YEAR = 1800, 2400


class NoWorkingTime(ValueError):
	"""The calendar has too little working time, in any year that could be meant, to reach the end of a period."""


class Calendar:
	"""When an agency works. Immutable: make a new one when its rows change.

	Instants are aware datetimes; answers are in UTC and whole seconds, a fraction of a second is dropped. What lies
	within working time is the opening instant, and not the closing one.

	The years that are asked for are built when they first are, and kept: at first the year and the next, then twice
	as many as before. Every answer after that is two searches by bisection. Safe between threads: a table is
	replaced, never changed; two threads may build the same one.
	"""

	__slots__ = ("_table", "plan", "zone")

	def __init__(
		self,
		zone: str,
		hours: Iterable[Hours] = (),
		holidays: Iterable[Holiday] = (),
		special_days: Iterable[SpecialDay] = (),
	) -> None:
		"""`zone` is an IANA name. Raises zoneinfo.ZoneInfoNotFoundError (a KeyError) if there is none of that name."""
		self.zone = ZoneInfo(zone)
		self.plan = Plan(tuple(hours), tuple(holidays), tuple(special_days))
		self._table = EMPTY

	def add(self, start: datetime, seconds: int) -> datetime:
		"""The instant when so many working seconds after `start` have passed.

		If that is exactly when work ends, it is the closing, not the opening after it: eight hours from the opening
		of an eight-hour day are due that day. From outside hours time counts from the next opening. No seconds: `start`
		itself. Less than none: back in time, so that an end exactly at an opening is that opening.

		Raises NoWorkingTime if there are not so many within 100 years.
		"""
		at = seconds_since_1970(start)
		if seconds > 0:
			return from_seconds(self._forward(at, seconds))
		return from_seconds(self._backward(at, seconds)) if seconds else from_seconds(at)

	def _forward(self, at: int, seconds: int) -> int:
		table = self._covering(at)
		while (worked := table.worked(at) + seconds) > table.total:
			table = self._later(table, self._year(at))
		return table.reached(worked)

	def _backward(self, at: int, seconds: int) -> int:
		table = self._covering(at)
		while (worked := table.worked(at) + seconds) < table.worked(table.begins):
			table = self._earlier(table, self._year(at))
		return table.left(worked)

	def between(self, start: datetime, end: datetime) -> int:
		"""Working seconds from one instant to another; negative if the other is earlier."""
		first, last = seconds_since_1970(start), seconds_since_1970(end)
		table = self._covering(first, last)
		return table.worked(last) - table.worked(first)

	def is_open(self, at: datetime) -> bool:
		"""Whether the instant lies within working time: yes at the opening, no at the closing."""
		second = seconds_since_1970(at)
		table = self._covering(second)
		row = bisect_right(table.starts, second) - 1
		return row >= 0 and second < table.stops[row]

	def next_opening(self, at: datetime) -> datetime:
		"""`at` itself if it lies within working time, or else the next opening. Raises NoWorkingTime."""
		return self.add(self.add(at, 1), -1)

	# Days --------------------------------------------------------------------------------------------------

	def local_date(self, at: datetime) -> date:
		"""The day on which the instant falls in the zone of the calendar."""
		return at.astimezone(self.zone).date()

	def is_working_day(self, day: date) -> bool:
		"""Whether any working time belongs to the day, be it an hour of a partial holiday."""
		return self.closing(day) is not None

	def closing(self, day: date) -> datetime | None:
		"""When the work of the day ends; None if it is no working day."""
		table, number = self._around(day), day.toordinal()
		row = bisect_left(table.days, number)
		found = row < len(table.days) and table.days[row] == number
		return from_seconds(table.closings[row]) if found else None

	def working_day(self, day: date, number: int) -> date:
		"""The `number`-th working day, counted from `day` on: 1 is `day` itself if it is one, 0 the one before it.

		Raises NoWorkingTime if it is not within 100 years.
		"""
		table, first = self._around(day), day.toordinal()
		while (row := bisect_left(table.days, first) + number - 1) >= len(table.days):
			table = self._later(table, day.year)
		while (row := bisect_left(table.days, first) + number - 1) < 0:
			table = self._earlier(table, day.year)
		return date.fromordinal(table.days[row])

	def working_days(self, after: date, until: date) -> int:
		"""How many working days lie after one day, up to another and with it; negative if that is the earlier."""
		self._around(after)
		table = self._around(until)
		return bisect_right(table.days, until.toordinal()) - bisect_right(table.days, after.toordinal())

	def at(self, day: date, seconds: int) -> datetime:
		"""The instant of a time of a day, in seconds of the clock after midnight."""
		return from_seconds(instant(self.zone, day.toordinal(), seconds))

	def end_of(self, day: date) -> datetime:
		"""The last second of a day, 23:59:59: its end as an instant that still has the date of the day."""
		return self.at(day, DAY) - timedelta(seconds=1)

	# Years -------------------------------------------------------------------------------------------------

	def _around(self, day: date) -> Table:
		table = self._table
		return table if day.year in table.years else self._grown(day.year, day.year + 1)

	def _covering(self, first: int, last: int | None = None) -> Table:
		table = self._table
		last = first if last is None else last
		if table.begins <= first < table.ends and table.begins <= last < table.ends:
			return table
		return self._grown(self._year(min(first, last)), self._year(max(first, last)) + 1)

	def _later(self, table: Table, year: int) -> Table:
		limit = year + LONGEST_SEARCH_YEARS
		if table.years[-1] >= limit:
			raise NoWorkingTime(_too_little(year))
		return self._grown(table.years[0], min(table.years[-1] + len(table.years), limit))

	def _earlier(self, table: Table, year: int) -> Table:
		limit = year - LONGEST_SEARCH_YEARS
		if table.years[0] <= limit:
			raise NoWorkingTime(_too_little(year))
		return self._grown(max(table.years[0] - len(table.years), limit), table.years[-1])

	def _grown(self, first: int, last: int) -> Table:
		known = self._table.years
		if known:
			first, last = min(first, known[0]), max(last, known[-1])
		if first < FIRST_YEAR or last > LAST_YEAR:
			raise ValueError(
				f"Working time is counted from {FIRST_YEAR} to {LAST_YEAR}, not in {first} or {last}"
			)
		self._table = table = build(self.plan, self.zone, range(first, last + 1))
		return table

	def _year(self, at: int) -> int:
		return datetime.fromtimestamp(at, self.zone).year


def _too_little(year: int) -> str:
	return f"There is too little working time within {LONGEST_SEARCH_YEARS} years of {year} to reach the end"


def weekly(
	zone: str, week: Mapping[str, Iterable[tuple[str, str]]], holidays: Iterable[date] = ()
) -> Calendar:
	"""A calendar in short: hours by "mon" to "sun" as pairs of "09:00", "17:00"; whole-day holidays."""
	hours = [
		Hours(WEEKDAYS.index(weekday), time_of_day(starts), time_of_day(ends))
		for weekday, spans in week.items()
		for starts, ends in spans
	]
	return Calendar(zone, hours, [Holiday(day) for day in holidays])


def time_of_day(text: str) -> int:
	"""Seconds after midnight of "9:30", "09:30:00" or "24:00"."""
	parts = [int(part) for part in text.split(":")]
	return sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=False))
