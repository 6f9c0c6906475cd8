"""What an agency says about its hours: by weekday, with holidays and special working days.

Times are seconds after midnight. Hours belong to the day on which they begin: those from 22:00 to 02:00 of a Friday
are Friday's to their end. A holiday closes what belongs to its day, and nothing of the day before or after.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

from govcrm.domain.calendar.wallclock import DAY

Span = tuple[int, int]

# The last second that can belong to a day: hours begin within it and last a day at most.
FURTHEST = 2 * DAY


def span(starts: int, ends: int) -> Span:
	"""From one time of day to another; an end not after the start is one of the next day, 00:00 that of this one."""
	return (starts, ends if ends > starts else ends + DAY)


@dataclass(frozen=True)
class Hours:
	"""Open on a weekday (0 is Monday). `valid_from`: from that day these replace all hours of earlier dates."""

	weekday: int
	starts: int
	ends: int
	valid_from: date | None = None


@dataclass(frozen=True)
class Holiday:
	"""Closed on a day, or during part of it.

	`recurring`: on this day and month of every year, before and after. One of 29 February is kept in leap years
	only; an agency that keeps it on another day in other years says so by a holiday for that day.
	With `closed_from` alone the rest of the day is closed, with `closed_to` alone its beginning.
	"""

	day: date
	title: str = ""
	recurring: bool = False
	closed_from: int | None = None
	closed_to: int | None = None

	@property
	def closed(self) -> Span:
		if self.closed_to is None:
			return (self.closed_from or 0, FURTHEST)
		return span(self.closed_from or 0, self.closed_to)

	@property
	def whole_day(self) -> bool:
		return self.closed_from is None and self.closed_to is None


@dataclass(frozen=True)
class SpecialDay:
	"""Open on a day: all special hours of a day replace its usual ones, even if it is a holiday."""

	day: date
	starts: int
	ends: int
	title: str = ""


@dataclass(frozen=True)
class Plan:
	"""All of it. `openings` answers for any day; rows are sorted out once, in the constructor."""

	hours: tuple[Hours, ...] = ()
	holidays: tuple[Holiday, ...] = ()
	special_days: tuple[SpecialDay, ...] = ()

	def __post_init__(self) -> None:
		keep = object.__setattr__
		keep(self, "_weeks", _weeks(self.hours))
		keep(self, "_dated", _grouped((row.day, row) for row in self.holidays if not row.recurring))
		keep(
			self,
			"_recurring",
			_grouped(((row.day.month, row.day.day), row) for row in self.holidays if row.recurring),
		)
		keep(self, "_special", _grouped((row.day, row) for row in self.special_days))

	def openings(self, day: date) -> tuple[Span, ...]:
		"""When it is open on the hours that belong to the day, in order and without overlaps."""
		if special := self.special(day):
			return joined(span(row.starts, row.ends) for row in special)
		opened = self.usual(day)
		for holiday in self.holidays_on(day) if opened else ():
			opened = tuple(chain.from_iterable(without(one, holiday.closed) for one in opened))
		return opened

	def usual(self, day: date) -> tuple[Span, ...]:
		"""The hours of the weekday, if it were neither holiday nor special day."""
		for valid_from, week in self._weeks:
			if valid_from <= day:
				return week[day.weekday()]
		return ()

	def holidays_on(self, day: date) -> tuple[Holiday, ...]:
		return self._dated.get(day, ()) + self._recurring.get((day.month, day.day), ())

	def special(self, day: date) -> tuple[SpecialDay, ...]:
		return self._special.get(day, ())


def _weeks(hours: Iterable[Hours]) -> tuple[tuple[date, tuple[tuple[Span, ...], ...]], ...]:
	"""(first day, hours by weekday), the latest first."""
	generations = _grouped((row.valid_from or date.min, row) for row in hours)
	return tuple((first, _week(generations[first])) for first in sorted(generations, reverse=True))


def _week(hours: Iterable[Hours]) -> tuple[tuple[Span, ...], ...]:
	by_weekday = _grouped((row.weekday, span(row.starts, row.ends)) for row in hours)
	return tuple(joined(by_weekday.get(weekday, ())) for weekday in range(7))


def _grouped(pairs: Iterable[tuple]) -> dict:
	groups: dict = {}
	for key, value in pairs:
		groups[key] = (*groups.get(key, ()), value)
	return groups


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
	"""The same time in order, spans that touch or overlap made one."""
	result: list[Span] = []
	for starts, ends in sorted(spans):
		if result and starts <= result[-1][1]:
			result[-1] = (result[-1][0], max(ends, result[-1][1]))
		elif starts < ends:
			result.append((starts, ends))
	return tuple(result)


def without(one: Span, closed: Span) -> Iterator[Span]:
	"""What is left of a span: nothing, one part or two."""
	if one[0] < min(one[1], closed[0]):
		yield (one[0], min(one[1], closed[0]))
	if max(one[0], closed[1]) < one[1]:
		yield (max(one[0], closed[1]), one[1])
