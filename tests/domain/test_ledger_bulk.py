"""Many rows written at once have the very bytes that each would have by itself."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import bulk, canonical, rows

KINDS = {
	"number": "Int",
	"yes": "Check",
	"amount": "Float",
	"share": "Percent",
	"title": "Data",
	"words": "Text",
	"day": "Date",
	"moment": "Datetime",
	"hour": "Time",
	"case": "Link",
}
scalars = st.one_of(
	st.none(),
	st.booleans(),
	st.integers(),
	st.floats(),
	st.decimals(allow_nan=False),
	st.text(),
	st.dates(),
	st.datetimes(),
	st.timedeltas(),
	st.sampled_from(["", 0, 0.0, "0", 1, 1.0, True, "1", "2026-11-22 10:00:00", '"', "\\", "\x00", " ", "é"]),
)
records = st.fixed_dictionaries(
	{"name": st.text(min_size=1)}, optional={field: scalars for field in (*KINDS, "owner", "docstatus")}
)


@given(st.lists(records, max_size=6))
def test_a_row_written_with_others_has_the_bytes_it_has_alone(found: list[dict]):
	writer = bulk.RowWriter("Case", KINDS)
	alone = [canonical.dumps(rows.canonical_row("Case", row["name"], KINDS, row)) for row in found]
	assert writer.dumps_many([*found, *found]) == [*alone, *alone]
	assert [writer.dumps(row) for row in found] == alone


@given(records, st.lists(st.tuples(st.sampled_from([*KINDS, "owner"]), scalars), max_size=6))
def test_what_most_rows_have_in_common_is_not_taken_for_what_one_has(common: dict, other: list[tuple]):
	found = [common, *({**common, field: value} for field, value in other), common]
	alone = [canonical.dumps(rows.canonical_row("Case", row["name"], KINDS, row)) for row in found]
	assert bulk.RowWriter("Case", KINDS).dumps_many(found) == alone


def test_more_rows_than_are_written_at_once_stay_in_their_order():
	count = 2 * bulk.AT_ONCE + 1
	written = bulk.RowWriter("Case", KINDS).dumps_many(
		{"name": number, "number": number} for number in range(count)
	)
	assert [canonical.loads_strict(row)["name"] for row in written] == [str(n) for n in range(count)]


def test_instants_with_an_offset_keep_the_text_of_their_own_clock():
	there = datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=5)))
	same = [there, there.astimezone(timezone.utc)]
	written = bulk.RowWriter("Case", KINDS).dumps_many({"name": "x", "moment": moment} for moment in same)
	assert [canonical.loads_strict(row)["fields"]["moment"][11:13] for row in written] == ["10", "05"]


def test_values_that_are_equal_and_read_differently_stay_apart():
	writer = bulk.RowWriter("Case", {"title": "Data"})
	found = [writer.dumps({"name": "x", "title": value}) for value in (1, 1.0, True, Decimal("1.0"), "1")]
	assert [canonical.loads_strict(row)["fields"]["title"] for row in found] == ["1", "1.0", "1", "1.0", "1"]


@pytest.mark.parametrize("kind", ["Int", "Float"])
def test_numbers_that_no_column_holds_have_the_text_they_have_alone(kind: str):
	given = [float("-inf"), Decimal("-Infinity"), 10**400, Decimal("1E+400")]
	writer = bulk.RowWriter("Case", {"share": kind})
	found = [writer.dumps({"name": "x", "share": value}) for value in given]
	assert found == [
		canonical.dumps(rows.canonical_row("Case", "x", {"share": kind}, {"share": value})) for value in given
	]


def test_what_is_unique_in_each_row_does_not_fill_the_memory():
	pieces = bulk.Pieces("title", "Data")
	for number in range(3 * bulk.MOST):
		assert pieces[str(number)] == f'"title":"{number}",'
	assert len(pieces) == bulk.MOST


def test_half_of_a_surrogate_pair_is_refused():
	with pytest.raises(canonical.NotCanonical):
		bulk.RowWriter("Case", {"title": "Data"}).dumps({"name": "x", "title": "\ud800"})


def test_times_of_documents_and_of_rows_are_the_same():
	writer = bulk.RowWriter("Case", {"moment": "Datetime", "day": "Date", "hour": "Time"})
	of_a_document = {"moment": "2026-11-22 10:00:00", "day": "2026-11-22", "hour": "9:30:00"}
	of_a_row = {
		"moment": datetime(2026, 11, 22, 10),
		"day": date(2026, 11, 22),
		"hour": timedelta(hours=9, minutes=30),
	}
	assert writer.dumps({"name": "x", **of_a_document}) == writer.dumps({"name": "x", **of_a_row})
