"""Figures of how well answers keep their time: shares, percentiles and ages, each of which can be counted by hand.

A time is never given as a mean. A few forgotten cases move a mean to where no case is; the median says how long it
takes for half of them, the 90th percentile for nine in ten.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

RUNNING, PAUSED, STOPPED, CANCELLED = "Running", "Paused", "Stopped", "Cancelled"

# Below this a 90th percentile is nothing but the slowest single case.
SMALL_SAMPLE = 10

# Ages in days at which the bands of open cases end; the last band has no end.
AGE_EDGES = (7, 14, 30, 60, 90)


# Percentiles ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
	"""How `count` values lie: None where there are none. `small` warns that they are too few to conclude from."""

	count: int = 0
	median: float | None = None
	p90: float | None = None

	@property
	def small(self) -> bool:
		return self.count < SMALL_SAMPLE


def percentile(ordered: Sequence[float], percent: float) -> float | None:
	"""The smallest of the values that at least `percent` of them do not exceed; None if there are none.

	This is the nearest-rank method (definition 1 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The
	American Statistician 50, 1996). It always gives a time that some case took, so that "nine in ten were answered
	within it" is true as said. `ordered` is ascending, `percent` above 0 and at most 100.
	"""
	if not 0 < percent <= 100:
		raise ValueError(f"a percentile lies above 0 and at most at 100: {percent}")
	return ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else None


def spread(values: Iterable[float]) -> Spread:
	ordered = sorted(values)
	return Spread(len(ordered), percentile(ordered, 50), percentile(ordered, 90))


def share(part: int, whole: int) -> float | None:
	"""Percent, to one decimal; None of nothing, for nothing is neither well nor badly done."""
	return round(100 * part / whole, 1) if whole else None


# Clocks --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clock:
	"""One deadline of one case. `working_seconds` are those of its calendar, less pauses; None if it is not counted in them."""

	status: str
	breached: bool
	started: datetime | None = None
	stopped: datetime | None = None
	breached_at: datetime | None = None
	working_seconds: int | None = None


@dataclass
class Tally:
	"""What became of clocks: stopped on time, stopped late, still open though due.

	A clock counts once, at the moment its outcome was settled: when it stopped in time, or when its time ran out. So
	what was never answered counts as soon as it is missed, and what was answered early counts that day.
	"""

	on_time: int = 0
	late: int = 0
	overdue: int = 0
	working: list[int] = field(default_factory=list)
	wall: list[float] = field(default_factory=list)

	@property
	def settled(self) -> int:
		return self.on_time + self.late + self.overdue

	@property
	def stopped(self) -> int:
		return self.on_time + self.late

	@property
	def percent_on_time(self) -> float | None:
		"""Of all that was settled, not of what was stopped: leaving a case open does not better the figure."""
		return share(self.on_time, self.settled)

	def add(self, clock: Clock) -> None:
		if clock.breached:
			self._add_missed(clock)
		elif clock.status == STOPPED:
			self.on_time += 1
			self._add_times(clock)

	def _add_missed(self, clock: Clock) -> None:
		if clock.status in (RUNNING, PAUSED):
			self.overdue += 1
		else:  # cancelling what was missed already does not undo it
			self.late += 1
			self._add_times(clock)

	def _add_times(self, clock: Clock) -> None:
		if clock.status != STOPPED or not (clock.started and clock.stopped):
			return
		self.wall.append((clock.stopped - clock.started).total_seconds())
		if clock.working_seconds is not None:
			self.working.append(clock.working_seconds)


def settled_at(clock: Clock) -> datetime | None:
	"""When it was known whether the clock was kept; None while it is not."""
	if clock.breached:
		return clock.breached_at
	return clock.stopped if clock.status == STOPPED else None


def tally(clocks: Iterable[tuple[object, Clock]]) -> dict[object, Tally]:
	"""Tallies by key, in the order in which the keys first come."""
	tallies: dict[object, Tally] = {}
	for key, clock in clocks:
		if key not in tallies:
			tallies[key] = Tally()
		tallies[key].add(clock)
	return tallies


def total(tallies: Iterable[Tally]) -> Tally:
	"""All of them as one. Percentiles of a whole follow from its values, never from those of its parts."""
	whole = Tally()
	for part in tallies:
		whole.on_time += part.on_time
		whole.late += part.late
		whole.overdue += part.overdue
		whole.working += part.working
		whole.wall += part.wall
	return whole


# Time ----------------------------------------------------------------------------------------------------


def week_of(day: date) -> date:
	"""The Monday of the day's week (ISO 8601)."""
	day = day.date() if isinstance(day, datetime) else day
	return day - timedelta(days=day.weekday())


def weeks_between(first: date, last: date) -> list[date]:
	"""The Mondays of all weeks from that of `first` to that of `last`, so that a week without figures shows as a gap."""
	monday, end = week_of(first), week_of(last)
	return [monday + timedelta(weeks=number) for number in range((end - monday).days // 7 + 1)]


def age_bands(edges: Sequence[int] = AGE_EDGES) -> list[tuple[int, int | None]]:
	"""(first day, last day) of each band of ages; the last one is open."""
	firsts = [0, *(edge + 1 for edge in edges)]
	return list(zip(firsts, [*edges, None], strict=True))


def band_of(age_in_days: int, edges: Sequence[int] = AGE_EDGES) -> int:
	"""The place in `age_bands` of an age in whole days. What lies in the future has no age yet: 0."""
	return bisect_left(edges, max(age_in_days, 0))
