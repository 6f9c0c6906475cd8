"""Due dates a second on one core, and what a longer span costs; beside businesstimedelta and business-duration.

Needs no Frappe. In any Python 3.10 or later, from the checkout:

	python -m pip install "businesstimedelta==1.0.1" "business-duration==0.68" "holidays>=0.60,<0.86"
	PYTHONPATH=. python benchmarks/due_dates.py

Monday to Friday, 9 to 17 with an hour of lunch, public holidays of the United States, New York. Starts are spread over 2026
at any second. All three are asked the same questions, on a calendar without lunch and in UTC where one of them
knows neither lunch nor zones (business-duration), and their answers are compared: businesstimedelta's due dates with
ours, and both packages' elapsed times with ours. business-duration has no due dates.
Without the two packages only our own figures are printed.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as clock
from importlib.util import find_spec

import holidays

from govcrm.domain.calendar import UNITS, UTC, Calendar, due, weekly
from govcrm.domain.calendar.days import SECONDS

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ZONE = "America/New_York"
FREE = sorted(holidays.country_holidays("US", years=range(2024, 2062)))
HOURS_A_DAY = 7
SPANS = {"1 day": 1, "1 week": 7, "1 month": 30, "1 year": 365, "5 years": 1826, "30 years": 10957}
GOAL = 200_000


def with_lunch() -> Calendar:
	return weekly(ZONE, {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in WORKDAYS}, FREE)


def without_lunch() -> Calendar:
	return weekly("UTC", {day: [("09:00", "17:00")] for day in WORKDAYS}, FREE)


def starts(number: int, rng: random.Random) -> list[datetime]:
	first = datetime(2026, 1, 1, tzinfo=UTC)
	return [first + timedelta(seconds=rng.randrange(365 * 86400)) for _ in range(number)]


def working_seconds(days: int, hours: int = HOURS_A_DAY) -> int:
	"""About what is worked in so many days of the calendar."""
	return max(days * 5 // 7, 1) * hours * 3600


def rate(work: Callable[[], object], number: int, repeat: int) -> int:
	"""Answers a second, the best of some rounds."""
	best = min(_seconds(work) for _ in range(repeat))
	return round(number / best)


def _seconds(work: Callable[[], object]) -> float:
	begun = time.perf_counter()
	work()
	return time.perf_counter() - begun


# Ours -------------------------------------------------------------------------------------------------------


def by_span(number: int, repeat: int, rng: random.Random) -> Iterator[dict]:
	"""Due dates and elapsed times a second for each span, and what the first answer costs."""
	asked = starts(number, rng)
	for span, days in SPANS.items():
		amounts = [rng.randrange(working_seconds(days) // 2, working_seconds(days) + 1) for _ in asked]
		pairs = list(zip(asked, amounts, strict=True))
		calendar = with_lunch()
		first = _seconds(lambda calendar=calendar, days=days: calendar.add(asked[0], working_seconds(days)))
		ends = [calendar.add(at, amount) for at, amount in pairs]
		ranges = list(zip(asked, ends, strict=True))
		assert all(
			calendar.between(at, end) == amount for (at, end), amount in zip(ranges, amounts, strict=True)
		)
		yield {
			"span": span,
			"due dates/s": rate(lambda c=calendar, p=pairs: [c.add(*one) for one in p], number, repeat),
			"elapsed/s": rate(lambda c=calendar, p=ranges: [c.between(*one) for one in p], number, repeat),
			"first answer ms": round(first * 1000, 1),
		}


def by_unit(number: int, repeat: int, rng: random.Random) -> Iterator[dict]:
	"""Periods by the rules of counting, of up to a year."""
	asked, calendar = starts(number, rng), with_lunch()
	most = dict.fromkeys(UNITS, 250) | {
		unit: 250 * HOURS_A_DAY * 3600 // size for unit, size in SECONDS.items()
	}
	most["Calendar Months"] = 12
	for unit in UNITS:
		asks = [(at, rng.randint(1, most[unit])) for at in asked]
		yield {
			"unit": unit,
			"due dates/s": rate(
				lambda asks=asks, unit=unit: [due(calendar, at, amount, unit) for at, amount in asks],
				number,
				repeat,
			),
		}


# Theirs -----------------------------------------------------------------------------------------------------


def businesstimedelta_of():
	"""(due date, elapsed seconds) of businesstimedelta for the calendar without lunch."""
	from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

	hours = WorkDayRule(start_time=clock(9), end_time=clock(17), working_days=[0, 1, 2, 3, 4])
	rules = Rules([hours, HolidayRule(holidays.country_holidays("US", years=range(2024, 2062)))])

	def elapsed(start: datetime, end: datetime) -> int:
		return int(rules.difference(start, end).timedelta.total_seconds())

	return lambda start, seconds: start + BusinessTimeDelta(rules, seconds=seconds), elapsed


def business_duration_of():
	"""Elapsed seconds of business-duration for the calendar without lunch."""
	from business_duration import businessDuration

	free = dict.fromkeys(FREE, "")

	def elapsed(start: datetime, end: datetime) -> int:
		first, last = start.replace(tzinfo=None), end.replace(tzinfo=None)
		return round(businessDuration(first, last, clock(9), clock(17), [5, 6], free, "sec"))

	return elapsed


def beside(seconds: float, rng: random.Random) -> Iterator[dict]:
	"""The same questions to all, for so many seconds each; theirs are too slow for as many as ours."""
	calendar = without_lunch()
	add, elapsed = businesstimedelta_of()
	duration = business_duration_of()
	for span, days in SPANS.items():
		# Within working hours, where all three mean the same.
		asked = [at for at in starts(4000, rng) if calendar.is_open(at)]
		amounts = [rng.randrange(1, working_seconds(days, 8) + 1) for _ in asked]
		ranges = [(at, calendar.add(at, amount)) for at, amount in zip(asked, amounts, strict=True)]
		duration(*ranges[0])  # imports pandas
		adds = timed(add, list(zip(asked, amounts, strict=True)), seconds)
		differences, durations = timed(elapsed, ranges, seconds), timed(duration, ranges, seconds)
		compare("businesstimedelta, due dates", adds.pop("answers"), [end for _, end in ranges])
		compare("businesstimedelta, elapsed", differences.pop("answers"), amounts)
		compare("business-duration, elapsed", durations.pop("answers"), amounts)
		yield {
			"span": span,
			"businesstimedelta due dates/s": adds["rate"],
			"businesstimedelta elapsed/s": differences["rate"],
			"business-duration elapsed/s": durations["rate"],
		}


def timed(ask: Callable, questions: list[tuple], seconds: float) -> dict:
	answers, begun = [], time.perf_counter()
	for question in questions:
		answers.append(ask(*question))
		if time.perf_counter() - begun > seconds:
			break
	return {"answers": answers, "rate": round(len(answers) / (time.perf_counter() - begun), 1)}


def compare(what: str, theirs: list, ours: list) -> None:
	"""Stop at the first answer that differs."""
	for number, (one, other) in enumerate(zip(theirs, ours, strict=False)):
		assert one == other, f"{what}: answer {number} is {one}, ours is {other}"


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	parser.add_argument("--number", type=int, default=200_000, help="questions to ours per figure")
	parser.add_argument("--repeat", type=int, default=3, help="rounds, of which the best counts")
	parser.add_argument("--seconds", type=float, default=2.0, help="time for the packages per figure")
	parser.add_argument("--seed", type=int, default=1)
	options = parser.parse_args()
	rng = random.Random(options.seed)
	spans = list(by_span(options.number, options.repeat, rng))
	report = {"ours by span": spans, "ours by unit": list(by_unit(options.number, options.repeat, rng))}
	if find_spec("businesstimedelta") and find_spec("business_duration"):
		report["packages"] = list(beside(options.seconds, rng))
	for title, rows in report.items():
		print(title)
		print(*(json.dumps(row) for row in rows), sep="\n")
	slowest = min(row["due dates/s"] for row in spans if SPANS[row["span"]] <= SPANS["1 year"])
	verdict = "met" if slowest >= GOAL else "MISSED"
	print(
		f"goal of {GOAL:,} due dates a second for spans up to a year: {verdict}, the slowest is {slowest:,}"
	)


if __name__ == "__main__":
	main()
