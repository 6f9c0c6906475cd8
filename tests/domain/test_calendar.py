"""Working time: hours, holidays, changes of the clock."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from govcrm.domain.calendar import (
	Calendar,
	Holiday,
	Hours,
	NoWorkingTime,
	SpecialDay,
	time_of_day,
	weekly,
)

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
HOUR = 3600
OFFICE = {key: [("09:00", "17:00")] for key in WORKDAYS}


def at(text: str, zone: str = "UTC", fold: int = 0) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def hours(weekday: int, starts: str, ends: str, valid_from: date | None = None) -> Hours:
	return Hours(weekday, time_of_day(starts), time_of_day(ends), valid_from)


def every_day(starts: str, ends: str) -> list[Hours]:
	return [hours(weekday, starts, ends) for weekday in range(7)]


# The first days ---------------------------------------------------------------------------------------------


def test_time_runs_over_the_weekend():
	calendar = weekly("UTC", OFFICE)
	assert calendar.add(at("2026-03-06 16:00"), 2 * HOUR) == at("2026-03-09 10:00")


def test_lunch_is_not_worked():
	calendar = weekly("UTC", {key: [("09:00", "12:00"), ("13:00", "17:00")] for key in WORKDAYS})
	assert calendar.add(at("2026-03-02 11:30"), HOUR) == at("2026-03-02 13:30")
	assert calendar.between(at("2026-03-02 00:00"), at("2026-03-03 00:00")) == 7 * HOUR


def test_work_that_ends_exactly_at_closing_is_due_then_and_not_at_the_next_opening():
	calendar = weekly("UTC", OFFICE)
	assert calendar.add(at("2026-03-02 09:00"), 8 * HOUR) == at("2026-03-02 17:00")
	assert calendar.add(at("2026-03-02 09:00"), 8 * HOUR + 1) == at("2026-03-03 09:00:01")


def test_a_start_at_closing_and_one_at_the_next_opening_are_due_alike():
	calendar = weekly("UTC", OFFICE)
	due = at("2026-03-09 10:00")
	for start in ("2026-03-06 17:00", "2026-03-07 12:00", "2026-03-09 08:59:59", "2026-03-09 09:00"):
		assert calendar.add(at(start), HOUR) == due


def test_no_time_at_all_is_due_at_the_start_even_outside_hours():
	assert weekly("UTC", OFFICE).add(at("2026-03-07 12:00"), 0) == at("2026-03-07 12:00")


def test_time_goes_back_as_well_and_ends_at_an_opening():
	calendar = weekly("UTC", OFFICE)
	assert calendar.add(at("2026-03-09 10:00"), -2 * HOUR) == at("2026-03-06 16:00")
	assert calendar.add(at("2026-03-09 10:00"), -HOUR) == at("2026-03-09 09:00")
	assert calendar.add(at("2026-01-01 10:00"), -9 * HOUR) == at("2025-12-31 09:00")


def test_open_from_the_opening_until_just_before_the_closing():
	calendar = weekly("UTC", OFFICE)
	assert calendar.is_open(at("2026-03-02 09:00"))
	assert calendar.is_open(at("2026-03-02 16:59:59"))
	assert not calendar.is_open(at("2026-03-02 17:00"))
	assert not calendar.is_open(at("2026-03-02 08:59:59"))


def test_the_next_opening_is_now_while_open():
	calendar = weekly("UTC", OFFICE)
	assert calendar.next_opening(at("2026-03-02 10:00")) == at("2026-03-02 10:00")
	assert calendar.next_opening(at("2026-03-02 17:00")) == at("2026-03-03 09:00")


def test_a_fraction_of_a_second_is_dropped():
	calendar = weekly("UTC", OFFICE)
	assert calendar.add(at("2026-03-02 10:00:00.999999"), 60) == at("2026-03-02 10:01:00")


def test_answers_are_in_utc():
	assert weekly("Europe/Berlin", OFFICE).add(at("2026-03-02 10:00"), 60).tzinfo is timezone.utc


def test_a_time_without_a_zone_is_refused():
	calendar = weekly("UTC", OFFICE)
	with pytest.raises(ValueError, match="time zone"):
		calendar.add(datetime(2026, 3, 2), 60)


def test_an_unknown_zone_is_refused():
	with pytest.raises(KeyError):
		weekly("Mars/Olympus", OFFICE)


# Hours that are not nine to five ----------------------------------------------------------------------------


def test_round_the_clock_every_second_is_worked():
	calendar = Calendar("UTC", every_day("00:00", "24:00"))
	assert calendar.add(at("2026-02-27 13:14:15"), 1_000_000) == at("2026-02-27 13:14:15") + timedelta(
		seconds=1_000_000
	)


def test_an_end_at_midnight_is_the_end_of_the_day():
	assert (
		Calendar("UTC", every_day("00:00", "00:00")).between(at("2026-03-02 00:00"), at("2026-03-03 00:00"))
		== 86400
	)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin():
	night = Calendar("UTC", [hours(4, "22:00", "02:00")], [Holiday(date(2026, 3, 7))])
	assert night.between(at("2026-03-06 00:00"), at("2026-03-08 00:00")) == 4 * HOUR
	assert night.closing(date(2026, 3, 6)) == at("2026-03-07 02:00")
	assert not night.is_working_day(date(2026, 3, 7))


def test_a_holiday_closes_what_its_hours_would_reach_into_the_next_day():
	night = Calendar("UTC", [hours(4, "22:00", "02:00")], [Holiday(date(2026, 3, 6))])
	assert not night.is_open(at("2026-03-07 01:00"))


def test_hours_that_overlap_across_midnight_are_counted_once():
	both = Calendar("UTC", [hours(4, "22:00", "06:00"), hours(5, "00:00", "08:00")])
	assert both.between(at("2026-03-06 00:00"), at("2026-03-08 00:00")) == 10 * HOUR


def test_new_year_s_eve_reaches_into_a_year_that_is_asked_for_alone():
	night = Calendar("UTC", every_day("22:00", "02:00"))
	assert night.is_open(at("2026-01-01 01:00"))
	assert night.add(at("2026-01-01 01:00"), HOUR) == at("2026-01-01 02:00")
	assert night.add(at("2026-01-01 00:30"), -HOUR) == at("2025-12-31 23:30")


def test_going_back_over_the_turn_of_a_year_counts_the_night_before_as_well():
	"""The hours of 31 December lie within those that 30 December reaches into it."""
	night = Calendar("UTC", [*every_day("22:00", "02:00"), *every_day("01:00", "01:15")])
	assert night.add(at("2026-01-01 00:30"), -(2 * HOUR + 40 * 60)) == at("2025-12-31 01:50")


def test_rows_with_a_date_replace_all_earlier_rows_from_that_day():
	summer = date(2026, 6, 1)
	calendar = Calendar("UTC", [*every_day("09:00", "17:00"), hours(0, "08:00", "12:00", summer)])
	assert calendar.between(at("2026-05-31 00:00"), at("2026-06-01 00:00")) == 8 * HOUR
	assert calendar.between(at("2026-06-01 00:00"), at("2026-06-08 00:00")) == 4 * HOUR


def test_before_the_first_dated_hours_nothing_is_open():
	calendar = Calendar("UTC", [hours(day, "09:00", "17:00", date(2026, 6, 1)) for day in range(7)])
	assert calendar.add(at("2020-01-01 00:00"), HOUR) == at("2026-06-01 10:00")


# Holidays and special days ----------------------------------------------------------------------------------


def test_a_holiday_is_skipped():
	calendar = weekly("UTC", OFFICE, [date(2026, 3, 3)])
	assert calendar.add(at("2026-03-02 16:00"), 2 * HOUR) == at("2026-03-04 10:00")


def test_part_of_a_holiday_is_worked():
	eve = Holiday(date(2026, 12, 24), "Christmas Eve", closed_from=12 * HOUR, closed_to=24 * HOUR)
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [eve])
	assert calendar.between(at("2026-12-24 00:00"), at("2026-12-25 00:00")) == 3 * HOUR
	assert calendar.closing(date(2026, 12, 24)) == at("2026-12-24 12:00")


def test_a_closure_in_the_middle_of_the_day_leaves_both_ends():
	drill = Holiday(date(2026, 3, 2), closed_from=10 * HOUR, closed_to=11 * HOUR)
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [drill])
	assert calendar.add(at("2026-03-02 09:30"), HOUR) == at("2026-03-02 11:30")


@pytest.mark.parametrize(
	("closed", "left"), [({"closed_from": 15 * HOUR}, 6), ({"closed_to": 15 * HOUR}, 2), ({}, 0)]
)
def test_a_holiday_without_one_of_its_times_is_closed_on_that_side(closed, left):
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [Holiday(date(2026, 3, 2), **closed)])
	assert calendar.between(at("2026-03-02 00:00"), at("2026-03-03 00:00")) == left * HOUR


def test_a_recurring_holiday_is_one_in_every_year_before_and_after():
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [Holiday(date(2026, 7, 4), recurring=True)])
	for year in (1999, 2026, 2101):
		assert not calendar.is_working_day(date(year, 7, 4))
		assert calendar.is_working_day(date(year, 7, 5))


def test_a_recurring_29_february_is_kept_in_leap_years_only():
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [Holiday(date(2024, 2, 29), recurring=True)])
	assert not calendar.is_working_day(date(2028, 2, 29))
	assert calendar.is_working_day(date(2027, 2, 28))
	assert calendar.is_working_day(date(2027, 3, 1))


def test_the_leap_day_is_a_day():
	calendar = Calendar("UTC", every_day("09:00", "17:00"))
	assert calendar.between(at("2028-02-28 00:00"), at("2028-03-01 00:00")) == 16 * HOUR
	assert calendar.between(at("2027-02-28 00:00"), at("2027-03-01 00:00")) == 8 * HOUR


def test_special_hours_replace_the_usual_even_on_a_holiday_and_a_sunday():
	sunday = date(2026, 3, 8)
	calendar = Calendar(
		"UTC",
		[hours(0, "09:00", "17:00")],
		[Holiday(sunday)],
		[SpecialDay(sunday, 10 * HOUR, 12 * HOUR), SpecialDay(sunday, 13 * HOUR, 14 * HOUR)],
	)
	assert calendar.between(at("2026-03-08 00:00"), at("2026-03-09 00:00")) == 3 * HOUR


# No working time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, -1])
def test_a_calendar_without_hours_says_so(seconds):
	with pytest.raises(NoWorkingTime, match="100 years"):
		Calendar("UTC").add(at("2026-03-02 10:00"), seconds)


def test_hours_that_holidays_always_close_are_none():
	days = [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]
	calendar = Calendar("UTC", every_day("09:00", "17:00"), [Holiday(day, recurring=True) for day in days])
	with pytest.raises(NoWorkingTime):
		calendar.add(at("2026-03-02 10:00"), 1)
	with pytest.raises(NoWorkingTime):
		calendar.working_day(date(2026, 3, 2), 1)
	assert calendar.between(at("2026-03-02 10:00"), at("2036-03-02 10:00")) == 0


def test_years_without_a_working_day_are_passed_over():
	calendar = Calendar("UTC", [], [], [SpecialDay(date(2060, 5, 1), 9 * HOUR, 10 * HOUR)])
	assert calendar.add(at("2026-03-02 10:00"), 60) == at("2060-05-01 09:01")
	assert calendar.working_day(date(2026, 3, 2), 1) == date(2060, 5, 1)
	with pytest.raises(NoWorkingTime):
		calendar.add(at("2026-03-02 10:00"), HOUR + 1)


def test_years_nobody_means_are_refused():
	with pytest.raises(ValueError, match="1800"):
		weekly("UTC", OFFICE).between(at("0001-01-02 00:00"), at("2026-01-01 00:00"))


# What is asked for first must not matter --------------------------------------------------------------------


def test_answers_do_not_depend_on_what_was_asked_before():
	fresh = lambda: weekly("America/New_York", OFFICE, [date(2026, 7, 3)])  # noqa: E731
	used = fresh()
	for start in ("2026-07-01 12:00", "1990-01-01 00:00", "2049-12-31 23:59", "2026-07-01 12:00"):
		for seconds in (HOUR, 2000 * HOUR, 40000 * HOUR, -HOUR, -2000 * HOUR):
			assert used.add(at(start), seconds) == fresh().add(at(start), seconds)
			assert used.between(at(start), at("2026-07-01 12:00")) == fresh().between(
				at(start), at("2026-07-01 12:00")
			)


def test_nothing_of_a_calendar_can_be_set_from_outside():
	calendar = weekly("UTC", OFFICE)
	with pytest.raises(AttributeError):
		calendar.plan.hours = ()
	with pytest.raises(AttributeError):
		calendar.holidays = ()
	assert isinstance(calendar.plan.hours, tuple)
