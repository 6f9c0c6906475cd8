"""What holds for every calendar, found by looking for the opposite."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from govcrm.domain.calendar import (
	UNITS,
	UTC,
	Calendar,
	DayRules,
	Holiday,
	Hours,
	NoWorkingTime,
	SpecialDay,
	due,
)

ZONES = (
	"UTC",
	"America/New_York",
	"Europe/Berlin",
	"Australia/Lord_Howe",
	"Asia/Kathmandu",
	"America/St_Johns",
)
# Around the changes of the clock of 2026 in these zones, and a turn of the year.
CHANGES = ("2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01", "2027-01-01")
MINUTE = 60

minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: minute * MINUTE)
quarters = st.integers(0, 95).map(lambda quarter: quarter * 15 * MINUTE)
near_a_change = st.builds(
	lambda text, days: date.fromisoformat(text) + timedelta(days=days),
	st.sampled_from(CHANGES),
	st.integers(-3, 3),
)
hours = st.builds(
	Hours, st.integers(0, 6), quarters, quarters, st.none() | st.just(date(2026, 3, 8)) | near_a_change
)
part_of_day = st.none() | quarters
holidays = st.builds(Holiday, near_a_change, st.just(""), st.booleans(), part_of_day, part_of_day)
special_days = st.builds(SpecialDay, near_a_change, quarters, quarters)
calendars = st.builds(
	Calendar,
	st.sampled_from(ZONES),
	st.lists(hours, min_size=1, max_size=12),
	st.lists(holidays, max_size=6),
	st.lists(special_days, max_size=4),
)
instants = st.builds(
	lambda day, second: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second),
	near_a_change,
	st.integers(-86400, 2 * 86400),
)
spans = st.integers(0, 60 * 3600)
rules = st.builds(
	DayRules,
	st.sampled_from(["Next Day", "Same Day"]),
	st.sampled_from(["Next Working Day", "Preceding Working Day", "Keep"]),
	st.sampled_from(["Close Of Business", "End Of Day", "Same Time"]),
	st.sampled_from(["Day Of Receipt", "Next Working Day", "Next Working Day, Same Time"]),
)


def add(calendar: Calendar, start: datetime, seconds: int) -> datetime:
	try:
		return calendar.add(start, seconds)
	except NoWorkingTime:
		assume(False)
		raise


@given(calendars, instants, st.integers(-60 * 3600, 60 * 3600))
def test_between_a_start_and_its_end_lies_the_time_that_was_added(calendar, start, seconds):
	assert calendar.between(start, add(calendar, start, seconds)) == seconds


@given(calendars, instants, spans, spans)
def test_time_added_in_two_parts_ends_as_time_added_at_once(calendar, start, one, other):
	assert add(calendar, add(calendar, start, one), other) == add(calendar, start, one + other)


@given(calendars, instants, spans, spans)
def test_time_taken_away_in_two_parts_ends_as_time_taken_at_once(calendar, start, one, other):
	assert add(calendar, add(calendar, start, -one), -other) == add(calendar, start, -one - other)


@given(calendars, instants, instants, spans, spans)
def test_a_later_start_or_a_longer_time_never_ends_earlier(calendar, start, later, short, more):
	start, later = sorted((start, later))
	assert add(calendar, start, short) <= add(calendar, later, short)
	assert add(calendar, start, short) <= add(calendar, start, short + more)


@given(calendars, instants, instants, instants)
def test_working_time_adds_up_and_has_a_sign(calendar, one, two, three):
	assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
	assert calendar.between(one, two) == -calendar.between(two, one)
	assert abs(calendar.between(one, two)) <= abs((two - one).total_seconds())


@given(calendars, instants)
def test_the_end_of_a_second_of_work_is_a_second_after_an_open_instant(calendar, start):
	end = add(calendar, start, 1)
	assert calendar.is_open(end - timedelta(seconds=1))
	assert calendar.next_opening(start) == end - timedelta(seconds=1)
	assert calendar.is_open(start) == (end == start + timedelta(seconds=1))


@given(calendars, instants, instants, st.sampled_from(UNITS), st.integers(0, 20), st.integers(0, 5), rules)
def test_a_period_never_ends_before_it_begins_nor_a_longer_one_earlier(
	calendar, start, later, unit, amount, more, rules
):
	try:
		end = due(calendar, start, amount, unit, rules)
		assert end >= start.replace(microsecond=0)
		assert end <= due(calendar, start, amount + more, unit, rules)
	except NoWorkingTime:
		assume(False)


@given(calendars, near_a_change, near_a_change, st.integers(-20, 20))
def test_working_days_are_counted_as_they_are_found(calendar, day, other, number):
	try:
		found = calendar.working_day(day, number)
	except NoWorkingTime:
		assume(False)
		raise
	eve = day - timedelta(days=1)
	assert calendar.is_working_day(found)
	assert (found >= day) == (number > 0)
	assert calendar.working_days(eve, found) == number
	first, last = sorted((day, other))
	each = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
	assert calendar.working_days(first, last) == sum(map(calendar.is_working_day, each))
	assert calendar.working_days(last, first) == -calendar.working_days(first, last)


# The oracle -------------------------------------------------------------------------------------------------


class Oracle:
	"""Says for every step whether it is worked, by going through all of them with the clock on the wall in view.

	It knows nothing of instants of openings: a local time is reached at the first step at which the wall clock of the
	zone shows it or more. All times of the calendar must be multiples of the step.
	"""

	def __init__(self, calendar: Calendar, first: datetime, last: datetime, step: int):
		self.step = timedelta(seconds=step)
		self.steps = list(_steps(first - timedelta(days=3), last + timedelta(days=3), self.step))
		self.walls = [at.astimezone(calendar.zone).replace(tzinfo=None) for at in self.steps]
		self.open = [False] * len(self.steps)
		days = sorted({wall.date() for wall in self.walls})
		for day in days[1:-1]:
			for starts, ends in self.openings(calendar.plan, day):
				for row in range(self.reached(day, starts), self.reached(day, ends)):
					self.open[row] = True

	def reached(self, day: date, seconds: int) -> int:
		wanted = datetime.combine(day, datetime.min.time()) + timedelta(seconds=seconds)
		return next((row for row, wall in enumerate(self.walls) if wall >= wanted), len(self.walls))

	@staticmethod
	def openings(plan, day):
		"""Minute by minute: what is open by the rows, without the sums of spans that the calendar makes."""
		special = [row for row in plan.special_days if row.day == day]
		valid = [row.valid_from or date.min for row in plan.hours if (row.valid_from or date.min) <= day]
		usual = [
			row
			for row in plan.hours
			if valid and (row.valid_from or date.min) == max(valid) and row.weekday == day.weekday()
		]
		closed = [] if special else [row for row in plan.holidays if Oracle.is_on(row, day)]
		for minute in range(0, 48 * 60, 15):
			second = minute * MINUTE
			if any(Oracle.within(row.starts, row.ends, second) for row in special or usual) and not any(
				Oracle.closes(row, second) for row in closed
			):
				yield second, second + 15 * MINUTE

	@staticmethod
	def is_on(holiday, day):
		return holiday.day == day or (
			holiday.recurring and (holiday.day.month, holiday.day.day) == (day.month, day.day)
		)

	@staticmethod
	def within(starts, ends, second):
		return starts <= second < (ends if ends > starts else ends + 86400)

	@staticmethod
	def closes(holiday, second):
		if holiday.closed_to is None:
			return second >= (holiday.closed_from or 0)
		return Oracle.within(holiday.closed_from or 0, holiday.closed_to, second)

	def worked(self, first: datetime, last: datetime) -> int:
		rows = zip(self.steps, self.open, strict=True)
		return sum(self.step.seconds for at, is_open in rows if is_open and first <= at < last)

	def add(self, start: datetime, seconds: int) -> datetime | None:
		left = seconds
		for at, is_open in zip(self.steps, self.open, strict=True):
			if is_open and at >= start:
				left -= self.step.seconds
				if left == 0:
					return at + self.step
		return None


def _steps(at: datetime, last: datetime, step: timedelta):
	while at < last:
		yield at
		at += step


def oracle_hours(step: int):
	return st.integers(1, 12 * 3600 // step).map(lambda number: number * step)


@settings(max_examples=60)
@given(calendars, near_a_change, oracle_hours(15 * MINUTE), st.integers(0, 191), st.integers(0, 191))
def test_a_calendar_agrees_with_one_that_counts_step_by_step(calendar, day, seconds, one, other):
	begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
	oracle = Oracle(calendar, begin, begin + timedelta(days=2), 15 * MINUTE)
	start, end = (begin + timedelta(minutes=15 * number) for number in sorted((one, other)))
	assert calendar.between(start, end) == oracle.worked(start, end)
	assert calendar.is_open(start) == dict(zip(oracle.steps, oracle.open, strict=True))[start]
	expected = oracle.add(start, seconds)
	if expected:
		assert calendar.add(start, seconds) == expected


@settings(max_examples=25)
@given(
	st.sampled_from(ZONES),
	st.sampled_from(CHANGES),
	st.lists(st.integers(0, 6 * 3600), min_size=2, max_size=8, unique=True),
	st.integers(0, 6 * 3600),
	st.integers(1, 3 * 3600),
)
def test_and_second_by_second_in_the_night_of_a_change(zone, text, times, start, seconds):
	"""Openings to the second between 0:00 and 6:00 of a day of change."""
	day, tz = date.fromisoformat(text), ZoneInfo(zone)
	spans = [pair for pair in list(pairwise(sorted(times)))[::2]]
	calendar = Calendar(zone, [], [], [SpecialDay(day, starts, ends) for starts, ends in spans])
	midnight = datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)
	steps = [midnight + timedelta(seconds=number) for number in range(8 * 3600)]
	walls = [at.astimezone(tz).replace(tzinfo=None) for at in steps]
	first = datetime.combine(day, datetime.min.time())
	seen, highest = [], first
	for wall in walls:  # the latest time the clock has shown so far says what has been reached
		highest = max(highest, wall)
		reached = (highest - first).total_seconds()
		seen.append(any(starts <= reached < ends for starts, ends in spans))
	assert calendar.between(midnight, midnight + timedelta(hours=8)) == sum(seen)
	begun = midnight + timedelta(seconds=start)
	worked = [at for at, is_open in zip(steps, seen, strict=True) if is_open and at >= begun]
	if len(worked) >= seconds:
		assert calendar.add(begun, seconds) == worked[seconds - 1] + timedelta(seconds=1)
