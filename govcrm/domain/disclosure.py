"""Tables of counts that give no small group away: what is left out, and what must be left out with it.

A count of a few points at people. Every count from 1 to below a threshold is left out of a published table, and with it
as many others as it takes that nobody works it out from the totals: with what is published, each small count could be
larger by the threshold, and so is neither known nor known to be small, and those left out with it could be other by as much.
This holds for one table. Who has two that count the same people, or knows what this file does, may know more.

Why that holds: changes to a table that keep its totals right are flows. Rows and columns, with those of the totals, are
the places, and each cell is a way between the two that it stands in; a cell that grows is passed in one direction, one
that shrinks in the other. A cell can be other than it is exactly where such a flow goes round through it and cells left
out (Gusfield, "A graph theoretic approach to statistical data security", SIAM Journal on Computing 17, 1988; Federal
Committee on Statistical Methodology, Statistical Policy Working Paper 22, 2005, on complementary suppression). So for
each small count the cheapest way round is looked for, and all its cells are left out.
"""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush
from itertools import count

TOTAL = ""  # the row or the column of the sums
THRESHOLD = 10  # the smallest count that is shown, zero aside

Cell = tuple[str, str]  # row, column
Counts = Mapping[Cell, int]
Place = tuple[str, str]  # "row" or "column", and which

# What it costs to leave a cell out: rather one more cell inside than any sum, and the smaller of two alike.
INSIDE, SUM = 10**9, 10**12


def publish(counts: Counts, threshold: int = THRESHOLD) -> dict[Cell, int | None]:
	"""Every cell of the table and its sums (row or column `TOTAL`), None where the count is left out.

	`counts` by row and column. A pair that is missing cannot occur (a department that does not offer a service), everybody
	knows that it is zero, and it covers nothing; a pair that could have occurred is given as 0. Raises ValueError for what
	is no count, and for a row or column that is named like the sums.
	"""
	table = with_totals(counts)
	possible = {cell: found for cell, found in table.items() if cell in counts or TOTAL in cell}
	hidden = {cell for cell, found in table.items() if 0 < found < threshold}
	for cell in sorted(hidden):
		hidden |= _way_round(possible, hidden, cell, threshold)
	return {cell: None if cell in hidden else found for cell, found in table.items()}


def with_totals(counts: Counts) -> dict[Cell, int]:
	"""The table with its sums, filled with zeros."""
	_check(counts)
	rows, columns = (sorted({cell[at] for cell in counts}) for at in (0, 1))
	table = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
	table |= {(row, TOTAL): sum(table[row, column] for column in columns) for row in rows}
	for column in [*columns, TOTAL]:
		table[TOTAL, column] = sum(table[row, column] for row in rows)
	return table


def _check(counts: Counts) -> None:
	for cell, found in counts.items():
		if TOTAL in cell:
			raise ValueError(f"A row and a column of {cell} need names: the empty one is that of the sums.")
		if not isinstance(found, int) or found < 0:
			raise ValueError(f"{found!r} at {cell} is no count.")


def _way_round(table: Counts, hidden: set[Cell], small: Cell, room: int) -> set[Cell]:
	"""The cells of the cheapest flow by which `small` grows by `room`: found from where it leaves to where it enters."""
	start, goal = reversed(_ends(small))
	order = count()  # places of one cost are visited as they were found
	ahead = [(0, next(order), start, None)]
	came_by: dict[Place, tuple[Place, Cell] | None] = {}
	while goal not in came_by:
		cost, _, place, by = heappop(ahead)
		if place in came_by:
			continue
		came_by[place] = by
		for cell, then in _ways(table, place, room):
			if cell != small and then not in came_by:
				heappush(ahead, (cost + _cost(table, hidden, cell), next(order), then, (place, cell)))
	return set(_back(came_by, goal))


def _back(came_by: Mapping[Place, tuple[Place, Cell] | None], place: Place) -> Iterator[Cell]:
	while step := came_by[place]:
		place, cell = step
		yield cell


def _ways(table: Counts, place: Place, room: int) -> Iterator[tuple[Cell, Place]]:
	"""The cells of a row or column that a flow of `room` can leave it by, and where each leads.

	There is always one: any cell may grow.
	"""
	at = 0 if place[0] == "row" else 1
	for cell, found in table.items():
		if cell[at] == place[1]:
			enters, leaves = _ends(cell)
			if place == enters:
				yield cell, leaves
			elif found >= room:
				yield cell, enters


def _ends(cell: Cell) -> tuple[Place, Place]:
	"""Where a flow that makes the cell grow enters and leaves it. The sums of rows and columns balance what they sum."""
	row, column = ("row", cell[0]), ("column", cell[1])
	return (column, row) if (cell[0] == TOTAL) != (cell[1] == TOTAL) else (row, column)


def _cost(table: Counts, hidden: set[Cell], cell: Cell) -> int:
	if cell in hidden:
		return 0
	return (SUM if TOTAL in cell else INSIDE) + min(table[cell], INSIDE - 1)
