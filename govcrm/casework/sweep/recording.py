"""What the audit trail is told of a batch that was marked: one event for each clock, all with the batch's transaction."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import frappe

from govcrm.accountability import trail
from govcrm.accountability.trail import bulk, subjects
from govcrm.accountability.trail.bulk import Covered
from govcrm.accountability.trail.entries import Entry
from govcrm.casework.sweep.checks import Found
from govcrm.casework.sweep.rows import Written
from govcrm.domain.deadlines import BREACH, STEP, WARN

CLOCK, EVENT = "Case Deadline", "Case Deadline Event"
VERBS = {BREACH: "breach", STEP: "step", WARN: "warn"}  # the gravest of what came due at once names the act


def record(found: list[Found], cases: Mapping[str, frappe._dict], written: Written) -> None:
	"""`written`: what was inserted. The rows of the clocks are read again: a statement changed many of them."""
	if trail.ready():
		for case in cases.values():
			subjects.remember(case.name, case)
		trail.record_many(list(entries(found, written)))


def entries(found: list[Found], written: Written) -> Iterator[Entry]:
	clocks = bulk.stored(CLOCK, [one.clock.name for one in found])
	happened = by_clock(written)
	for one in found:
		yield entry_of(one, [clocks[one.clock.name], *happened[one.clock.name]])


def by_clock(written: Written) -> dict[str, list[Covered]]:
	found: dict[str, list[Covered]] = defaultdict(list)
	for row, covered in zip(written.events, bulk.covered(EVENT, written.events), strict=True):
		found[row["case_deadline"]].append(covered)
	shown = bulk.covered("Case Event", (row for _clock, row in written.history))
	for (clock, _row), covered in zip(written.history, shown, strict=True):
		found[clock].append(covered)
	return found


def entry_of(found: Found, rows: list[Covered]) -> Entry:
	clock, kinds = found.clock, {check.kind for check in found.passed}
	return Entry(
		next((verb for kind, verb in VERBS.items() if kind in kinds), "update"),
		CLOCK,
		clock.name,
		rows=rows,
		detail={"deadline": clock.label, "due": str(clock.due), "percent": found.warned},
		values=clock,
	)
