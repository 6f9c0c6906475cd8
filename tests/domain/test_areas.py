import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from govcrm.domain.areas import Area, AreaMap


def square(west, south, east, north):
	return MultiPolygon([box(west, south, east, north)])


CITY = Area("City", boundary=square(0, 0, 10, 10), departments={"": "Town Hall", "Parks": "Parks"})
NORTH = Area("North", "City", square(0, 5, 10, 10), {"Waste": "Waste North"})
WARD = Area("Ward 1", "North", square(0, 5, 2, 7))
SMALL = Area("Small", "City", square(4, 6, 5, 7))
ALL = AreaMap([CITY, NORTH, WARD, SMALL])


def test_the_deepest_area_is_found():
	assert ALL.find(latitude=6, longitude=1) == "Ward 1"
	assert ALL.find(latitude=6, longitude=8) == "North"
	assert ALL.find(latitude=1, longitude=8) == "City"


def test_of_equally_deep_areas_the_smaller_is_found():
	assert ALL.find(latitude=6.5, longitude=4.5) == "Small"


def test_outside_of_all_there_is_none():
	assert ALL.find(latitude=20, longitude=1) is None
	assert ALL.find(latitude=float("nan"), longitude=1) is None
	assert AreaMap([]).find(1, 1) is None
	assert AreaMap([]).find_many([1], [1]) == [None]


def test_a_place_on_a_border_goes_to_the_first_by_name_of_equally_large_areas():
	west, east = Area("B", boundary=square(0, 0, 1, 1)), Area("A", boundary=square(1, 0, 2, 1))
	for areas in ([west, east], [east, west]):
		assert AreaMap(areas).find(latitude=0.5, longitude=1) == "A"
	assert AreaMap([west, east]).find(latitude=1, longitude=0) == "B"


def test_an_inactive_area_is_passed_over_and_names_nobody():
	closed = Area("North", "City", NORTH.boundary, NORTH.departments, active=False)
	areas = AreaMap([CITY, closed, WARD])
	assert areas.find(latitude=6, longitude=8) == "City"
	assert [area.name for area in areas.line("Ward 1")] == ["Ward 1", "City"]
	assert list(areas.departments("Ward 1", "Waste")) == [("Town Hall", "City")]


def test_departments_are_inherited_from_the_areas_above():
	assert list(ALL.departments("Ward 1", "Waste")) == [("Waste North", "North"), ("Town Hall", "City")]
	assert list(ALL.departments("Ward 1", "Parks")) == [("Parks", "City")]
	assert list(ALL.departments(None, "Parks")) == []


def test_areas_above_each_other_in_a_circle_are_no_endless_loop():
	one, two = Area("One", "Two", square(0, 0, 1, 1)), Area("Two", "One", square(0, 0, 1, 1))
	assert [area.name for area in AreaMap([one, two]).line("One")] == ["One", "Two"]


def naive(areas, latitude, longitude):
	"""Every area asked one by one, with the plain predicate."""
	depth = {area.name: len(AreaMap(areas).line(area.name)) for area in areas}
	point = shapely.Point(longitude, latitude)
	holding = [area for area in areas if area.boundary.intersects(point)]
	holding.sort(key=lambda area: (-depth[area.name], area.boundary.area, area.name))
	return holding[0].name if holding else None


# Quarters, so that many places fall on borders.
steps = st.integers(0, 12).map(lambda n: n / 4)
spans = st.tuples(st.integers(0, 11), st.integers(1, 6)).map(lambda span: (span[0] / 4, sum(span) / 4))
corners = st.tuples(spans, spans).map(lambda xy: (xy[0][0], xy[1][0], xy[0][1], xy[1][1]))


@st.composite
def some_areas(draw):
	areas = []
	for number, corner in enumerate(draw(st.lists(corners, min_size=1, max_size=6))):
		parent = draw(st.sampled_from([None, *(area.name for area in areas)]))
		areas.append(Area(str(number), parent, square(*corner)))
	return areas


@given(some_areas(), st.lists(st.tuples(steps, steps), min_size=1, max_size=20))
def test_single_and_many_look_ups_agree_with_asking_every_area(areas, places):
	area_map = AreaMap(areas)
	expected = [naive(areas, *place) for place in places]
	assert [area_map.find(*place) for place in places] == expected
	assert [area_map.find(*place) for place in places] == expected, "from the memory of the grid"
	assert area_map.find_many(*zip(*places, strict=True)) == expected
