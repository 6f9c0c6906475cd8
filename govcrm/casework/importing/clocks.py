"""The clocks of imported cases, many at once.

Most history has ended, and nothing happened to its clocks between start and end: such clocks of one program version
differ in their times alone. The first of each kind is asked of `clocks.opening`, which makes all others as well: of open
cases, and of rules that begin with something else. A test compares them with what the controllers make.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import frappe

from govcrm.casework.clocks import opening
from govcrm.casework.clocks.opening import Rows
from govcrm.casework.clocks.records import Clock, clock_row, event_rows
from govcrm.domain.calendar import UTC, Calendar
from govcrm.domain.deadlines import BREACH, START, STOP, Rule, due_date
from govcrm.service_catalogue import calendars

# What the clocks of two cases share must be the same in both.
KEY = ("program_version", "department", "priority")
# By the kind of an event: which of the three times it has.
TIME_OF = {START: "start", BREACH: "due", STOP: "stop"}
PLAIN = ([START, STOP], [START, BREACH, STOP])


class Kept(NamedTuple):
	"""A rule that clocks of many cases follow, with what it is computed with, and the rows of such clocks if known."""

	rule: Rule
	calendar: Calendar
	samples: dict[bool, Rows]


class Times(NamedTuple):
	"""Of a clock that has ended."""

	start: datetime
	due: datetime
	stop: datetime

	@property
	def missed(self) -> bool:
		return self.stop > self.due


class HistoryClocks:
	"""Makes the rows of clocks for one run of an import."""

	def __init__(self) -> None:
		self.zone = calendars.zone()
		self._kept: dict[tuple, list[Kept]] = {}

	def rows(self, case: dict[str, Any]) -> Rows:
		"""As `opening.rows`: of Case Deadline and of Case Deadline Event."""
		key = tuple(case[field] for field in KEY)
		if not case["closed_datetime"] or key not in self._kept:
			return self._learn(key, case)
		kept = self._kept[key]
		times = [self._times(case, one) for one in kept]
		if any(time.missed not in one.samples for one, time in zip(kept, times, strict=True)):
			return self._learn(key, case)
		return self._filled(case, kept, times)

	def _learn(self, key: tuple, case: dict[str, Any]) -> Rows:
		clocks = opening.begin(case)
		found = [([clock_row(clock)], event_rows(clock)) for clock in clocks]
		if case["closed_datetime"] and all(is_plain(clock) for clock in clocks):
			kept = self._kept.setdefault(key, [Kept(clock.rule, clock.calendar, {}) for clock in clocks])
			for one, clock, sample in zip(kept, clocks, found, strict=True):
				one.samples[any(event.kind == BREACH for event in clock.events)] = sample
		return joined(found)

	def _times(self, case: dict[str, Any], kept: Kept) -> Times:
		start, stop = self._instant(case["opened_datetime"]), self._instant(case["closed_datetime"])
		return Times(start, due_date(kept.rule, kept.calendar, start), max(start, stop))

	def _instant(self, written: str) -> datetime:
		return datetime.fromisoformat(written).replace(microsecond=0, tzinfo=self.zone).astimezone(UTC)

	def _filled(self, case: dict[str, Any], kept: list[Kept], times: list[Times]) -> Rows:
		return joined(
			self._fill(case, one, time, one.samples[time.missed])
			for one, time in zip(kept, times, strict=True)
		)

	def _fill(self, case: dict[str, Any], kept: Kept, times: Times, sample: Rows) -> Rows:
		site, utc = self._site(times), self._utc(times)
		clock = sample[0][0] | {
			"name": frappe.generate_hash(length=10),
			"case": case["name"],
			"service_area": case["service_area"],
			"due": site["due"],
			"due_utc": utc["due"],
			"started_at": site["start"],
			"stopped_at": site["stop"],
			"breached_at": site["due"] if times.missed else None,
			"elapsed_seconds": elapsed(kept, times),
		}
		return [clock], [event_of(row, clock, site, utc) for row in sample[1]]

	def _site(self, times: Times) -> dict[str, str]:
		local = (at.astimezone(self.zone).replace(tzinfo=None, fold=0) for at in times)
		return dict(zip(Times._fields, map(str, local), strict=True))

	def _utc(self, times: Times) -> dict[str, str]:
		return dict(zip(Times._fields, (str(at.replace(tzinfo=None)) for at in times), strict=True))


def event_of(
	sample: dict[str, Any], clock: dict[str, Any], site: dict[str, str], utc: dict[str, str]
) -> dict[str, Any]:
	time = TIME_OF[sample["kind"]]
	return sample | {
		"name": frappe.generate_hash(length=10),
		"case_deadline": clock["name"],
		"case": clock["case"],
		"at": site[time],
		"at_utc": utc[time],
		"try_at": utc[time],
	}


def elapsed(kept: Kept, times: Times) -> int:
	if kept.rule.is_wall_time:
		return round((times.stop - times.start).total_seconds())
	return kept.calendar.between(times.start, times.stop)


def is_plain(clock: Clock) -> bool:
	"""Did it run from the opening of the case to its end?"""
	return [event.kind for event in clock.events] in PLAIN


def joined(found: Iterable[Rows]) -> Rows:
	pairs = list(found)
	return [row for clocks, _ in pairs for row in clocks], [row for _, events in pairs for row in events]
