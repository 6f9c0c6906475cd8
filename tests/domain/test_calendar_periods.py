"""When periods end, and the rules of counting that laws lay down."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from govcrm.domain.calendar import (
	CALENDAR_DAYS,
	CALENDAR_MONTHS,
	CLOSE_OF_BUSINESS,
	END_OF_DAY,
	KEEP,
	NEXT_WORKING_DAY,
	NEXT_WORKING_DAY_SAME_TIME,
	PRECEDING_WORKING_DAY,
	SAME_DAY,
	SAME_TIME,
	UNITS,
	WORKING_DAYS,
	WORKING_HOURS,
	WORKING_MINUTES,
	Calendar,
	DayRules,
	Hours,
	NoWorkingTime,
	due,
	months_later,
	weekly,
)
from govcrm.domain.calendar.days import day_of_receipt

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = weekly(
	"Europe/Berlin",
	{weekday: [("09:00", "17:00")] for weekday in ("mon", "tue", "wed", "thu", "fri")},
	[date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)],
)


def at(text: str) -> datetime:
	return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def ends(start: str, amount: float, unit: str, **rules: str) -> str:
	return (
		due(OFFICE, at(start), amount, unit, DayRules(**rules))
		.astimezone(BERLIN)
		.strftime("%Y-%m-%d %H:%M:%S")
	)


# Working time -----------------------------------------------------------------------------------------------


def test_minutes_and_hours_run_from_the_instant_of_the_start():
	assert ends("2026-03-06 16:30", 90, WORKING_MINUTES) == "2026-03-09 10:00:00"
	assert ends("2026-03-06 16:30", 1.5, WORKING_HOURS) == "2026-03-09 10:00:00"


# The day of receipt -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("unit", "next_day", "same_day"),
	[
		(WORKING_DAYS, "2026-03-05 17:00:00", "2026-03-04 17:00:00"),
		(CALENDAR_DAYS, "2026-03-05 17:00:00", "2026-03-04 17:00:00"),
		(CALENDAR_MONTHS, "2026-06-02 17:00:00", "2026-06-01 17:00:00"),
	],
)
def test_the_day_of_receipt_is_counted_or_not(unit, next_day, same_day):
	assert ends("2026-03-02 10:00", 3, unit) == next_day
	assert ends("2026-03-02 10:00", 3, unit, count_from=SAME_DAY) == same_day


def test_working_days_leave_out_weekends_and_holidays():
	# Good Friday is 3 April, Easter Monday the 6th.
	assert ends("2026-04-01 10:00", 2, WORKING_DAYS) == "2026-04-07 17:00:00"


def test_a_receipt_on_a_weekend_is_counted_from_the_next_working_day_on():
	assert ends("2026-03-07 12:00", 1, WORKING_DAYS) == "2026-03-09 17:00:00"
	assert ends("2026-03-07 12:00", 1, WORKING_DAYS, count_from=SAME_DAY) == "2026-03-09 17:00:00"


def test_the_day_is_that_of_the_calendar_s_zone():
	# 23:30 UTC on Monday is Tuesday in Berlin.
	start = datetime.fromisoformat("2026-03-02T23:30:00+00:00")
	assert due(OFFICE, start, 1, CALENDAR_DAYS) == at("2026-03-04 17:00")


# A start outside hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("start", "that_day", "next_working_day"),
	[
		("2026-03-02 20:00", "2026-03-05 17:00:00", "2026-03-06 17:00:00"),
		("2026-03-02 17:00", "2026-03-05 17:00:00", "2026-03-05 17:00:00"),
		("2026-03-02 07:00", "2026-03-05 17:00:00", "2026-03-05 17:00:00"),
		("2026-03-07 12:00", "2026-03-10 17:00:00", "2026-03-12 17:00:00"),
		("2026-03-06 17:00:01", "2026-03-09 17:00:00", "2026-03-12 17:00:00"),
	],
)
def test_what_arrives_after_hours_is_of_that_day_or_of_the_next_working_day(
	start, that_day, next_working_day
):
	assert ends(start, 3, CALENDAR_DAYS) == that_day
	assert ends(start, 3, CALENDAR_DAYS, after_hours=NEXT_WORKING_DAY) == next_working_day


def test_what_counts_as_received_at_the_opening_is_due_at_the_time_of_the_opening():
	found = ends("2026-03-02 20:00", 1, CALENDAR_DAYS, after_hours=NEXT_WORKING_DAY, due_at=SAME_TIME)
	assert found == "2026-03-04 09:00:00"


@pytest.mark.parametrize(
	("start", "expected"),
	[
		("2026-03-07 12:00", "2026-03-10 12:00:00"),  # Saturday noon is Monday noon
		(
			"2026-03-07 20:00",
			"2026-03-11 09:00:00",
		),  # Saturday night is Monday night, and so Tuesday's opening
		("2026-03-07 07:00", "2026-03-10 07:00:00"),
		("2026-03-02 20:00", "2026-03-04 09:00:00"),
		("2026-03-02 17:00", "2026-03-03 17:00:00"),
	],
)
def test_what_arrives_on_no_working_day_can_count_from_the_next_one_at_the_same_time(start, expected):
	rules = {"after_hours": NEXT_WORKING_DAY_SAME_TIME, "due_at": SAME_TIME}
	assert ends(start, 1, WORKING_DAYS, **rules) == expected


def test_the_day_of_receipt_is_the_day_from_which_is_counted():
	assert day_of_receipt(OFFICE, at("2026-03-02 20:00"), DayRules()) == date(2026, 3, 2)
	assert day_of_receipt(OFFICE, at("2026-03-02 20:00"), DayRules(after_hours=NEXT_WORKING_DAY)) == date(
		2026, 3, 3
	)


# An end on no working day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("rule", "expected"),
	[
		(NEXT_WORKING_DAY, "2026-04-07 17:00:00"),
		(PRECEDING_WORKING_DAY, "2026-04-02 17:00:00"),
		(KEEP, "2026-04-03 23:59:59"),
	],
)
def test_a_period_that_ends_on_good_friday(rule, expected):
	assert ends("2026-03-27 10:00", 7, CALENDAR_DAYS, end_rule=rule) == expected


def test_an_end_on_a_working_day_stays_whatever_the_rule():
	for rule in (NEXT_WORKING_DAY, PRECEDING_WORKING_DAY, KEEP):
		assert ends("2026-03-02 10:00", 7, CALENDAR_DAYS, end_rule=rule) == "2026-03-09 17:00:00"


# The time of the last day -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("rule", "expected"),
	[
		(CLOSE_OF_BUSINESS, "2026-03-09 17:00:00"),
		(END_OF_DAY, "2026-03-09 23:59:59"),
		(SAME_TIME, "2026-03-09 10:11:12"),
	],
)
def test_the_time_of_the_last_day(rule, expected):
	assert ends("2026-03-02 10:11:12", 7, CALENDAR_DAYS, due_at=rule) == expected


def test_round_the_clock_the_close_of_business_has_the_date_of_the_last_day():
	always = Calendar("Europe/Berlin", [Hours(day, 0, 86400) for day in range(7)])
	assert due(always, at("2026-03-02 10:00"), 1, WORKING_DAYS) == at("2026-03-03 23:59:59")


def test_a_night_shift_closes_on_the_next_day():
	night = Calendar("Europe/Berlin", [Hours(day, 22 * 3600, 6 * 3600) for day in range(7)])
	assert due(night, at("2026-03-02 10:00"), 1, WORKING_DAYS) == at("2026-03-04 06:00")


@pytest.mark.parametrize("due_at", [CLOSE_OF_BUSINESS, SAME_TIME])
def test_nothing_is_due_before_it_begins(due_at):
	assert ends("2026-03-02 20:00", 0, CALENDAR_DAYS, due_at=due_at) == "2026-03-02 20:00:00"
	early = ends("2026-03-07 12:00", 1, CALENDAR_DAYS, end_rule=PRECEDING_WORKING_DAY, due_at=due_at)
	assert early == "2026-03-07 12:00:00"


# Months -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("first", "months", "last"),
	[
		(date(2026, 1, 31), 1, date(2026, 2, 28)),
		(date(2028, 1, 31), 1, date(2028, 2, 29)),
		(date(2026, 1, 31), 2, date(2026, 3, 31)),
		(date(2028, 2, 29), 12, date(2029, 2, 28)),
		(date(2026, 2, 28), 1, date(2026, 3, 28)),
		(date(2026, 12, 15), 1, date(2027, 1, 15)),
		(date(2026, 5, 5), 0, date(2026, 5, 5)),
	],
)
def test_a_period_in_months_ends_on_the_same_number_or_with_the_month(first, months, last):
	"""BGB § 188(2) and (3); Art. 3(2)(c) of Reg. 1182/71."""
	assert months_later(first, months) == last


@pytest.mark.parametrize(
	("first", "months", "last"),
	[
		(date(2026, 3, 2), 1, date(2026, 4, 1)),
		(date(2026, 3, 1), 1, date(2026, 3, 31)),
		(date(2026, 1, 1), 12, date(2026, 12, 31)),
		(date(2026, 1, 31), 1, date(2026, 2, 28)),
		(date(2026, 1, 30), 1, date(2026, 2, 28)),
		(date(2028, 1, 30), 1, date(2028, 2, 29)),
	],
)
def test_one_whose_first_day_counts_ends_on_the_day_before(first, months, last):
	"""BGB § 187(2), § 188(2)."""
	assert months_later(first, months, counted=True) == last


def test_the_end_of_a_period_in_months_that_is_a_holiday_moves():
	assert ends("2026-04-01 10:00", 1, CALENDAR_MONTHS) == "2026-05-04 17:00:00"


# Options and errors -----------------------------------------------------------------------------------------


def test_rules_are_read_from_the_fields_of_a_milestone():
	rules = DayRules.of({"code": "x", "count_from": "Same Day", "end_rule": "", "due_at": None})
	assert rules == DayRules(count_from=SAME_DAY)


@pytest.mark.parametrize("unit", UNITS)
def test_a_negative_amount_is_refused(unit):
	with pytest.raises(ValueError, match="negative"):
		ends("2026-03-02 10:00", -1, unit)


def test_half_a_day_is_refused():
	with pytest.raises(ValueError, match="whole number"):
		ends("2026-03-02 10:00", 2.5, WORKING_DAYS)


def test_an_unknown_unit_is_refused():
	with pytest.raises(ValueError, match="Fortnights"):
		ends("2026-03-02 10:00", 1, "Fortnights")


@pytest.mark.parametrize("unit", UNITS)
def test_a_calendar_without_hours_never_ends(unit):
	with pytest.raises(NoWorkingTime):
		due(Calendar("UTC"), at("2026-03-02 10:00"), 1, unit)


def test_but_calendar_days_that_are_kept_need_no_hours():
	rules = DayRules(end_rule=KEEP, due_at=END_OF_DAY)
	assert due(Calendar("Europe/Berlin"), at("2026-03-02 10:00"), 1, CALENDAR_DAYS, rules) == at(
		"2026-03-03 23:59:59"
	)
