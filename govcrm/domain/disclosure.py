"""Tables of sums in which a number that is left out is not worked out again from those that are shown.

A table has rows, and columns in groups (departments; programs by kind). A cell is (row, group, column), and `TOTAL` stands
for a sum: `(row, group, TOTAL)` over the columns of a group, `(row, TOTAL, TOTAL)` over all groups, `(TOTAL, …)` over
the rows.

Changes to such a table that keep every sum right are flows. Each sum is a place, each cell a way between the two places
that it stands in; a cell that grows is passed in its direction, one that shrinks against it. So a cell can be other than it is
exactly where a flow goes round through it and through cells left out, and for each number that must not be known the
cheapest way round is looked for, and left out with it (Gusfield, "A graph theoretic approach to statistical data security",
SIAM Journal on Computing 17, 1988; Federal Committee on Statistical Methodology, Statistical Policy Working Paper 22,
2005, chapter IV, on complementary suppression). Groups of columns keep the table a network; groups of both rows and columns,
or a third dimension, would not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import TypeVar

TOTAL = ""

Cell = tuple[str, str, str]  # row, group, column
Place = tuple[str, str, str]
Number = TypeVar("Number")


def parts_of(cell: Cell) -> Iterator[Cell]:
	"""The cell and the five sums that it counts in. Raises ValueError where a name is that of the sums."""
	if TOTAL in cell:
		raise ValueError(f"{cell} needs names: the empty one is that of the sums.")
	row, group, column = cell
	for named in (row, TOTAL):
		yield from ((named, group, column), (named, group, TOTAL), (named, TOTAL, TOTAL))


def with_sums(cells: Mapping[Cell, Number], nothing: Number) -> dict[Cell, Number]:
	"""The table with its sums; what is in no cell is `nothing`."""
	table = {(TOTAL, TOTAL, TOTAL): nothing}
	for cell, found in cells.items():
		for each in parts_of(cell):
			table[each] = table.get(each, nothing) + found
	return table


def relations(cells: Iterable[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
	"""Every (sum, what it sums) of a table that has its sums, those that follow from others included."""
	cells = set(cells)
	for whole in sorted(cells):
		row, group, column = whole
		if not row:
			yield whole, sorted(cell for cell in cells if cell[0] and cell[1:] == whole[1:])
		if not group:
			yield whole, sorted(cell for cell in cells if cell[0] == row and cell[1] and not cell[2])
		elif not column:
			yield whole, sorted(cell for cell in cells if cell[:2] == whole[:2] and cell[2])


class Network:
	"""The places and ways of a table that has its sums."""

	def __init__(self, cells: Iterable[Cell]) -> None:
		self.ways: dict[Place, list[tuple[Cell, Place, bool]]] = {}
		for cell in sorted(cells):
			start, end = ends(cell)
			self.ways.setdefault(start, []).append((cell, end, True))
			self.ways.setdefault(end, []).append((cell, start, False))

	def flow_round(
		self, cell: Cell, amount: int, room: Callable[[Cell, bool], int], cost: Callable[[Cell], int]
	) -> dict[Cell, int] | None:
		"""By how much each cell changes in a cheap flow by which `cell` grows by `amount`; None if there is no such flow.

		`room(cell, grows)` says by how much a cell can be larger (or smaller), `cost(cell)` what it costs to leave it out.
		As Ford and Fulkerson do, along the cheapest way each time: whatever flow there can be is found.
		"""
		goal, start = ends(cell)
		changes = {cell: amount}
		if room(cell, True) < amount:
			return None

		def left(each: Cell, grows: bool) -> int:
			changed = changes.get(each, 0)
			return 0 if each == cell else room(each, grows) + (-changed if grows else changed)

		while amount:
			came_by = self._search(start, goal, left, lambda each: 0 if each in changes else cost(each))
			if goal not in came_by:
				return None
			way = list(_back(came_by, goal))
			step = min(amount, *(left(each, grows) for each, grows in way))
			for each, grows in way:
				changes[each] = changes.get(each, 0) + (step if grows else -step)
			amount -= step
		return {each: change for each, change in changes.items() if change}

	def _search(self, start: Place, goal: Place, room: Callable, cost: Callable) -> dict:
		"""Dijkstra's: by which way each place was come to."""
		order = count()  # places of one cost are visited as they were found
		ahead: list[tuple] = [(0, next(order), start, None)]
		came_by: dict[Place, tuple[Place, Cell, bool] | None] = {}
		while ahead and goal not in came_by:
			spent, _, place, by = heappop(ahead)
			if place in came_by:
				continue
			came_by[place] = by
			for way, then, grows in self.ways[place]:
				if then not in came_by and room(way, grows) > 0:
					heappush(ahead, (spent + cost(way), next(order), then, (place, way, grows)))
		return came_by


def ends(cell: Cell) -> tuple[Place, Place]:
	"""The places that a flow leaves and comes to where the cell grows: what is put together is balanced by its sum.

	A place is a sum over columns, ("row", row, group), or over rows, ("column", group, column).
	"""
	row, group, column = cell
	if column:
		way = ("row", row, group), ("column", group, column)
	elif group:
		way = ("row", row, TOTAL), ("row", row, group)
	else:
		way = ("column", TOTAL, TOTAL), ("row", row, TOTAL)
	return way if row else way[::-1]


def _back(
	came_by: Mapping[Place, tuple[Place, Cell, bool] | None], place: Place
) -> Iterator[tuple[Cell, bool]]:
	while step := came_by[place]:
		place, cell, grows = step
		yield cell, grows
