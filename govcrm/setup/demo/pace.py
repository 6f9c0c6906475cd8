"""When people call, and how soon something is done about it. Imports no frappe."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

DAYS = 365
# Callers by the hour: few at night, most before noon.
HOURS = (1, 1, 1, 1, 1, 2, 5, 14, 34, 44, 46, 40, 30, 34, 36, 34, 30, 20, 12, 10, 8, 6, 4, 2)
WEEKDAYS = (12, 11, 10, 10, 9, 4, 3)
DAY_BEGINS, DAY_ENDS = time(8, 0), time(17, 0)
URGENT = 0.45  # of the time that the same takes otherwise
AROUND_THE_CLOCK = "Around the Clock"  # the calendar of work that never rests


def moments(count: int, until: datetime, rng: Random) -> list[datetime]:
	"""Moments in the year before `until`, weighted by weekday and hour, in the order of time."""
	days = [until - timedelta(days=number) for number in range(1, DAYS + 1)]
	weights = [WEEKDAYS[day.weekday()] for day in days]
	chosen = rng.choices(days, weights, k=count)
	return sorted(_at(day, rng.choices(range(24), HOURS)[0], rng) for day in chosen)


def _at(day: datetime, hour: int, rng: Random) -> datetime:
	return day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)


class Pace:
	"""How soon the next thing happens in a program: `pace` 2 is half as soon; some work never rests."""

	def __init__(self, program: dict[str, Any], is_urgent: bool, rng: Random) -> None:
		self.pace = program["pace"] * (URGENT if is_urgent else 1)
		self.rests = program["calendar"] != AROUND_THE_CLOCK
		self.rng = rng

	def later(self, moment: datetime, hours: list[float]) -> datetime:
		"""A moment `hours` (least, most) after the given one, in office hours if the program keeps any."""
		moment += timedelta(hours=self.rng.uniform(*hours) * self.pace)
		return (self._working(moment) if self.rests else moment).replace(microsecond=0)

	def _working(self, moment: datetime) -> datetime:
		if moment.time() >= DAY_ENDS:
			moment += timedelta(days=1)
		if not DAY_BEGINS <= moment.time() < DAY_ENDS:
			moment = _at(moment, self.rng.randint(8, 16), self.rng)
		while moment.weekday() > 4:
			moment += timedelta(days=1)
		return moment
