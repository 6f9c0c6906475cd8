"""Holidays from the package `holidays` and from iCalendar files; the year as people see it; what is wrong with rows."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.calendar import Holiday, Hours, Plan, SpecialDay
from govcrm.domain.calendar.sources import (
	LONGEST_EVENT_DAYS,
	BadFile,
	UnknownPlace,
	not_yet_among,
	of_country,
	of_file,
	places,
)
from govcrm.domain.calendar.year import days_of_year, known_until, lacks_holidays, note, overlapping_hours

HOUR = 3600
NEW_YORK = ZoneInfo("America/New_York")
YEARS = range(2026, 2029)


def event(*lines: str) -> str:
	return "\r\n".join(("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", ""))


def read(*events: str, zone: ZoneInfo = NEW_YORK, years: range = YEARS) -> list[Holiday]:
	head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n"
	return of_file(head + "".join(events) + "END:VCALENDAR\r\n", zone, years)


def days(found: list[Holiday]) -> list[str]:
	return [row.day.isoformat() for row in found]


# iCalendar --------------------------------------------------------------------------------------------------


def test_a_day_is_a_holiday():
	assert read(event("DTSTART;VALUE=DATE:20261126", "SUMMARY:Thanksgiving")) == [
		Holiday(date(2026, 11, 26), "Thanksgiving")
	]


def test_several_days_are_a_holiday_each_and_the_end_is_not_one_of_them():
	found = read(event("DTSTART;VALUE=DATE:20261228", "DTEND;VALUE=DATE:20270101"))
	assert days(found) == ["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31"]


def test_an_event_of_years_is_cut():
	found = read(event("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20280101"))
	assert len(found) == LONGEST_EVENT_DAYS


@pytest.mark.parametrize("rule", ["FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;BYMONTH=7;BYMONTHDAY=4"])
def test_the_same_date_of_every_year_is_one_recurring_holiday(rule):
	assert read(event("DTSTART;VALUE=DATE:20100704", f"RRULE:{rule}", "SUMMARY:Fourth")) == [
		Holiday(date(2010, 7, 4), "Fourth", recurring=True)
	]


@pytest.mark.parametrize(
	("rule", "expected"),
	[
		("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", ["2026-05-25", "2027-05-31", "2028-05-29"]),
		("FREQ=YEARLY;UNTIL=20270525", ["2026-05-25", "2027-05-25"]),
		("FREQ=YEARLY;COUNT=7", ["2026-05-25"]),
		("FREQ=YEARLY;INTERVAL=2", ["2026-05-25", "2028-05-25"]),
	],
)
def test_other_rules_are_a_holiday_for_each_time_in_the_years(rule, expected):
	assert days(read(event("DTSTART;VALUE=DATE:20200525", f"RRULE:{rule}"))) == expected


def test_times_that_are_left_out_are_no_holidays():
	lines = (
		"DTSTART;VALUE=DATE:20200525",
		"RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO",
		"EXDATE;VALUE=DATE:20270531",
	)
	assert days(read(event(*lines))) == ["2026-05-25", "2028-05-29"]


def test_hours_are_closed_by_the_clock_of_the_calendar():
	found = read(event("DTSTART:20261224T170000Z", "DTEND:20261224T220000Z"))
	assert found == [Holiday(date(2026, 12, 24), "", False, 12 * HOUR, 17 * HOUR)]


def test_hours_without_a_zone_are_meant_by_that_clock():
	found = read(event("DTSTART:20261224T120000", "DURATION:PT12H"))
	assert found == [Holiday(date(2026, 12, 24), "", False, 12 * HOUR, 0)]


def test_hours_over_midnight_close_parts_of_two_days():
	first, second = read(event("DTSTART:20261231T200000", "DTEND:20270101T060000"))
	assert (first.day, first.closed) == (date(2026, 12, 31), (20 * HOUR, 24 * HOUR))
	assert (second.day, second.closed) == (date(2027, 1, 1), (0, 6 * HOUR))


def test_what_is_cancelled_or_in_other_years_is_passed_over():
	cancelled = event("DTSTART;VALUE=DATE:20261126", "STATUS:CANCELLED")
	assert read(cancelled, event("DTSTART;VALUE=DATE:20200101")) == []


def test_the_same_event_twice_is_one_holiday():
	one = event("DTSTART;VALUE=DATE:20261126", "SUMMARY:Thanksgiving")
	assert len(read(one, one)) == 1


@pytest.mark.parametrize(
	"text",
	[
		"",
		"no calendar",
		"BEGIN:VCALENDAR\nEND:VCALENDAR",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T000000\nRRULE:FREQ=NEVER\nEND:VEVENT\nEND:VCALENDAR",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20260101\nDTEND:20260102T000000Z\nEND:VEVENT\nEND:VCALENDAR",
		"\x00\xff",
	],
)
def test_a_bad_file_is_said_to_be_one(text):
	with pytest.raises(BadFile):
		of_file(text, NEW_YORK, YEARS)


@pytest.mark.parametrize(
	"rule", ["FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=YEARLY;BYHOUR=1,2;BYSECOND=1,2"]
)
def test_a_rule_whose_times_have_no_end_is_refused(rule):
	with pytest.raises(BadFile, match="by days"):
		read(event("DTSTART:19000101T000000", "DURATION:PT1H", f"RRULE:{rule}"))


@given(st.lists(st.sampled_from([
	"BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "DTSTART;VALUE=DATE:20261126",
	"DTSTART:20261126T100000Z", "DTEND:20261126T090000", "DTEND;VALUE=DATE:20261120", "RRULE:FREQ=YEARLY;BYDAY=1MO",
	"RRULE:FREQ=YEARLY;UNTIL=20270101T000000Z", "EXDATE:20261126T100000Z", "DURATION:P1D", "DURATION:-P1D", "SUMMARY:",
	"X:\xff",
]), max_size=12))  # fmt: skip
def test_whatever_is_in_a_file_it_is_read_or_refused(lines):
	try:
		found = of_file("\r\n".join(lines), NEW_YORK, YEARS)
	except BadFile:
		return
	assert all(row.recurring or row.day.year in YEARS for row in found)


# The package ------------------------------------------------------------------------------------------------


def test_holidays_of_a_country_are_in_order_and_have_names():
	found = of_country("US", None, [2026])
	assert found == sorted(found, key=lambda row: row.day)
	assert Holiday(date(2026, 7, 4), "Independence Day") in found


def test_a_part_of_a_country_has_its_own():
	epiphany = date(2026, 1, 6)
	assert epiphany in {row.day for row in of_country("DE", "BY", [2026])}
	assert epiphany not in {row.day for row in of_country("DE", "BE", [2026])}
	assert "BY" in places()["DE"]


@pytest.mark.parametrize("place", [("XX", None), ("DE", "XX"), ("", None), ("../x", None)])
def test_an_unknown_place_is_said_to_be_one(place):
	with pytest.raises(UnknownPlace):
		of_country(*place, [2026])


def test_what_is_known_already_is_not_new():
	christmas, eve = date(2026, 12, 25), date(2026, 12, 24)
	part = Holiday(eve, "Eve", closed_from=12 * HOUR, closed_to=0)
	known = [Holiday(christmas), Holiday(date(2000, 1, 1), recurring=True), part]
	new = [Holiday(eve, "Eve"), Holiday(christmas, recurring=True), Holiday(date(2026, 12, 26))]
	old = [Holiday(christmas, "Christmas"), Holiday(date(2027, 1, 1)), part]
	assert not_yet_among(known, [*old, *new]) == new


# The year ---------------------------------------------------------------------------------------------------


def test_a_day_is_told_by_its_kind():
	monday = date(2026, 12, 21)
	plan = Plan(
		(Hours(0, 9 * HOUR, 17 * HOUR),),
		(Holiday(monday, "Half", closed_from=12 * HOUR), Holiday(date(2026, 12, 27), "Sunday")),
		(SpecialDay(date(2026, 12, 27), 0, HOUR, "Open"),),
	)
	assert note(plan, date(2026, 12, 28)).kind == "working"
	assert note(plan, date(2026, 12, 22)).kind == "closed"
	assert (note(plan, monday).kind, note(plan, monday).openings) == ("partial", ((9 * HOUR, 12 * HOUR),))
	assert (note(plan, date(2026, 12, 27)).kind, note(plan, date(2026, 12, 27)).titles) == (
		"special",
		("Open", "Sunday"),
	)
	assert note(Plan((), plan.holidays), date(2026, 12, 27)).kind == "holiday"


@pytest.mark.parametrize(("year", "length"), [(2026, 365), (2028, 366)])
def test_a_year_has_all_its_days(year, length):
	found = [row.day for row in days_of_year(Plan(), year)]
	assert (len(found), found[0], found[-1]) == (length, date(year, 1, 1), date(year, 12, 31))


def test_holidays_are_missing_when_none_is_of_that_year_or_every_year():
	dated, yearly = (date(2026, 12, 25), False), (date(2020, 12, 25), True)
	assert known_until([dated, yearly]) == date(2026, 12, 31)
	assert not lacks_holidays([dated], 2026)
	assert lacks_holidays([dated, yearly], 2027)
	assert not lacks_holidays([yearly], 2027)
	assert lacks_holidays([], 2026)


# Rows -------------------------------------------------------------------------------------------------------

rows = st.builds(
	Hours,
	st.integers(0, 6),
	st.integers(0, 23).map(lambda hour: hour * HOUR),
	st.integers(0, 23).map(lambda hour: hour * HOUR),
)


@given(st.lists(rows, max_size=5))
def test_hours_overlap_if_they_share_an_hour_of_the_week(hours):
	def taken(row: Hours) -> set[int]:
		first, last = row.starts // HOUR, row.ends // HOUR
		length = last - first if last > first else last - first + 24
		return {(row.weekday * 24 + first + number) % (7 * 24) for number in range(length)}

	shared = sum(len(taken(row)) for row in hours) != len(set().union(*map(taken, hours)))
	assert bool(list(overlapping_hours(dict(enumerate(hours))))) == shared
