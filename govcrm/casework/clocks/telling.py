"""What the audit trail is told of clocks. Their rows are written past the documents, many with one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from govcrm.accountability import trail
from govcrm.accountability.trail import bulk
from govcrm.accountability.trail.acts import capture
from govcrm.accountability.trail.entries import Entry

CLOCK, EVENT = "Case Deadline", "Case Deadline Event"

Row = Mapping[str, Any]


def tell(clocks: Sequence[Row], events: Sequence[Row]) -> None:
	"""Let what was just written of the clocks of a case be one event of the trail. The rows hold all that is not empty."""
	if clocks and trail.ready():
		capture(entry_of(clocks, events))


def entry_of(clocks: Sequence[Row], events: Sequence[Row]) -> Entry:
	"""An act on a case does the same to all its clocks; the event names the first, and by what happened last."""
	return Entry(
		events[-1]["kind"].lower() if events else "update",
		CLOCK,
		clocks[0]["name"],
		rows=bulk.covered(CLOCK, clocks) + bulk.covered(EVENT, events),
		reason=next((event["reason"] for event in reversed(events) if event["reason"]), None),
		detail={
			"deadlines": "\n".join(
				f"{clock['label']}: {clock['due']} ({clock['status']})" for clock in clocks
			)
		},
		values=clocks[0],
	)
