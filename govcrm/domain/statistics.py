"""What is published about cases of a month, by department and program, so that no small group is given away.

The figures of a cell are counts of cases: `received`, `closed`, and of these `in_time` and `late`. A count from 1 to below the
threshold is *small*: it points at people, and is left out. What relations hold between published numbers, and how
each is kept from giving a number back that was left out:

- *Sums.* Departments, programs and kinds of programs add up (`govcrm.domain.disclosure`).
- *Parts.* What was closed is what was closed in time and what was closed late.
- *Months.* What is open at the end of a month is what was open before, and was received, less what was closed. So all months
  hang together by what is open, which others may know. It is not published.
- *Years.* Sums of months are not published; who adds months up adds what is published.
- *Kinds* are sums of programs, and a program has one kind.
- *Editions.* A month that is published again keeps left out what was, and leaves out what changed by a small number.
- Shares and times are no counts. They are shown where the counts they are taken of are shown.

Each number left out can be moved without touching any that is published, and without touching in any cell how many cases
are open, in one of these ways or one after the other:

- a case more is received and closed, in time or late (`MORE_IN_TIME`, `MORE_LATE`);
- a case was late that was in time, or the other way round (`RATHER_LATE`, `RATHER_IN_TIME`).

They leave the open cases of every month as they are, so months can be published one by one, and what is proved of one table holds
for all together. A small count can be larger by the threshold, so it is neither known nor known to be small; what is left out for its sake is
not known. No mark tells a
small count from one that is left out for its sake.

The least count that is shown is 11 at the Centers for Medicare & Medicaid Services (CMS cell size suppression policy), from
3 upwards at other agencies (Statistical Policy Working Paper 22, chapter III); zeros are shown by all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from govcrm.domain.disclosure import TOTAL, Cell, Network, with_sums

THRESHOLD = 10
RECEIVED, CLOSED, IN_TIME, LATE = MEASURES = ("received", "closed", "in_time", "late")

# What it costs to leave a number out: rather many inside than one sum, and the smaller of two alike.
COSTS = (10**9, 10**12, 10**15, 10**18)
NO_END = 10**9

Published = dict[str, int | None]
Hidden = dict[Cell, set[str]]


@dataclass(frozen=True)
class Figures:
	received: int = 0
	in_time: int = 0
	late: int = 0

	@property
	def closed(self) -> int:
		return self.in_time + self.late

	def __add__(self, other: "Figures") -> "Figures":
		return Figures(self.received + other.received, self.in_time + other.in_time, self.late + other.late)

	def __post_init__(self) -> None:
		for number in (self.received, self.in_time, self.late):
			if not isinstance(number, int) or number < 0:
				raise ValueError(f"{number!r} is no count.")


@dataclass(frozen=True)
class Move:
	"""Numbers of a cell that can be other than they are, together: these larger, those smaller by as much."""

	larger: tuple[str, ...]
	smaller: tuple[str, ...] = ()

	@property
	def measures(self) -> set[str]:
		return {*self.larger, *self.smaller}

	def room(self, found: Figures, grows: bool) -> int:
		"""By how much it can be made, or made the other way round: no count is below zero."""
		falling = self.smaller if grows else self.larger
		return min((getattr(found, name) for name in falling), default=NO_END)

	def made(self, found: Figures, by: int) -> Figures:
		change = {**dict.fromkeys(self.larger, by), **dict.fromkeys(self.smaller, -by)}
		return Figures(*(getattr(found, name) + change.get(name, 0) for name in (RECEIVED, IN_TIME, LATE)))


MORE_IN_TIME, MORE_LATE = Move((RECEIVED, CLOSED, IN_TIME)), Move((RECEIVED, CLOSED, LATE))
RATHER_LATE, RATHER_IN_TIME = Move((LATE,), (IN_TIME,)), Move((IN_TIME,), (LATE,))

# By what each number is kept, one move after the other: the first that goes round; the last always does, for any cell may
# have more.
KEPT_BY = {
	RECEIVED: ((MORE_IN_TIME,),),
	CLOSED: ((MORE_IN_TIME,),),
	IN_TIME: ((RATHER_IN_TIME,), (MORE_IN_TIME,)),
	LATE: ((RATHER_LATE,), (MORE_IN_TIME, RATHER_LATE), (MORE_LATE,)),
}


def publish(
	figures: Mapping[Cell, Figures],
	threshold: int = THRESHOLD,
	earlier: Sequence[Mapping[Cell, Published]] = (),
) -> dict[Cell, Published]:
	"""Every number of the table and its sums (`TOTAL` for department, kind or program), None where it is left out.

	`figures` by (department, kind, program). A cell that is missing is known to everybody to be empty, and covers nothing; one
	that could have had cases is given with zeros. `earlier` are the tables of the month that were published before.
	Raises ValueError for what is no count, and for a threshold below 1.
	"""
	if threshold < 1:
		raise ValueError("The least count that is shown is 1 or more.")
	gone = {cell: Figures() for table in earlier for cell in table if TOTAL not in cell}
	table = with_sums({**gone, **figures}, Figures())
	hidden = _hidden(table, threshold, earlier)
	return {
		cell: {name: None if name in hidden[cell] else getattr(found, name) for name in MEASURES}
		for cell, found in sorted(table.items())
	}


def _hidden(table: Mapping[Cell, Figures], threshold: int, earlier: Sequence) -> Hidden:
	"""What is left out: all that must be, and with it all that it takes."""
	network, hidden = Network(table), {cell: set() for cell in table}
	wanted = sorted({*_small(table, threshold), *_told_before(table, threshold, earlier)})
	for cell, name in wanted:
		hidden[cell].add(name)
	for cell, name in wanted:
		for each, names in _ways(network, table, hidden, threshold, cell, name):
			hidden[each] |= names
	return hidden


def _small(table: Mapping[Cell, Figures], threshold: int) -> Iterator[tuple[Cell, str]]:
	for cell, found in table.items():
		yield from ((cell, name) for name in MEASURES if 0 < getattr(found, name) < threshold)


def _told_before(
	table: Mapping[Cell, Figures], threshold: int, earlier: Sequence
) -> Iterator[tuple[Cell, str]]:
	"""What was left out, or differs by a small count from what was shown."""
	for before in earlier:
		for cell, numbers in before.items():
			for name, shown in numbers.items():
				if shown is None or 0 < abs(getattr(table[cell], name) - shown) < threshold:
					yield cell, name


def _ways(
	network: Network, table: Mapping[Cell, Figures], hidden: Hidden, amount: int, cell: Cell, name: str
) -> list[tuple[Cell, set[str]]]:
	"""What must be left out so that a number can be larger by `amount`."""
	for moves in KEPT_BY[name]:
		changed, found = dict(table), []
		for move in moves:
			flow = _flow(network, changed, hidden, amount, cell, move)
			if flow is None:
				break
			changed.update((each, move.made(changed[each], by)) for each, by in flow.items())
			found += [(each, move.measures) for each in flow]
		else:
			return found
	raise AssertionError(f"any cell may have more: {cell}")  # the last move of each always goes round


def _flow(
	network: Network, table: Mapping[Cell, Figures], hidden: Hidden, amount: int, cell: Cell, move: Move
) -> dict[Cell, int] | None:
	def room(each: Cell, grows: bool) -> int:
		return move.room(table[each], grows)

	def cost(each: Cell) -> int:
		missing = move.measures - hidden[each]
		return len(missing) and COSTS[each.count(TOTAL)] + min(table[each].received, COSTS[0] - 1)

	return network.flow_round(cell, amount, room, cost)


def shown_share(numbers: Published) -> float | None:
	"""Percent of what was closed that was closed in time; None where that is not shown, or nothing was closed."""
	in_time, late = numbers[IN_TIME], numbers[LATE]
	if in_time is None or late is None or not in_time + late:
		return None
	return round(100 * in_time / (in_time + late), 1)
