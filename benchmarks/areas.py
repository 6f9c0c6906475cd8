"""Look-ups of places in service areas: one by one, many at once, and with Shapely's STR tree alone.

Needs no site; run in any Python that has Shapely:

	python benchmarks/areas.py --areas 500 --points 200 --places 200000

The areas lie side by side like the wards of a city, each with a border of so many points, in ten districts and a city
above them, so that every place lies in three areas at once. Places are spread evenly, one in ten lies outside. "First" is
with an empty memory of the grid, "again" once it is filled. The answers of all ways are compared.
"""

import argparse
import math
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import shapely
from shapely.geometry import MultiPolygon, Polygon, box

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from govcrm.domain.areas import Area, AreaMap

WEST, SOUTH, SIZE = -71.2, 42.2, 0.25
DISTRICTS = 10


def make_areas(count: int, points: int) -> list[Area]:
	"""A city, its districts, and `count` wards whose shared borders are waves."""
	columns = math.ceil(math.sqrt(count))
	rows = math.ceil(count / columns)
	city = Area("City", boundary=multi(box(WEST, SOUTH, WEST + SIZE, SOUTH + SIZE)))
	districts = [make_district(number) for number in range(DISTRICTS)]
	wards = [make_ward(number, columns, rows, points // 4) for number in range(count)]
	return [city, *districts, *wards]


def make_district(number: int) -> Area:
	low, high = (SOUTH + SIZE * edge / DISTRICTS for edge in (number, number + 1))
	return Area(f"District {number}", "City", multi(box(WEST, low, WEST + SIZE, high)))


def make_ward(number: int, columns: int, rows: int, steps: int) -> Area:
	row, column = divmod(number, columns)
	corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
	ring = [
		point
		for start, end in zip(corners, corners[1:] + corners[:1], strict=True)
		for point in border(start, end, steps)
	]
	place = [(WEST + SIZE * x / columns, SOUTH + SIZE * y / rows) for x, y in ring]
	return Area(f"Ward {number:03}", f"District {row * DISTRICTS // rows}", multi(Polygon(place)))


def border(start: tuple, end: tuple, steps: int) -> list[tuple[float, float]]:
	"""From one corner to the next; the neighbour draws the same line the other way."""
	(x1, y1), (x2, y2) = start, end
	found = []
	for step in range(steps):
		along = step / steps
		wave = 0.15 * math.sin(2 * math.pi * along) * (1 if (x2 - x1) + (y2 - y1) > 0 else -1)
		sideways = (wave, 0) if x1 == x2 else (0, wave)
		found.append((x1 + (x2 - x1) * along + sideways[0], y1 + (y2 - y1) * along + sideways[1]))
	return found


def multi(polygon: Polygon) -> MultiPolygon:
	return MultiPolygon([polygon])


def make_places(count: int) -> list[tuple[float, float]]:
	chance = random.Random(311)
	margin = SIZE * 0.027  # a tenth of the places lies outside
	return [
		(
			SOUTH - margin + chance.random() * (SIZE + 2 * margin),
			WEST - margin + chance.random() * (SIZE + 2 * margin),
		)
		for _number in range(count)
	]


def plain(areas: list[Area]) -> Callable[[float, float], str | None]:
	"""What one would write with Shapely's tree and no more: the smallest area whose geometry holds the point."""
	ordered = sorted(areas, key=lambda area: area.boundary.area)
	tree = shapely.STRtree([area.boundary for area in ordered])

	def find(latitude: float, longitude: float) -> str | None:
		found = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
		return ordered[min(found)].name if len(found) else None

	return find


def report(title: str, places: int, act: Callable[[], list]) -> list:
	begin = time.perf_counter()
	found = act()
	seconds = time.perf_counter() - begin
	print(f"{title:32} {places / seconds:12,.0f} look-ups/s {seconds / places * 1e6:8.2f} µs each")
	return found


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--areas", type=int, default=500)
	parser.add_argument("--points", type=int, default=200)
	parser.add_argument("--places", type=int, default=200_000)
	args = parser.parse_args()
	areas, places = make_areas(args.areas, args.points), make_places(args.places)
	begin = time.perf_counter()
	area_map = AreaMap(areas)
	print(f"{len(areas)} areas of {args.points} points, built in {time.perf_counter() - begin:.3f} s")
	latitudes, longitudes = map(list, zip(*places, strict=True))
	first = report("one by one, first", args.places, lambda: [area_map.find(*place) for place in places])
	again = report("one by one, again", args.places, lambda: [area_map.find(*place) for place in places])
	many = report("many at once", args.places, lambda: area_map.find_many(latitudes, longitudes))
	find = plain(areas)
	few = places[: args.places // 10]
	alone = report("STR tree alone, one by one", len(few), lambda: [find(*place) for place in few])
	if not (first == again == many and alone == many[: len(few)]):
		raise SystemExit("The answers differ.")
	print(
		f"{sum(one is None for one in many) / args.places:.0%} of the places lie outside; all answers agree"
	)


if __name__ == "__main__":
	main()
