"""Service areas of the demo city: the city, four districts, eight wards, drawn along its streets."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import frappe

from govcrm.setup.demo import Progress
from govcrm.setup.demo.world import World

AVENUES_PER_DISTRICT, STREETS_PER_WARD = 4, 8
MARGIN = 0.5  # blocks between the outermost streets and the boundary


class Box(NamedTuple):
	"""Numbers of streets and avenues, with fractions, from the south-west corner."""

	west: float
	south: float
	east: float
	north: float


def make_areas(world: World, tell: Progress) -> None:
	"""Insert the areas, above first."""
	rows = list(area_rows(world))
	for number, row in enumerate(rows, start=1):
		tell("Service areas", number, len(rows))
		if not frappe.db.exists("Service Area", row["area_name"]):
			frappe.new_doc("Service Area", **row).insert()


def area_rows(world: World) -> Iterator[dict[str, Any]]:
	"""Field values of each area. A ward is one of the areas that addresses name."""
	city, wards = world.areas["city"], world.streets["areas"]
	whole = Box(
		-MARGIN, -MARGIN, len(world.streets["streets"]) + MARGIN, len(world.streets["avenues"]) - MARGIN
	)
	departments = [
		{"program_group": group, "department": department} for group, department in city["departments"]
	]
	yield _row(world, city, "City", None, whole, departments=departments)
	for number, district in enumerate(world.areas["districts"]):
		box = _district(whole, number)
		yield _row(world, district, "District", city["name"], box)
		for side, ward in enumerate(wards[2 * number : 2 * number + 2]):
			values = {"name": ward["name"], "code": f"{district['code']}{side + 1}"}
			yield _row(world, values, "Ward", district["name"], _ward(box, side), is_group=0)


def _district(whole: Box, number: int) -> Box:
	south = AVENUES_PER_DISTRICT * number - MARGIN
	return Box(whole.west, south, whole.east, south + AVENUES_PER_DISTRICT)


def _ward(district: Box, side: int) -> Box:
	border = (
		STREETS_PER_WARD - 0.01
	)  # addresses begin at a corner: those of the next block are on the other side
	return district._replace(east=border) if side == 0 else district._replace(west=border)


def _row(world: World, area: dict, level: str, above: str | None, box: Box, **more: Any) -> dict[str, Any]:
	return {
		"area_name": area["name"],
		"area_code": area["code"],
		"level": level,
		"parent_service_area": above,
		"is_group": 1,
		"boundary": frappe.as_json(polygon(world, box), indent=None),
		**more,
	}


def polygon(world: World, box: Box) -> dict[str, Any]:
	"""GeoJSON (RFC 7946) of a box on the street grid: longitude before latitude, counter-clockwise, closed."""
	corners = [(box.west, box.south), (box.east, box.south), (box.east, box.north), (box.west, box.north)]
	origin, step = world.streets["origin"], world.streets["block_degrees"]
	ring = [
		[
			round(origin["longitude"] + step["longitude"] * street, 6),
			round(origin["latitude"] + step["latitude"] * avenue, 6),
		]
		for street, avenue in [*corners, corners[0]]
	]
	return {"type": "Polygon", "coordinates": [ring]}
