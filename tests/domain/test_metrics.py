from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import metrics
from govcrm.domain.metrics import CANCELLED, PAUSED, RUNNING, STOPPED, Clock, Tally

START = datetime(2026, 3, 2, 9)
STATES = (RUNNING, PAUSED, STOPPED, CANCELLED)

values = st.lists(st.integers(0, 10**7), min_size=1, max_size=60)
percents = st.integers(1, 100)
hours = st.integers(0, 5000)


def clock(status: str = STOPPED, breached: bool = False, took: int = 5, working: int = 2) -> Clock:
	stopped = START + timedelta(hours=took) if status in (STOPPED, CANCELLED) else None
	missed = START + timedelta(hours=4) if breached else None
	return Clock(status, breached, START, stopped, missed, working * 3600)


clocks = st.builds(clock, st.sampled_from(STATES), st.booleans(), hours, hours)
keyed = st.lists(st.tuples(st.sampled_from("abc"), clocks), max_size=40)


def tally_of(*some: Clock) -> Tally:
	return metrics.tally((None, each) for each in some)[None]


def test_known_percentiles_by_the_nearest_rank():
	# The worked example of the method: fifteen to fifty, five values.
	ordered = [15, 20, 35, 40, 50]
	found = [metrics.percentile(ordered, percent) for percent in (5, 30, 40, 50, 100)]
	assert found == [15, 20, 20, 35, 50]


@given(values, percents)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(some, percent):
	ordered = sorted(some)
	found = metrics.percentile(ordered, percent)
	assert found in ordered
	assert 100 * sum(value <= found for value in ordered) >= percent * len(ordered)
	assert 100 * sum(value < found for value in ordered) < percent * len(ordered)


@given(values, percents, percents)
def test_a_higher_percentile_is_no_smaller(some, one, other):
	ordered = sorted(some)
	low, high = sorted((one, other))
	assert metrics.percentile(ordered, low) <= metrics.percentile(ordered, high)


@given(values, st.randoms(use_true_random=False))
def test_a_spread_does_not_mind_the_order(some, random):
	shuffled = random.sample(some, len(some))
	assert metrics.spread(shuffled) == metrics.spread(some)
	assert metrics.spread(some).median == median_low(some)


@pytest.mark.parametrize("percent", [0, -1, 100.1])
def test_there_is_no_percentile_outside_of_the_hundred(percent):
	with pytest.raises(ValueError, match="percentile"):
		metrics.percentile([1], percent)


def test_nothing_has_no_percentile_and_no_share():
	assert metrics.spread([]) == metrics.Spread(0, None, None)
	assert metrics.share(0, 0) is None


def test_few_values_are_marked_as_few():
	assert metrics.spread(range(9)).small
	assert not metrics.spread(range(10)).small


def test_leaving_a_missed_case_open_does_not_better_the_figure():
	closed_late = tally_of(clock(), clock(breached=True))
	left_open = tally_of(clock(), clock(RUNNING, breached=True))
	assert closed_late.percent_on_time == left_open.percent_on_time == 50
	assert (closed_late.late, left_open.overdue) == (1, 1)


def test_cancelling_a_missed_clock_does_not_undo_it_and_gives_no_time():
	found = tally_of(clock(CANCELLED, breached=True))
	assert (found.late, found.wall) == (1, [])


@pytest.mark.parametrize("status", [RUNNING, PAUSED, CANCELLED])
def test_what_is_not_settled_counts_nowhere(status):
	assert tally_of(clock(status)).settled == 0
	assert metrics.settled_at(clock(status)) is None


def test_a_clock_counts_when_its_outcome_was_known():
	assert metrics.settled_at(clock(took=5)) == START + timedelta(hours=5)
	assert metrics.settled_at(clock(breached=True, took=5)) == START + timedelta(hours=4)


def test_times_are_of_what_was_stopped():
	found = tally_of(clock(took=30, working=8), clock(RUNNING, breached=True))
	assert (found.working, found.wall) == ([8 * 3600], [30 * 3600])


def test_time_that_is_not_counted_as_work_is_in_no_working_time():
	found = tally_of(Clock(STOPPED, False, START, START + timedelta(days=2)))
	assert (found.working, found.wall) == ([], [2 * 86400])


@given(keyed)
def test_every_clock_counts_at_most_once_and_the_parts_make_up_the_whole(some):
	tallies = metrics.tally(some)
	whole = metrics.total(tallies.values())
	assert whole.settled == sum(metrics.settled_at(each) is not None for _, each in some)
	assert whole.settled == whole.on_time + whole.late + whole.overdue
	assert sorted(whole.wall) == sorted(metrics.total([tally_of(each) for _, each in some]).wall)


@given(keyed)
def test_the_share_lies_between_none_and_all(some):
	for each in metrics.tally(some).values():
		assert each.percent_on_time is None or 0 <= each.percent_on_time <= 100


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_week_begins_on_its_monday(day):
	monday = metrics.week_of(day)
	assert monday.isocalendar()[:2] == day.isocalendar()[:2]
	assert monday.isocalendar()[2] == 1
	assert metrics.week_of(datetime(day.year, day.month, day.day, 23, 59)) == monday


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_no_week_between_two_days_is_left_out(first, days):
	last = first + timedelta(days=days)
	weeks = metrics.weeks_between(first, last)
	assert set(weeks) == {metrics.week_of(first + timedelta(days=number)) for number in range(days + 1)}


@given(st.integers(-5, 2000))
def test_every_age_lies_in_its_band(age):
	first, last = metrics.age_bands()[metrics.band_of(age)]
	assert first <= max(age, 0) and (last is None or age <= last)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6, unique=True).map(sorted))
def test_bands_leave_no_day_out(edges):
	bands = metrics.age_bands(edges)
	assert bands[0][0] == 0 and bands[-1][1] is None
	assert all(last + 1 == first for (_, last), (first, _) in pairwise(bands))
	assert all(metrics.band_of(edge, edges) + 1 == metrics.band_of(edge + 1, edges) for edge in edges)
