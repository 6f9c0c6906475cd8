"""What the audit trail is told of a batch that was marked: one event for each clock, all with the batch's transaction."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import frappe

from govcrm.accountability import trail
from govcrm.accountability.trail import bulk, subjects
from govcrm.accountability.trail.bulk import Covered
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.governed import shape_of
from govcrm.casework.sweep.checks import Found
from govcrm.casework.sweep.rows import Written
from govcrm.domain.deadlines import BREACH, STEP, WARN

CLOCK, EVENT = "Case Deadline", "Case Deadline Event"
VERBS = {BREACH: "breach", STEP: "step", WARN: "warn"}  # the gravest of what came due at once names the act


def columns() -> tuple[str, ...]:
	"""What must be read of a clock before it is marked, so that it need not be read again after."""
	return shape_of(CLOCK).columns if trail.ready() else ()


def record(found: list[Found], cases: Mapping[str, frappe._dict], written: Written) -> None:
	"""`written`: what was inserted. `found` holds of each clock what `columns` names, as it was before."""
	if trail.ready():
		for case in cases.values():
			subjects.remember(case.name, case)
		trail.record_many(list(entries(found, written)))


def entries(found: list[Found], written: Written) -> Iterator[Entry]:
	happened = by_clock(written)
	for one, clock in zip(found, bulk.covered(CLOCK, map(moved, found)), strict=True):
		yield entry_of(one, [clock, *happened[one.clock.name]])


def moved(found: Found) -> dict[str, Any]:
	"""The clock as `rows.move_clocks` leaves it, but for what is derived."""
	after = {**found.clock, "warned_percent": found.warned}
	return {**after, "breached": 1, "breached_at": found.clock.due} if found.is_missed else after


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
