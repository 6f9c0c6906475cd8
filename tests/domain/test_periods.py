from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.periods import clashes, holds_nothing, overlap

days = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 20)))
periods = st.tuples(days, days)


def days_of(period) -> set[int]:
	first, last = period
	return {day for day in range(1, 21) if (not first or first.day <= day) and (not last or day <= last.day)}


@given(periods, periods)
def test_periods_overlap_if_they_share_a_day(one, other):
	if holds_nothing(one) or holds_nothing(other):
		return
	assert overlap(one, other) == overlap(other, one)
	shared = days_of(one) & days_of(other)
	assert overlap(one, other) == bool(shared)


@given(periods)
def test_only_a_period_that_ends_before_it_begins_holds_nothing(period):
	assert holds_nothing(period) == (not days_of(period))


def test_the_last_day_belongs_to_the_period():
	assert overlap((None, date(2026, 1, 5)), (date(2026, 1, 5), None))
	assert not overlap((None, date(2026, 1, 4)), (date(2026, 1, 5), None))


def test_clashes_are_named_once_and_others_not_at_all():
	always = (None, None)
	later = (date(2026, 2, 1), None)
	rows = [
		("alice", always),
		("alice", later),
		("alice", always),
		("bob", (None, date(2026, 1, 31))),
		("bob", later),
	]
	assert list(clashes(rows)) == ["alice"]
