"""What the audit trail is told of clocks. Their rows are written past the documents, many with one statement."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from govcrm.accountability import trail
from govcrm.accountability.trail import bulk
from govcrm.accountability.trail.acts import capture
from govcrm.accountability.trail.entries import Entry

CLOCK, EVENT = "Case Deadline", "Case Deadline Event"

Row = Mapping[str, Any]


def tell(clocks: Iterable[Row], events: Iterable[Row]) -> None:
	"""Let what was just written be an event of the trail for each clock. All columns of the rows that hold something."""
	if trail.ready():
		for entry in entries_of(clocks, events):
			capture(entry)


def entries_of(clocks: Iterable[Row], events: Iterable[Row]) -> Iterator[Entry]:
	happened: dict[str, list[Row]] = defaultdict(list)
	for event in events:
		happened[event["case_deadline"]].append(event)
	for clock in clocks:
		yield entry_of(clock, happened[clock["name"]])


def entry_of(clock: Row, events: list[Row]) -> Entry:
	"""The act is the last thing that happened to the clock; what else did stands in the rows of its events."""
	return Entry(
		events[-1]["kind"].lower() if events else "update",
		CLOCK,
		clock["name"],
		rows=bulk.covered(CLOCK, [clock]) + bulk.covered(EVENT, events),
		reason=next((event["reason"] for event in reversed(events) if event["reason"]), None),
		detail={"deadline": clock["label"], "due": clock["due"], "status": clock["status"]},
		values=clock,
	)
