"""Rows of legacy files become values or faults, whatever is in them."""

import csv
import io
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import importing
from govcrm.domain.importing import BadValue, Column, Reader

NOW = datetime(2026, 11, 22, 12)
BASE = (
	Column("source_id", "id"),
	Column("program", "type", "collapse"),
	Column("requested_datetime", "open", "datetime"),
	Column("closed_datetime", "closed", "datetime"),
	Column("status", "state", "lookup", "new=Open\ndone=Closed"),
)
ROW = {"id": "7", "type": "Pothole", "open": "2011-07-01 01:32:33"}


def read(row, *columns):
	return Reader((*BASE, *columns), now=NOW).read({**ROW, **row})


def codes(mapped):
	return [(fault.column, fault.code) for fault in mapped.faults]


def test_an_open_row_becomes_an_open_request_last_updated_when_it_was_asked_for():
	assert read({"type": " Street  Light "}).values == {
		"source_id": "7",
		"program": "Street Light",
		"requested_datetime": datetime(2011, 7, 1, 1, 32, 33),
		"updated_datetime": datetime(2011, 7, 1, 1, 32, 33),
		"status": "Open",
	}


def test_a_closing_time_makes_a_row_without_status_a_closed_one():
	values = read({"closed": "2013-07-11 17:38:25"}).values
	assert values["status"] == "Closed"
	assert values["updated_datetime"] == values["closed_datetime"] == datetime(2013, 7, 11, 17, 38, 25)


def test_closed_without_a_closing_time_takes_the_time_of_the_last_update():
	updated = Column("updated_datetime", "updated", "datetime")
	row = {"state": "done", "updated": "2011-07-02T00:00:00"}
	assert read(row, updated).values["closed_datetime"] == datetime(2011, 7, 2)
	assert codes(read({"state": "done"}, updated)) == [("closed", "closed_without_time")]


@pytest.mark.parametrize(
	("row", "column", "code"),
	[
		({"id": " "}, "id", "missing"),
		({"type": "\x00"}, "type", "missing"),
		({"open": ""}, "open", "missing"),
		({"open": "yesterday"}, "open", "not_a_time"),
		({"open": "1011-07-01"}, "open", "too_early"),
		({"open": "2026-11-22 12:00:01"}, "open", "in_future"),
		({"closed": "2011-06-30 00:00:00"}, "closed", "closed_before_opened"),
		({"closed": "2029-06-30 00:00:00"}, "closed", "in_future"),
		({"state": "new", "closed": "2011-07-02"}, "closed", "open_with_closing"),
		({"state": "lost"}, "state", "not_in_table"),
	],
)
def test_a_bad_row_names_the_column_of_the_file_and_the_reason(row, column, code):
	assert codes(read(row)) == [(column, code)]


def test_a_status_that_is_no_public_status_is_refused():
	columns = (*BASE[:3], Column("status", "state"))
	assert codes(Reader(columns, now=NOW).read({**ROW, "state": "Pending"})) == [("state", "not_an_option")]


def test_all_unreadable_values_of_a_row_are_told_at_once():
	row = {"open": "x", "closed": "y", "state": "z"}
	assert codes(read(row)) == [("open", "not_a_time"), ("closed", "not_a_time"), ("state", "not_in_table")]


@pytest.mark.parametrize("target", ["", "2059-01-01 00:00:00", "2001-01-01 00:00:00"])
def test_a_target_may_be_blank_in_the_past_or_far_in_the_future(target):
	mapped = read({"due": target}, Column("expected_datetime", "due", "datetime"))
	assert not mapped.faults
	assert ("expected_datetime" in mapped.values) is bool(target)


LATITUDE, LONGITUDE = Column("latitude", "lat", "float"), Column("longitude", "lon", "float")


@pytest.mark.parametrize(
	("lat", "lon", "expected"),
	[
		("91", "0.1", [("lat", "out_of_range")]),
		("42.3", "-181", [("lon", "out_of_range")]),
		("42.3", "", [("lon", "half_a_place")]),
		("north", "nan", [("lat", "not_a_number"), ("lon", "not_a_number")]),
		("42.3594", "-71.0587", []),
		("", "", []),
	],
)
def test_a_place_is_two_numbers_on_earth_or_none(lat, lon, expected):
	assert codes(read({"lat": lat, "lon": lon}, LATITUDE, LONGITUDE)) == expected


def test_the_zero_point_is_no_place():
	mapped = read({"lat": "0.0", "lon": "0"}, LATITUDE, LONGITUDE)
	assert not mapped.faults and not {"latitude", "longitude"} & set(mapped.values)


def test_answers_and_particulars_of_the_caller_are_kept_apart():
	mapped = read({"w": "Ward 3", "n": "Ann"}, Column("answer:ward", "w"), Column("citizen.first_name", "n"))
	assert (mapped.answers, mapped.citizen) == ({"ward": "Ward 3"}, {"first_name": "Ann"})
	assert not {"ward", "first_name"} & set(mapped.values)


def test_times_with_an_offset_are_told_in_the_zone_of_the_site():
	zone = timezone(timedelta(hours=-4))
	assert importing.moment("2011-07-01T05:00:00Z", (), zone) == datetime(2011, 7, 1, 1)
	assert importing.moment("2011-07-01T05:00:00+02:00", (), zone) == datetime(2011, 6, 30, 23)
	assert importing.moment("2011-07-01T05:00:00", (), zone) == datetime(2011, 7, 1, 5)


def test_a_format_of_their_own_is_the_only_one_accepted():
	assert importing.moment("7/1/2011 1:30 PM", ["%m/%d/%Y %I:%M %p"]) == datetime(2011, 7, 1, 13, 30)
	with pytest.raises(BadValue, match="not_in_format"):
		importing.moment("2011-07-01", ["%m/%d/%Y"])


def test_a_lookup_takes_no_notice_of_case_and_spaces_and_may_name_the_rest():
	table = importing.parse_table("Constituent  Call=Phone\n\n*=Import\nnothing=")
	assert importing.look_up(" constituent call ", table) == "Phone"
	assert importing.look_up("fax", table) == "Import"
	assert importing.look_up("nothing", table) is None
	assert importing.look_up(" ", table) is None
	with pytest.raises(BadValue, match="bad_table"):
		importing.parse_table("Phone")


@pytest.mark.parametrize(
	("columns", "expected"),
	[
		(BASE, []),
		(BASE[1:], [("source_id", "missing")]),
		((BASE[0], BASE[2]), [("program", "missing")]),
		((*BASE, BASE[0]), [("source_id", "doubled")]),
		((*BASE, Column("owner", "x")), [("owner", "unknown_target")]),
		((*BASE, Column("citizen.", "x")), [("citizen.", "unknown_target")]),
		((*BASE, Column("area", "x", "upper")), [("x", "unknown_transform")]),
		((*BASE, Column("area")), [("area", "no_column")]),
		((*BASE, Column("area", transform="constant", value="North")), []),
		((*BASE, Column("channel", "x", "lookup", "oops")), [("x", "bad_table")]),
		((*BASE, Column("updated_datetime", "x")), [("updated_datetime", "needs_transform")]),
		((*BASE, Column("latitude", "x")), [("latitude", "needs_transform")]),
	],
)
def test_a_mapping_is_checked_before_it_is_used(columns, expected):
	assert [(f.column, f.code) for f in importing.check_columns(columns)] == expected


def test_missing_columns_are_named_once_and_optional_ones_not_at_all():
	columns = (
		*BASE,
		Column("area", "ward"),
		Column("postal_code", "zip", optional=True),
		Column("answer:a", "ward"),
	)
	assert importing.missing_columns(columns, ["id", "open", "state"]) == ["type", "closed", "ward"]


@pytest.mark.parametrize(
	("name", "code"),
	[
		("Heat - Excessive  Insufficient", "HEAT_EXCESSIVE_INSUFFICIENT"),
		("Missed Trash/Recycling", "MISSED_TRASH_RECYCLING"),
		("Écoles", "ÉCOLES"),
		("???", "PROGRAM"),
	],
)
def test_a_program_known_by_name_only_gets_a_stable_code(name, code):
	assert importing.slug(name) == code


@given(st.dictionaries(st.sampled_from(["id", "type", "open", "closed", "state", "lat", "lon"]), st.text()))
def test_no_row_makes_the_reader_fail(row):
	mapped = Reader((*BASE, LATITUDE, LONGITUDE), now=NOW).read(row)
	if not mapped.faults:
		assert mapped.values["requested_datetime"] <= mapped.values["updated_datetime"] <= NOW


@given(st.text())
def test_no_cell_of_the_error_file_is_a_formula(value):
	safe = importing.safe_cell(value)
	assert not safe.lstrip().startswith(("=", "@"))
	assert safe in (value, "'" + value)
	file = io.StringIO()
	csv.writer(file).writerow([safe, "end"])


@pytest.mark.parametrize("value", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-1+2", "\t=1", ' "=1', "\r=1"])
def test_formulas_are_neutralised(value):
	assert importing.safe_cell(value) == "'" + value


@pytest.mark.parametrize("value", ["-71.0587", "42.3", "+5", "1 City Hall Plz", "", "a=b", None])
def test_plain_values_stay_as_they_are(value):
	assert importing.safe_cell(value) == (value or "")
