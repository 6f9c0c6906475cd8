"""The days on which clocks are changed, in both directions, beside what a wall clock shows."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from govcrm.domain.calendar import (
	CALENDAR_DAYS,
	KEEP,
	NEXT_DAY,
	SAME_TIME,
	UTC,
	Calendar,
	DayRules,
	Hours,
	due,
	time_of_day,
)

HOUR = 3600


def daily(zone: str, *spans: tuple[str, str]) -> Calendar:
	return Calendar(
		zone,
		[Hours(day, time_of_day(starts), time_of_day(ends)) for day in range(7) for starts, ends in spans],
	)


def utc(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=UTC)


def worked(calendar: Calendar, day: str) -> float:
	"""Hours of the local day, from midnight to midnight."""
	first = date.fromisoformat(day)
	return calendar.between(calendar.at(first, 0), calendar.at(first + timedelta(days=1), 0)) / HOUR


@pytest.mark.parametrize(
	("zone", "day", "length"),
	[
		("America/New_York", "2026-03-08", 23),
		("America/New_York", "2026-11-01", 25),
		("Europe/Berlin", "2026-03-29", 23),
		("Europe/Berlin", "2026-10-25", 25),
		("Australia/Lord_Howe", "2026-10-04", 23.5),
		("Australia/Lord_Howe", "2026-04-05", 24.5),
		("America/New_York", "2026-03-09", 24),
	],
)
def test_a_day_round_the_clock_is_as_long_as_it_is(zone, day, length):
	assert worked(daily(zone, ("00:00", "24:00")), day) == length


@pytest.mark.parametrize(
	("zone", "day"),
	[
		("America/New_York", "2026-03-08"),
		("America/New_York", "2026-11-01"),
		("Europe/Berlin", "2026-03-29"),
		("Europe/Berlin", "2026-10-25"),
		("Australia/Lord_Howe", "2026-10-04"),
		("Australia/Lord_Howe", "2026-04-05"),
	],
)
def test_hours_by_day_are_the_same_on_days_of_change(zone, day):
	assert worked(daily(zone, ("09:00", "17:00")), day) == 8


@pytest.mark.parametrize(
	("zone", "day", "spans", "length"),
	[
		# New York leaps from 2:00 to 3:00.
		("America/New_York", "2026-03-08", ("01:00", "05:00"), 3),
		("America/New_York", "2026-03-08", ("02:30", "05:00"), 2),
		("America/New_York", "2026-03-08", ("00:00", "02:30"), 2),
		("America/New_York", "2026-03-08", ("02:15", "02:45"), 0),
		# From 2:00 back to 1:00: what begins or ends in the repeated hour does so the first time.
		("America/New_York", "2026-11-01", ("00:00", "04:00"), 5),
		("America/New_York", "2026-11-01", ("01:30", "04:00"), 3.5),
		("America/New_York", "2026-11-01", ("00:00", "01:30"), 1.5),
		# Berlin leaps from 2:00 to 3:00, and goes from 3:00 back to 2:00.
		("Europe/Berlin", "2026-03-29", ("02:30", "05:00"), 2),
		("Europe/Berlin", "2026-10-25", ("02:30", "05:00"), 3.5),
		("Europe/Berlin", "2026-10-25", ("00:00", "02:30"), 2.5),
		# Lord Howe leaps half an hour, from 2:00 to 2:30, and goes from 2:00 back to 1:30.
		("Australia/Lord_Howe", "2026-10-04", ("01:00", "03:00"), 1.5),
		("Australia/Lord_Howe", "2026-10-04", ("02:15", "03:00"), 0.5),
		("Australia/Lord_Howe", "2026-10-04", ("02:00", "02:30"), 0),
		("Australia/Lord_Howe", "2026-04-05", ("01:00", "03:00"), 2.5),
		("Australia/Lord_Howe", "2026-04-05", ("01:45", "03:00"), 1.75),
	],
)
def test_hours_that_meet_a_change_of_the_clock(zone, day, spans, length):
	assert worked(daily(zone, spans), day) == length


def test_spans_that_touch_at_a_repeated_time_leave_nothing_out_and_count_nothing_twice():
	calendar = daily("America/New_York", ("00:00", "01:30"), ("01:30", "06:00"))
	assert worked(calendar, "2026-11-01") == 7


@pytest.mark.parametrize(
	("zone", "start", "seconds", "expected"),
	[
		# Saturday 16:00 EST, two hours: one on Saturday, one on Sunday in EDT.
		("America/New_York", "2026-03-07 21:00", 2 * HOUR, "2026-03-08 14:00"),
		("America/New_York", "2026-10-31 20:00", 2 * HOUR, "2026-11-01 15:00"),
		("Europe/Berlin", "2026-03-28 15:00", 2 * HOUR, "2026-03-29 08:00"),
		("Europe/Berlin", "2026-10-24 14:00", 2 * HOUR, "2026-10-25 09:00"),
		# +10:30 becomes +11:00, and the other way round.
		("Australia/Lord_Howe", "2026-10-03 05:30", 2 * HOUR, "2026-10-03 23:00"),
		("Australia/Lord_Howe", "2026-04-04 05:00", 2 * HOUR, "2026-04-04 23:30"),
	],
)
def test_time_runs_across_the_night_of_a_change(zone, start, seconds, expected):
	calendar = daily(zone, ("09:00", "17:00"))
	assert calendar.add(utc(start), seconds) == utc(expected)
	assert calendar.add(utc(expected), -seconds) == utc(start)


def test_the_two_instants_of_a_repeated_time_are_told_apart():
	calendar = daily("America/New_York", ("00:00", "24:00"))
	first = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"))
	assert calendar.between(first, first.replace(fold=1)) == HOUR


@pytest.mark.parametrize(
	("zone", "start", "expected"),
	[
		("America/New_York", "2026-03-07 02:30", "2026-03-08 03:00"),
		("Australia/Lord_Howe", "2026-10-03 02:15", "2026-10-04 02:30"),
		("America/New_York", "2026-10-31 01:30", "2026-11-01 01:30"),
	],
)
def test_the_same_time_a_day_later_where_there_is_none_or_two(zone, start, expected):
	calendar, tz = daily(zone, ("00:00", "24:00")), ZoneInfo(zone)
	rules = DayRules(count_from=NEXT_DAY, end_rule=KEEP, due_at=SAME_TIME)
	found = due(calendar, datetime.fromisoformat(start).replace(tzinfo=tz), 1, CALENDAR_DAYS, rules)
	assert found.astimezone(tz).replace(tzinfo=None) == datetime.fromisoformat(expected)
	assert found.astimezone(tz).fold == 0


def test_a_day_that_a_country_left_out_has_no_hours():
	"""Samoa went from 29 to 31 December 2011."""
	calendar = daily("Pacific/Apia", ("09:00", "17:00"))
	assert not calendar.is_working_day(date(2011, 12, 30))
	assert calendar.working_day(date(2011, 12, 29), 2) == date(2011, 12, 31)
