"""From GeoJSON to the boundary of an area, or to words that say which ring is wrong and where.

GeoJSON as in RFC 7946: WGS 84, longitude before latitude, in degrees. Polygon, MultiPolygon, Feature and
FeatureCollection are taken; other geometries are not areas. The order in which a ring runs does not matter (section
3.1.6 asks readers to be tolerant), a third coordinate is left out. Polygons are counted through the whole boundary from
1, rings within a polygon from 1, which is its outline. Texts are marked for translation; who shows them translates.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon

from govcrm.domain.texts import _

MAX_POINTS = 50_000
MAX_CHARACTERS = 5_000_000
LEAST_POSITIONS = 4  # RFC 7946, section 3.1.6
SLIVER = 0.01  # neighbours digitised apart may overlap by this share of the smaller one

Position = tuple[float, float]


class BadBoundary(ValueError):
	"""No boundary of an area; `message` has numbered placeholders for `values`."""

	def __init__(self, message: str, *values: Any) -> None:
		super().__init__(message.format(*values))
		self.message, self.values = message, values


def read_boundary(source: str | Mapping) -> MultiPolygon:
	"""Return the boundary that GeoJSON (text or parsed) describes, in degrees. Raises BadBoundary."""
	data = parse(source)
	_refuse_other_systems(data)
	polygons = [_polygon(rings, number) for number, rings in enumerate(_within_limit(_polygons(data)), 1)]
	if not polygons:
		raise BadBoundary(_("There is no polygon in it. Draw one or upload one."))
	whole = _together(polygons)
	_refuse_around_the_world(whole)
	return whole


def parse(source: str | Mapping, limit: int | None = None) -> Mapping:
	"""The object that a JSON text of at most `limit` characters holds. Raises BadBoundary."""
	if isinstance(source, str):
		limit = limit or MAX_CHARACTERS
		if len(source) > limit:
			raise BadBoundary(_("The file is too large: up to {0} characters are read."), limit)
		try:
			source = json.loads(source)
		except (ValueError, RecursionError):
			raise BadBoundary(_("This is no JSON. Upload a GeoJSON file.")) from None
	if not isinstance(source, Mapping) or not isinstance(source.get("type"), str):
		raise BadBoundary(_("This is no GeoJSON: it has no type."))
	return source


def as_features(boundary: MultiPolygon) -> dict[str, Any]:
	"""The boundary as a FeatureCollection of polygons: that is what can be edited on a map."""
	return {
		"type": "FeatureCollection",
		"features": [
			{"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(polygon))}
			for polygon in boundary.geoms
		],
	}


def restore(text: str) -> MultiPolygon:
	"""The boundary that `as_features` has written: checked once, it is not checked again."""
	return MultiPolygon([shapely.geometry.shape(one["geometry"]) for one in json.loads(text)["features"]])


def share_outside(inner: MultiPolygon, outer: MultiPolygon) -> float:
	"""Which share of one area, from 0 to 1, lies outside another."""
	return shapely.difference(inner, outer).area / inner.area


# What is in the file --------------------------------------------------------------------------------------


def _polygons(data: Mapping) -> Iterator[Any]:
	"""The coordinates of all polygons in their order."""
	kind = data.get("type")
	if kind == "FeatureCollection":
		for feature in _list(data.get("features"), _("The collection has no list of features.")):
			yield from _polygons_of_feature(feature)
	elif kind == "Feature":
		yield from _polygons_of_feature(data)
	else:
		yield from _polygons_of_geometry(data)


def _polygons_of_feature(feature: Any) -> Iterator[Any]:
	if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
		raise BadBoundary(_("The collection holds something that is no feature."))
	if isinstance(feature.get("geometry"), Mapping):  # null says that its place is unknown (section 3.2)
		yield from _polygons_of_geometry(feature["geometry"])


def _polygons_of_geometry(geometry: Mapping) -> Iterator[Any]:
	kind, coordinates = geometry.get("type"), geometry.get("coordinates")
	if kind == "Polygon":
		yield coordinates
	elif kind == "MultiPolygon":
		yield from _list(coordinates, _("A MultiPolygon has a list of polygons."))
	elif kind == "Point":
		raise BadBoundary(
			_("A point or a circle has no boundary that could be kept exactly. Draw a polygon instead.")
		)
	else:
		raise BadBoundary(_("{0} is no area. Only polygons and multipolygons are."), str(kind)[:50])


def _list(value: Any, message: str) -> Sequence:
	if not isinstance(value, list | tuple):
		raise BadBoundary(message)
	return value


def _if_list(value: Any) -> Sequence:
	return value if isinstance(value, list | tuple) else ()


def _within_limit(polygons: Iterator[Any]) -> Iterator[Any]:
	points = 0
	for rings in polygons:
		points += sum(len(ring) for ring in _if_list(rings) if isinstance(ring, list | tuple))
		if points > MAX_POINTS:
			raise BadBoundary(_("The boundary has more than {0} points. Simplify it first."), MAX_POINTS)
		yield rings


def _refuse_other_systems(data: Mapping) -> None:
	"""GeoJSON of 2008 could name another system of coordinates; RFC 7946, section 4, knows WGS 84 alone."""
	named = data.get("crs")
	properties = named.get("properties") if isinstance(named, Mapping) else None
	name = str(properties.get("name") if isinstance(properties, Mapping) else named or "")[:80]
	if name and not name.upper().endswith(("CRS84", ":4326")):
		raise BadBoundary(
			_("The coordinates are those of {0}. Convert the file to WGS 84 (EPSG:4326) first."), name
		)


# One polygon ----------------------------------------------------------------------------------------------


def _polygon(rings: Any, number: int) -> Polygon:
	if not isinstance(rings, list | tuple) or not rings:
		raise BadBoundary(_("Polygon {0} is empty."), number)
	read = [_ring(ring, place, number) for place, ring in enumerate(rings, 1)]
	polygon = Polygon(read[0], read[1:])
	if not polygon.is_valid:
		raise _fault_of_polygon(shapely.is_valid_reason(polygon), number)
	return polygon


def _ring(positions: Any, place: int, number: int) -> list[Position]:
	if not isinstance(positions, list | tuple):
		raise BadBoundary(_("Ring {0} of polygon {1} is no list of positions."), place, number)
	ring = [_position(position, place, number) for position in positions]
	if len(ring) < LEAST_POSITIONS:
		raise BadBoundary(
			_("Ring {0} of polygon {1} has {2} positions; a closed ring has at least {3}."),
			*(place, number, len(ring), LEAST_POSITIONS),
		)
	if ring[0] != ring[-1]:
		raise BadBoundary(
			_("Ring {0} of polygon {1} is not closed: it begins at {2} and ends at {3}."),
			*(place, number, near(ring[0]), near(ring[-1])),
		)
	_refuse_crossing(ring, place, number)
	return ring


def _position(position: Any, place: int, number: int) -> Position:
	if not _is_position(position):
		raise BadBoundary(
			_("Ring {0} of polygon {1} holds something other than [longitude, latitude]."), place, number
		)
	longitude, latitude = position[:2]
	if abs(longitude) > 180 or abs(latitude) > 90:
		raise BadBoundary(_range_message(longitude, latitude), place, number, longitude, latitude)
	return float(longitude), float(latitude)


def _is_position(value: Any) -> bool:
	return (
		isinstance(value, list | tuple)
		and len(value) >= 2
		and all(isinstance(one, int | float) and not isinstance(one, bool) for one in value[:2])
		and all(math.isfinite(one) for one in value[:2])
	)


def _range_message(longitude: float, latitude: float) -> str:
	if max(abs(longitude), abs(latitude)) > 360:
		return _(
			"Ring {0} of polygon {1} holds {2}, {3}: these are no degrees but projected coordinates, such as metres or"
			" feet. Convert the file to WGS 84 (EPSG:4326) first."
		)
	if abs(longitude) <= 90 and abs(latitude) <= 180:
		return _(
			"Ring {0} of polygon {1} holds {2}, {3}: the latitude is out of range. GeoJSON has the longitude first;"
			" the two may have been swapped."
		)
	return _("Ring {0} of polygon {1} holds {2}, {3}, which is no place on earth.")


def near(position: Position) -> str:
	"""A place in words: latitude, longitude, to about a metre."""
	return f"{round(position[1], 5)}, {round(position[0], 5)}"


# What GEOS finds ------------------------------------------------------------------------------------------

_FAULTS_OF_RINGS = {
	"Self-intersection": _("Ring {0} of polygon {1} crosses itself near {2}."),
	"Ring Self-intersection": _("Ring {0} of polygon {1} touches itself near {2}."),
	"Too few points in geometry component": _("Ring {0} of polygon {1} encloses nothing near {2}."),
}
_FAULTS_OF_POLYGONS = {
	"Hole lies outside shell": _("A hole of polygon {0} lies outside its outline near {1}."),
	"Holes are nested": _("A hole of polygon {0} lies within another hole near {1}."),
	"Interior is disconnected": _("The holes of polygon {0} cut it in two near {1}: make it two polygons."),
	"Duplicate Rings": _("Polygon {0} has the same ring twice near {1}."),
	"Self-intersection": _("Two rings of polygon {0} cross near {1}."),
}


def _refuse_crossing(ring: list[Position], place: int, number: int) -> None:
	alone = Polygon(ring)
	if not alone.is_valid:
		reason, where = _told(shapely.is_valid_reason(alone))
		message = _FAULTS_OF_RINGS.get(reason, _("Ring {0} of polygon {1} is no simple ring near {2}."))
		raise BadBoundary(message, place, number, where)


def _fault_of_polygon(told: str, number: int) -> BadBoundary:
	reason, where = _told(told)
	message = _FAULTS_OF_POLYGONS.get(reason, _("The rings of polygon {0} do not fit together near {1}."))
	return BadBoundary(message, number, where)


def _told(told: str) -> tuple[str, str]:
	"""GEOS says `Self-intersection[-71.06 42.36]`."""
	reason, _bracket, place = told.partition("[")
	longitude, latitude = (float(part) for part in place.rstrip("]").split()[:2])
	return reason, near((longitude, latitude))


# All polygons together ------------------------------------------------------------------------------------


def _together(polygons: list[Polygon]) -> MultiPolygon:
	"""Polygons that touch, as two drawn side by side do, become one; those that overlap are a mistake."""
	_refuse_overlaps(polygons)
	whole = MultiPolygon(polygons)
	if whole.is_valid:
		return whole
	united = shapely.union_all(polygons)
	return united if isinstance(united, MultiPolygon) else MultiPolygon([united])


def _refuse_overlaps(polygons: list[Polygon]) -> None:
	for one, other in shapely.STRtree(polygons).query(polygons, predicate="intersects").T.tolist():
		if one >= other:
			continue
		common = shapely.intersection(polygons[one], polygons[other])
		if common.area > SLIVER * min(polygons[one].area, polygons[other].area):
			place = common.representative_point()
			message = _("Polygons {0} and {1} overlap near {2}. Take the one out of the other.")
			raise BadBoundary(message, one + 1, other + 1, near((place.x, place.y)))


def _refuse_around_the_world(whole: MultiPolygon) -> None:
	for number, polygon in enumerate(whole.geoms, 1):
		west, _south, east, _north = polygon.bounds
		if east - west > 180:
			raise BadBoundary(
				_(
					"Polygon {0} goes around the world. Cut it at the 180th meridian (RFC 7946, section 3.1.9)."
				),
				number,
			)
