"""All working time of some years as sorted columns of numbers, to be searched by bisection."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from govcrm.domain.calendar.plan import Plan, joined
from govcrm.domain.calendar.wallclock import instant

# Hours of the day before reach into the first day of a year.
EVE = 1


@dataclass(frozen=True)
class Table:
	"""Answers for instants from `begins` to before `ends`.

	`starts`, `stops`: stretches of working time as instants. `before`: working seconds of the table before each,
	and behind the last of them all. `days`, `closings`: ordinals of the working days, and when the work of each ends.
	"""

	years: range
	begins: int
	ends: int
	starts: tuple[int, ...]
	stops: tuple[int, ...]
	before: tuple[int, ...]
	days: tuple[int, ...]
	closings: tuple[int, ...]

	@property
	def total(self) -> int:
		return self.before[-1]

	def worked(self, at: int) -> int:
		"""Working seconds of the table before the instant."""
		row = bisect_right(self.starts, at) - 1
		return self.before[row] + min(at, self.stops[row]) - self.starts[row] if row >= 0 else 0

	def reached(self, worked: int) -> int:
		"""The first instant with so many working seconds behind it: the closing, not the opening after it."""
		row = bisect_left(self.before, worked) - 1
		return self.starts[row] + worked - self.before[row]

	def left(self, worked: int) -> int:
		"""The last instant with so many working seconds behind it: the opening, not the closing before it."""
		row = bisect_right(self.before, worked) - 1
		return self.starts[row] + worked - self.before[row]


EMPTY = Table(range(0), 0, 0, (), (), (0,), (), ())


def build(plan: Plan, zone: ZoneInfo, years: range) -> Table:
	"""The working time of these years. Takes some milliseconds a year."""
	first, last = date(years[0], 1, 1).toordinal(), date(years[-1], 12, 31).toordinal()
	by_day = {day: _stretches(plan, zone, day) for day in range(first - EVE, last + 1)}
	stretches = joined(one for day in by_day.values() for one in day)
	working = [(day, rows[-1][1]) for day, rows in by_day.items() if rows]
	return Table(
		years,
		instant(zone, first, 0),
		instant(zone, last + 1, 0),
		tuple(starts for starts, _ in stretches),
		tuple(stops for _, stops in stretches),
		(0, *accumulate(stops - starts for starts, stops in stretches)),
		tuple(day for day, _ in working),
		tuple(closes for _, closes in working),
	)


def _stretches(plan: Plan, zone: ZoneInfo, day: int) -> tuple[tuple[int, int], ...]:
	"""The openings of a day as instants; those that a change of the clock leaves no time are none."""
	opened = plan.openings(date.fromordinal(day))
	return joined((instant(zone, day, starts), instant(zone, day, ends)) for starts, ends in opened)
