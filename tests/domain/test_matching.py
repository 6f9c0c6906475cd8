from datetime import datetime, timedelta
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.matching import Candidate, Place, bounding_box, distance, is_place, rank

NOW = datetime(2026, 3, 1, 12)
CITY_HALL = Place(42.3604, -71.0579)

places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
radii = st.floats(1, 50_000)


def north_of(place, metres):
	return Place(place.latitude + metres / 111_195.08, place.longitude)


def test_a_known_distance():
	# JFK to Heathrow, a usual check of great-circle code: 5,540 km on a sphere.
	assert distance(Place(40.6413, -73.7781), Place(51.4700, -0.4543)) == pytest.approx(5_540_000, rel=2e-3)


def test_a_degree_of_latitude_is_111_195_metres():
	assert distance(Place(0, 0), Place(1, 0)) == pytest.approx(111_195.08, abs=0.1)


@given(places, places)
def test_distance_is_the_same_both_ways(one, other):
	assert distance(one, other) == pytest.approx(distance(other, one), abs=1e-6)
	assert distance(one, one) == 0


@given(places, radii, st.floats(-1, 1), st.floats(-1, 1))
def test_the_box_leaves_out_nothing_near_by(centre, radius, up, right):
	spread = radius / 60_000
	other = Place(
		max(-90, min(90, centre.latitude + up * spread)),
		(centre.longitude + right * spread + 180) % 360 - 180,
	)
	assert distance(centre, other) > radius or bounding_box(centre, radius).contains(other)


def test_the_box_is_small():
	box = bounding_box(CITY_HALL, 100)
	assert box.north - box.south < 0.002
	assert box.east - box.west < 0.003


def test_the_box_crosses_the_date_line():
	box = bounding_box(Place(-17.0, 179.9999), 500)
	assert box.crosses_date_line
	assert box.contains(Place(-17.0, -179.9995))
	assert not box.contains(Place(-17.0, 0))


def test_a_box_at_the_pole_has_every_longitude():
	assert bounding_box(Place(89.9999, 10), 500).contains(Place(89.9999, -170))


@pytest.mark.parametrize(
	("latitude", "longitude"),
	[
		(None, 1),
		(1, None),
		(0, 0),
		(91, 0),
		(-91, 1),
		(1, 181),
		(1, -181),
		(nan, 1),
		(1, nan),
		(float("inf"), 1),
	],
)
def test_no_place(latitude, longitude):
	assert not is_place(latitude, longitude)


def test_a_place():
	assert is_place(42.36, -71.06)
	assert is_place(0, 9.4)


def names(candidates, **limits):
	limits = {"radius": 100, "days": 14} | limits
	return [match.name for match in rank(candidates, CITY_HALL, NOW, **limits)]


def test_near_and_recent_comes_first_and_far_or_old_is_left_out():
	candidates = [
		Candidate("far", north_of(CITY_HALL, 101), NOW),
		Candidate("old", CITY_HALL, NOW - timedelta(days=15)),
		Candidate("edge", north_of(CITY_HALL, 90), NOW - timedelta(days=1)),
		Candidate("here", north_of(CITY_HALL, 1), NOW - timedelta(days=2)),
	]
	assert names(candidates) == ["here", "edge"]


def test_no_radius_or_no_days_means_no_suggestion():
	here = [Candidate("here", CITY_HALL, NOW)]
	assert names(here, radius=0) == names(here, days=0) == []


def test_the_score_is_one_here_and_now():
	(match,) = rank([Candidate("here", CITY_HALL, NOW)], CITY_HALL, NOW, radius=100, days=14)
	assert (match.distance, match.score) == (0, 1)


@given(st.lists(st.tuples(st.floats(0, 150), st.floats(0, 20)), max_size=10))
def test_matches_come_by_falling_score_and_within_both_limits(spots):
	candidates = [
		Candidate(str(n), north_of(CITY_HALL, metres), NOW - timedelta(days=days))
		for n, (metres, days) in enumerate(spots)
	]
	found = rank(candidates, CITY_HALL, NOW, radius=100, days=14)
	assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)
	assert all(0 <= match.score <= 1 and match.distance <= 100 for match in found)
