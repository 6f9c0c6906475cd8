import json

import pytest

from govcrm.domain import area_files
from govcrm.domain.area_files import (
	Columns,
	Row,
	features_of,
	likely_name,
	parents_first,
	property_names,
	read_rows,
)
from govcrm.domain.boundaries import BadBoundary


def feature(west=0, **properties):
	ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
	return {
		"type": "Feature",
		"properties": properties,
		"geometry": {"type": "Polygon", "coordinates": [ring]},
	}


def collection(*features):
	return {"type": "FeatureCollection", "features": list(features)}


@pytest.mark.parametrize(
	"source",
	["", "{}", feature(), collection(), {"type": "FeatureCollection", "features": {}}, collection(1)],
)
def test_what_is_no_collection_of_features_is_refused(source):
	with pytest.raises(BadBoundary):
		features_of(source)


def test_more_features_than_can_be_shown_are_refused(monkeypatch):
	monkeypatch.setattr(area_files, "MAX_FEATURES", 1)
	with pytest.raises(BadBoundary, match="has 2 features; up to 1"):
		features_of(collection(feature(), feature()))


def test_a_file_may_be_larger_than_one_boundary():
	text = json.dumps(collection(feature(name="A" * 6_000_000)))
	assert len(features_of(text)) == 1


def test_the_name_is_likely_a_text_that_every_feature_has_for_itself():
	features = [feature(id=1, kind="ward", FullName="North"), feature(id=2, kind="ward", FullName="South")]
	assert property_names(features) == ["id", "kind", "FullName"]
	assert likely_name(features) == "FullName"
	assert likely_name([{**one, "properties": {"id": number}} for number, one in enumerate(features)]) == "id"
	assert likely_name([feature(kind="ward"), feature(kind="ward")]) == ""
	assert likely_name([feature(name="A"), feature()]) == ""


def test_rows_are_read_with_what_is_wrong_with_each():
	point = {**feature(name="Spot"), "geometry": {"type": "Point", "coordinates": [0, 0]}}
	features = [
		feature(name=" North  End ", no=1),
		feature(name="North End"),
		feature(),
		point,
		feature(name="x" * 141),
	]
	rows = read_rows(features, Columns(name="name", code="no"))
	assert (rows[0].name, rows[0].code, rows[0].problem, rows[0].boundary.area) == ("North End", "1", None, 1)
	told = [message.format(*values) for message, values in (row.problem for row in rows[1:])]
	assert told[0] == "Feature 1 has the same name."
	assert told[1] == "It has no name."
	assert told[2].startswith("A point or a circle")
	assert told[3] == "Its name has more than 140 characters."


def row(name, parent=""):
	return Row(1, name, "", parent, None)


def test_parents_come_before_their_parts_and_circles_are_left_out():
	rows = [
		row("Block", "Ward"),
		row("Ward", "City"),
		row("Other", "Elsewhere"),
		row("A", "B"),
		row("B", "A"),
	]
	assert [one.name for one in parents_first(rows)] == ["Ward", "Other", "Block"]
