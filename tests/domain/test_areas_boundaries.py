import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from govcrm.domain import boundaries
from govcrm.domain.boundaries import BadBoundary, as_features, read_boundary, restore, share_outside

RING = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def moved(by, ring=RING):
	return [[x + by, y] for x, y in ring]


def polygon(*rings):
	return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry):
	return {"type": "Feature", "properties": {}, "geometry": geometry}


def collection(*geometries):
	return {"type": "FeatureCollection", "features": [feature(geometry) for geometry in geometries]}


def refused(source):
	with pytest.raises(BadBoundary) as caught:
		read_boundary(source)
	return str(caught.value)


@pytest.mark.parametrize(
	"source",
	[
		POLYGON,
		json.dumps(POLYGON),
		polygon(RING[::-1]),
		polygon([[x, y, 12.5] for x, y in RING]),
		feature(POLYGON),
		collection(POLYGON),
		collection(POLYGON, None),
		{
			**collection(POLYGON),
			"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
		},
	],
)
def test_every_way_to_write_a_square_is_read_as_that_square(source):
	assert read_boundary(source).equals(box(0, 0, 2, 2))


def test_many_polygons_are_one_boundary():
	whole = read_boundary({"type": "MultiPolygon", "coordinates": [[RING], [moved(5)]]})
	assert whole.area == 8
	assert len(whole.geoms) == 2


def test_polygons_that_share_a_side_become_one():
	assert len(read_boundary(collection(POLYGON, polygon(moved(2)))).geoms) == 1


def test_a_hole_is_kept():
	hole = [[0.5, 0.5], [1, 0.5], [1, 1], [0.5, 1], [0.5, 0.5]]
	assert read_boundary(polygon(RING, hole)).area == 3.75


@pytest.mark.parametrize(
	("source", "words"),
	[
		("", "no JSON"),
		("[1, 2]", "no GeoJSON"),
		("[" * 100_000, "no JSON"),
		({"features": []}, "no type"),
		({"type": "FeatureCollection"}, "no list of features"),
		({"type": "FeatureCollection", "features": [5]}, "no feature"),
		(collection(), "no polygon"),
		(collection(None), "no polygon"),
		({"type": "MultiPolygon", "coordinates": []}, "no polygon"),
		({"type": "MultiPolygon", "coordinates": 5}, "list of polygons"),
		(polygon(), "Polygon 1 is empty"),
		({"type": "Polygon"}, "Polygon 1 is empty"),
		(polygon(7), "Ring 1 of polygon 1 is no list"),
		(polygon(RING[:3]), "has 3 positions"),
		(polygon([*RING[:4], [0, 0.5]]), "is not closed: it begins at 0.0, 0.0 and ends at 0.5, 0.0"),
		(polygon([[0, 0], [2, "x"], [2, 2], [0, 0]]), "other than [longitude, latitude]"),
		(polygon([[0, 0], [2, True], [2, 2], [0, 0]]), "other than [longitude, latitude]"),
		(polygon([[0, 0], [2], [2, 2], [0, 0]]), "other than [longitude, latitude]"),
		('{"type": "Polygon", "coordinates": [[[0, 0], [NaN, 1], [2, 2], [0, 0]]]}', "other than [longitude"),
		(polygon([[775000, 2950000], [1, 1], [2, 2], [775000, 2950000]]), "projected coordinates"),
		(polygon([[42, -171], [43, -171], [43, -170], [42, -171]]), "may have been swapped"),
		(polygon([[181, 0], [182, 0], [182, 1], [181, 0]]), "no place on earth"),
		({"type": "Point", "coordinates": [0, 0]}, "point or a circle"),
		({"type": "LineString", "coordinates": RING}, "LineString is no area"),
		({"type": "GeometryCollection", "geometries": [POLYGON]}, "GeometryCollection is no area"),
		({**POLYGON, "crs": {"properties": {"name": "EPSG:2249"}}}, "are those of EPSG:2249"),
		(
			polygon([[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]),
			"Ring 1 of polygon 1 crosses itself near 1.0, 1.0",
		),
		(polygon([[0, 0], [1, 1], [2, 2], [0, 0]]), "Ring 1 of polygon 1"),
		(polygon(RING, moved(5)), "hole of polygon 1 lies outside"),
		(polygon(RING, moved(1)), "Two rings of polygon 1 cross near"),
		(collection(POLYGON, polygon(moved(1))), "Polygons 1 and 2 overlap near 1.0, 1.5"),
		(polygon([[-179, 0], [179, 0], [179, 1], [-179, 1], [-179, 0]]), "goes around the world"),
	],
)
def test_what_is_no_boundary_is_refused_in_words(source, words):
	assert words in refused(source)


def test_the_ring_and_the_polygon_that_are_wrong_are_named_with_the_place():
	bow = [[-71.07, 42.35], [-71.05, 42.37], [-71.05, 42.35], [-71.07, 42.37], [-71.07, 42.35]]
	outline = [[-72, 42], [-70, 42], [-70, 43], [-72, 43], [-72, 42]]
	source = {"type": "MultiPolygon", "coordinates": [[RING], [outline, bow]]}
	assert refused(source) == "Ring 2 of polygon 2 crosses itself near 42.36, -71.06."


def test_too_many_points_and_too_large_files_are_refused(monkeypatch):
	monkeypatch.setattr(boundaries, "MAX_POINTS", 9)
	assert "more than 9 points" in refused(collection(POLYGON, polygon(moved(5))))
	monkeypatch.setattr(boundaries, "MAX_CHARACTERS", 30)
	assert "up to 30 characters" in refused(json.dumps(POLYGON))


def test_what_is_kept_can_be_restored_and_read_again():
	boundary = read_boundary({"type": "MultiPolygon", "coordinates": [[RING], [moved(5)]]})
	kept = json.dumps(as_features(boundary))
	assert restore(kept).equals(boundary)
	assert read_boundary(kept).equals(boundary)


def test_the_share_that_lies_outside():
	inner, outer = read_boundary(polygon(moved(1))), read_boundary(POLYGON)
	assert share_outside(inner, outer) == 0.5
	assert share_outside(inner, inner) == 0


junk = st.recursive(
	st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just([0, 0]),
	lambda inner: st.lists(inner, max_size=4)
	| st.dictionaries(st.sampled_from(["type", "features", "geometry", "coordinates", "crs"]), inner),
	max_leaves=12,
)
kinds = st.sampled_from(["Polygon", "MultiPolygon", "Feature", "FeatureCollection", "Point", "x"])


@given(junk, junk, kinds)
def test_nothing_but_a_refusal_comes_of_junk(coordinates, features, kind):
	source = {"type": kind, "coordinates": coordinates, "features": features, "geometry": coordinates}
	with pytest.raises(BadBoundary):
		read_boundary(source)
