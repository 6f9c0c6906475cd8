"""What the events of the audit log tell, as people read it: changes from what to what, and acts of several events.

Events name what changed by paths: `subject/before`, `members/<row>/user/after`, and beside these `reason`, `peer` and
`detail/<key>`, which belong to the act and not to the record.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

SIDES = ("before", "after")
REASON, PEER, DETAIL = "reason", "peer", "detail"

Event = TypeVar("Event")


@dataclass(frozen=True)
class Place:
	"""Where in a record a change is: a field, or a field of one row of a table."""

	field: str
	table: str | None = None
	row: str | None = None


@dataclass
class Change:
	"""One place with what stood in it before and after; a side that is not `told` was empty, or is not for the reader."""

	place: Place
	told: dict[str, object] = field(default_factory=dict)
	committed: set[str] = field(default_factory=set)

	@property
	def hidden(self) -> bool:
		"""Whether something stood there that is not told."""
		return bool(self.committed - self.told.keys())


def place_of(path: str) -> tuple[Place, str] | None:
	"""The place and the side of a path; None for what belongs to the act. A row may have any name, slashes included."""
	*where, side = path.split("/")
	if side not in SIDES or not where:
		return None
	if len(where) == 1:
		return Place(where[0]), side
	if len(where) == 2:
		return None
	return Place(where[-1], where[0], "/".join(where[1:-1])), side


def changes(committed: Iterable[str], values: Mapping[str, object]) -> list[Change]:
	"""What changed, in the order of the paths.

	:param committed: every path that the header commits to
	:param values: those that the reader may know, with their values
	"""
	found: dict[Place, Change] = {}
	for path in committed:
		if parsed := place_of(path):
			place, side = parsed
			change = found.setdefault(place, Change(place))
			change.committed.add(side)
			if path in values:
				change.told[side] = values[path]
	return list(found.values())


def details(values: Mapping[str, object]) -> dict[str, object]:
	"""What the act itself said beside its reason, by key."""
	return {
		path.split("/", 1)[1]: value
		for path, value in values.items()
		if path.startswith(f"{DETAIL}/") and place_of(path) is None
	}


def acts(events: Iterable[Event], key: Callable[[Event], Hashable]) -> Iterator[list[Event]]:
	"""Neighbours with the same key as one act; what has no key stands alone."""
	act: list[Event] = []
	for event in events:
		if act and (key(event) is None or key(event) != key(act[-1])):
			yield act
			act = []
		act.append(event)
	if act:
		yield act
