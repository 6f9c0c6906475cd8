"""Periods of days: from a first to a last day, both included; either may be open (None)."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from itertools import combinations

Period = tuple[date | None, date | None]


def holds_nothing(period: Period) -> bool:
	"""Whether the last day lies before the first, so that no day is in the period."""
	first, last = period
	return bool(first and last and last < first)


def overlap(one: Period, other: Period) -> bool:
	"""Whether at least one day lies in both."""
	first = max(one[0] or date.min, other[0] or date.min)
	last = min(one[1] or date.max, other[1] or date.max)
	return first <= last


def clashes(periods: Iterable[tuple[Hashable, Period]]) -> Iterator[Hashable]:
	"""Keys under which two or more overlapping periods are listed, each named once."""
	pairs = combinations(list(periods), 2)
	yield from dict.fromkeys(
		key for (key, one), (same, other) in pairs if key == same and overlap(one, other)
	)
