"""The days of a year as people look at them, and what is wrong with the rows of a calendar."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from govcrm.domain.calendar.plan import Hours, Plan, Span, span
from govcrm.domain.calendar.wallclock import DAY

WORKING, CLOSED, HOLIDAY, PARTIAL, SPECIAL = "working", "closed", "holiday", "partial", "special"

WEEK = 7 * DAY


@dataclass(frozen=True)
class DayNote:
	"""A day: its kind, when it is open (seconds after midnight), and the names of what makes it special."""

	day: date
	kind: str
	openings: tuple[Span, ...]
	titles: tuple[str, ...]


def days_of_year(plan: Plan, year: int) -> Iterator[DayNote]:
	"""Every day of the year, in order."""
	first, last = date(year, 1, 1), date(year, 12, 31)
	for number in range((last - first).days + 1):
		yield note(plan, first + timedelta(days=number))


def note(plan: Plan, day: date) -> DayNote:
	"""What kind of day it is. A holiday on a day that is closed anyway is a holiday still."""
	openings, holidays, special = plan.openings(day), plan.holidays_on(day), plan.special(day)
	titles = (*(row.title for row in special), *(row.title for row in holidays))
	return DayNote(day, _kind(openings, bool(holidays), bool(special)), openings, tuple(filter(None, titles)))


def _kind(openings: tuple[Span, ...], holiday: bool, special: bool) -> str:
	if special:
		return SPECIAL
	if holiday:
		return PARTIAL if openings else HOLIDAY
	return WORKING if openings else CLOSED


def overlapping_hours(rows: Mapping[object, Hours]) -> Iterator[tuple[object, object]]:
	"""Pairs of keys whose hours, valid at the same time, share a moment of the week, also across midnight.

	Hours that touch do not overlap.
	"""
	by_date: dict = {}
	for key, row in rows.items():
		by_date.setdefault(row.valid_from, []).append((_of_week(row), key))
	for spans in by_date.values():
		yield from overlapping(spans, around=WEEK)


def _of_week(row: Hours) -> Span:
	starts, ends = span(row.starts, row.ends)
	return (row.weekday * DAY + starts, row.weekday * DAY + ends)


def overlapping(spans: Iterable[tuple[Span, object]], around: int = 0) -> Iterator[tuple[object, object]]:
	"""Pairs of keys of spans that overlap, each with one before it; `around`: after which all begins again."""
	ordered = sorted(spans, key=lambda pair: pair[0])
	if around and ordered:
		(starts, ends), key = ordered[0]
		ordered.append(((starts + around, ends + around), key))
	for ((_, ends), one), ((starts, _), other) in pairwise(ordered):
		if starts < ends and one != other:
			yield one, other


def known_until(holidays: Iterable[tuple[date, bool]]) -> date | None:
	"""The last day of the last year that has a holiday of its own, from (day, recurring); None if none has."""
	years = [day.year for day, recurring in holidays if not recurring]
	return date(max(years), 12, 31) if years else None


def lacks_holidays(holidays: Iterable[tuple[date, bool]], year: int) -> bool:
	"""Whether nobody has entered the holidays of a year.

	A calendar whose holidays all recur knows those of every year; one with holidays that have a date of their own
	needs some for each year.
	"""
	rows = list(holidays)
	until = known_until(rows)
	return until.year < year if until else not rows
