"""In which area a place lies, and who works there.

Areas form a tree: a city, its districts, their wards. Of all active areas that hold a place, one is taken:

1. the deepest in the tree,
2. of equally deep ones the smallest,
3. of equally large ones the first by name.

A place on a border belongs to both sides, and the same order decides, so the answer never depends on chance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

CELLS = 128  # in each direction; at most 16,384 small tuples are kept
ANY_GROUP = ""


@dataclass(frozen=True, eq=False)
class Area:
	"""`departments` is by program group; that under `ANY_GROUP` is for all groups without one of their own."""

	name: str
	parent: str | None = None
	boundary: MultiPolygon | None = None
	departments: dict[str, str] = field(default_factory=dict)
	active: bool = True

	def department_for(self, group: str) -> str | None:
		return self.departments.get(group) or self.departments.get(ANY_GROUP)


class AreaMap:
	"""All areas of an agency, built once; look-ups change nothing but their own memory.

	An STR tree finds the areas whose box holds a place, prepared geometries say which of them hold it. For single
	look-ups the tree is asked once per cell of a grid: what it said stays true for every place in the cell.
	"""

	def __init__(self, areas: Iterable[Area]) -> None:
		self._areas = {area.name: area for area in areas}
		drawn = [area for area in self._areas.values() if area.active and area.boundary is not None]
		drawn.sort(key=lambda area: (-len(self._above(area)), area.boundary.area, area.name))
		self._names = [area.name for area in drawn]
		self._shapes = np.array([area.boundary for area in drawn], dtype=object)
		shapely.prepare(self._shapes)
		self._cells: dict[tuple[int, int], tuple[tuple[int, bool], ...]] = {}
		self._asking = Lock()  # GEOS builds the indexes of prepared geometries when they are first asked

		self._build_indexes()

	def __len__(self) -> int:
		return len(self._names)

	def find(self, latitude: float, longitude: float) -> str | None:
		"""Name of the area in which a place lies (degrees, WGS 84). None outside all of them."""
		if not self._names:
			return None
		west, south, east, north, wide, high = self._frame
		if not (west <= longitude <= east and south <= latitude <= north):
			return None
		key = int((longitude - west) / wide), int((latitude - south) / high)
		cell = self._cells.get(key)
		if cell is None:
			with self._asking:
				cell = self._cells[key] = self._ask_tree(*key)
		for rank, everywhere in cell:
			if everywhere or shapely.intersects_xy(self._shapes[rank], longitude, latitude):
				return self._names[rank]
		return None

	def find_many(self, latitudes: Sequence[float], longitudes: Sequence[float]) -> list[str | None]:
		"""Same as `find`, for many places at once."""
		if not self._names:
			return [None] * len(latitudes)
		y, x = np.asarray(latitudes, dtype=float), np.asarray(longitudes, dtype=float)
		place, rank = self._tree.query(shapely.points(x, y))
		inside = shapely.intersects_xy(self._shapes[rank], x[place], y[place])
		best = np.full(len(x), len(self._names))
		np.minimum.at(best, place[inside], rank[inside])
		names = [*self._names, None]
		return [names[one] for one in best.tolist()]

	def line(self, name: str | None) -> tuple[Area, ...]:
		"""The area and those above it, nearest first; inactive ones are left out."""
		area = self._areas.get(name)
		return tuple(one for one in (area, *self._above(area)) if one.active) if area else ()

	def departments(self, name: str | None, group: str) -> Iterator[tuple[str, str]]:
		"""(department, area that names it) for programs of a group, from the area itself upwards."""
		for area in self.line(name):
			if department := area.department_for(group):
				yield department, area.name

	def _above(self, area: Area) -> list[Area]:
		line = [area]
		while (above := self._areas.get(line[-1].parent)) and above not in line:
			line.append(above)
		return line[1:]

	def _build_indexes(self) -> None:
		"""Ask each once, so that threads that come later only read."""
		if self._names:
			inner = shapely.point_on_surface(self._shapes)
			self._tree.query(inner)
			shapely.intersects_xy(self._shapes, shapely.get_x(inner), shapely.get_y(inner))

	@cached_property
	def _tree(self) -> shapely.STRtree:
		return shapely.STRtree(self._shapes)

	@cached_property
	def _frame(self) -> tuple[float, ...]:
		"""West, south, east, north of all areas; width and height of a cell."""
		west, south, east, north = shapely.total_bounds(self._shapes).tolist()
		return west, south, east, north, (east - west) / CELLS, (north - south) / CELLS

	def _ask_tree(self, column: int, row: int) -> tuple[tuple[int, bool], ...]:
		"""(rank, holds all of the cell?) of the areas in a cell, best first, up to the first that holds all of it."""
		cell = self._box(column, row)
		found: list[tuple[int, bool]] = []
		for rank in sorted(self._tree.query(cell, predicate="intersects").tolist()):
			found.append((rank, bool(shapely.contains_properly(self._shapes[rank], cell))))
			if found[-1][1]:
				break
		return tuple(found)

	def _box(self, column: int, row: int) -> shapely.Polygon:
		"""A cell, a little larger than it is: what rounding puts into it lies in it."""
		west, south, _east, _north, wide, high = self._frame
		left, low = west + column * wide, south + row * high
		return shapely.box(left - wide / 1000, low - high / 1000, left + wide * 1.001, low + high * 1.001)
