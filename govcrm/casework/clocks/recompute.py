"""What a changed calendar does to dates: shown before it is saved, carried out in the background after it.

All clocks that run or stand still on the calendar, and whose date is not missed, are computed again. A date that was
missed under the calendar of its day stays missed and where it was: people were told, and a deemed decision may have
followed; so do the dates of clocks that have ended. What a calendar is changed to today does not turn that round.

The work is done in batches, each a transaction. What has been done comes out the same when it is done again, so a run
that was stopped is simply begun anew; a mark, written with the calendar and taken away at the end, tells that one is
owed. `resume` looks for such marks every hour.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from govcrm import compat
from govcrm.accountability import trail
from govcrm.casework.clocks import records, summary
from govcrm.casework.clocks.records import CLOCK, Clock
from govcrm.domain.deadlines import OPEN_STATES, RECOMPUTE, RUNNING, Event
from govcrm.service_catalogue import calendars

CALENDAR = "Business Calendar"
OPEN_AND_NOT_MISSED = {"status": ("in", sorted(OPEN_STATES)), "breached": 0}
BATCH = 500
PREVIEWED = 20_000  # clocks: some ten seconds
EXAMPLES = 10
MARK = "govcrm_dates_owed:"
DONE = "govcrm_dates_recomputed"


@dataclass
class Outcome:
	"""What became, or would become, of the dates: of `total` clocks on the calendar `clocks` were looked at, the dates of
	`moved` are other ones, `earlier` of these lie before those they had, and `missed` in the past."""

	total: int = 0
	clocks: int = 0
	moved: int = 0
	earlier: int = 0
	missed: int = 0
	examples: list[dict[str, Any]] = field(default_factory=list)

	def count(self, clock: Clock, row: frappe._dict, after: datetime, now: datetime) -> None:
		"""`row` is what its record holds, `after` the date it would have. What stands still is not missed."""
		before = calendars.from_utc(row.due_utc)
		self.clocks += 1
		if after == before:
			return
		self.moved += 1
		self.earlier += after < before
		self.missed += after < now and row.status == RUNNING
		if len(self.examples) < EXAMPLES:
			self.examples.append(example(clock, before, after))


def example(clock: Clock, before: datetime, after: datetime) -> dict[str, Any]:
	return {
		"case": clock.place["case"],
		"label": clock.rule.label,
		"before": records.site(before),
		"after": records.site(after),
	}


def preview(doc: Document) -> Outcome:
	"""What would become of the dates if the calendar, which may be changed in memory, were saved. Changes nothing.

	Looks at no more clocks than somebody can wait for.
	"""
	outcome, now = Outcome(count(doc.name)), records.present()
	changed = calendars.build(doc)
	for names in islice(pages(doc.name), PREVIEWED // BATCH):
		for clock, row in read(names):
			clock.given = changed
			outcome.count(clock, row, clock.read(now).due, now)
	return outcome


def named(examples: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Who plans hours need not be one who may read cases: those they may not read are counted, and not named."""
	readable = set(frappe.get_list("Case", {"name": ("in", [one["case"] for one in examples])}, pluck="name"))
	return [one for one in examples if one["case"] in readable]


def preview_form(values: dict[str, Any]) -> dict[str, Any]:
	"""Same, for the rows of a form. Raises frappe.ValidationError when they make no calendar."""
	doc = frappe.get_doc({**values, "doctype": CALENDAR})
	frappe.has_permission(CALENDAR, "write", doc=doc.name, throw=True)
	doc.run_method("validate")
	outcome = preview(doc)
	outcome.examples = named(outcome.examples) if frappe.has_permission("Case", "read") else []
	return asdict(outcome)


# After a change -------------------------------------------------------------------------------------------


def after_change(doc: Document, method: str | None = None) -> None:
	"""A calendar was saved (doc event): if it says something else than before, its dates are owed."""
	before = doc.get_doc_before_save()
	if before and says(before) != says(doc) and count(doc.name):
		frappe.db.set_global(mark_of(doc.name), json.dumps([doc.name, str(doc.modified)]))
		enqueue(doc.name)


def mark_of(calendar: str) -> str:
	"""The name itself may be too long for a key."""
	return MARK + hashlib.sha256(calendar.encode()).hexdigest()[:32]


def says(doc: Document) -> tuple:
	calendar = calendars.build(doc)
	return calendar.zone.key, calendar.plan


def enqueue(calendar: str) -> None:
	frappe.enqueue(
		"govcrm.casework.clocks.recompute.run",
		queue="long",
		calendar=calendar,
		user=frappe.session.user,
		job_id=f"govcrm_recompute::{calendar}",
		deduplicate=True,
		enqueue_after_commit=True,
	)


def resume() -> None:
	"""Begin what is owed: a worker may have died, or a queue been emptied."""
	marks = {"parent": "__global", "defkey": ("like", f"{MARK}%")}
	for debt in frappe.get_all("DefaultValue", marks, pluck="defvalue", order_by="defkey"):
		enqueue(json.loads(debt)[0])


def run(calendar: str, user: str | None = None) -> Outcome:
	"""Compute the dates on a calendar again. Commits each batch; may be run any number of times."""
	calendars.forget(calendar)  # what others may have kept who began before the change was there
	debt = debt_of(calendar)
	frappe.db.commit()  # holds the mark no longer
	outcome = Outcome(count(calendar))
	for names in pages(calendar):
		recompute(names, outcome)
		frappe.db.commit()  # each batch stands by itself: a run that is stopped loses one at most
		tell_progress(calendar, outcome)
	settle_debt(calendar, debt)
	frappe.publish_realtime(DONE, {"calendar": calendar, "moved": outcome.moved}, user=user)
	return outcome


def settle_debt(calendar: str, debt: str | None) -> None:
	"""Unless the calendar was changed again meanwhile: then there is another run to come, by `resume` at the latest."""
	compat.start_writing()
	if debt and debt_of(calendar) == debt:
		frappe.db.set_global(mark_of(calendar), None)
	frappe.db.commit()  # the end of the run


def debt_of(calendar: str) -> str | None:
	"""The mark as it is now, and until the transaction ends; Frappe's cache of globals may lag behind a commit."""
	row = {"parent": "__global", "defkey": mark_of(calendar)}
	return frappe.db.get_value("DefaultValue", row, "defvalue", for_update=True, order_by=None)


def tell_progress(calendar: str, outcome: Outcome) -> None:
	percent = min(100, round(outcome.clocks * 100 / max(outcome.total, 1)))
	frappe.publish_progress(percent, _("Dates are computed again"), doctype=CALENDAR, docname=calendar)


@trail.together()
def recompute(names: list[str], outcome: Outcome) -> None:
	"""One batch. A case is the lock of its clocks, here as in every verb: held before they are read."""
	compat.start_writing()
	hold_cases(names)
	now, cases = records.present(), set()
	for clock, row in read(names, lock=True):
		before, after = calendars.from_utc(row.due_utc), written(clock, row, now)
		outcome.count(clock, row, after, now)
		if after != before:
			cases.add(clock.place["case"])
	for case in sorted(cases):
		summary.refresh_case(case)


def written(clock: Clock, row: frappe._dict, now: datetime) -> datetime:
	"""Write the clock if its date, or its next check, is another one; returns the date."""
	before = calendars.from_utc(row.due_utc)
	try:
		found = records.clock_row(clock)
	except frappe.ValidationError:  # the calendar never gets there: the date stays, and somebody is told
		frappe.log_error(title=f"Case Deadline {clock.name} could not be computed again")
		return before
	after = calendars.from_utc(get_datetime(found["due_utc"]))
	if after != before:
		clock.append([Event(RECOMPUTE, now, due_before=before, due_after=after, actor=frappe.session.user)])
	if after != before or get_datetime(found["next_at"]) != row.next_at:
		clock.is_moved = True
		records.save([clock])
	return after


# Reading --------------------------------------------------------------------------------------------------


def count(calendar: str) -> int:
	return frappe.db.count(CLOCK, {"calendar": calendar, **OPEN_AND_NOT_MISSED})


def pages(calendar: str) -> Iterator[list[str]]:
	"""The names of the clocks that are to be computed again, in their order, a batch at a time."""
	last = ""
	while names := frappe.get_all(
		CLOCK,
		{"calendar": calendar, "name": (">", last), **OPEN_AND_NOT_MISSED},
		pluck="name",
		order_by="name",
		limit=BATCH,
	):
		yield names
		last = names[-1]


def read(names: list[str], lock: bool = False) -> Iterator[tuple[Clock, frappe._dict]]:
	"""Each clock, with what its record holds. What has ended or was missed meanwhile is left out."""
	for clock, row in records.read(frappe.qb.DocType(CLOCK).name.isin(names), lock):
		if row.status in OPEN_STATES and not row.breached:
			yield clock, row


def hold_cases(clocks: list[str]) -> None:
	found = frappe.get_all(CLOCK, {"name": ("in", clocks)}, pluck="case", order_by="name")
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(case.name).where(case.name.isin(sorted(set(found))))
	query.orderby(case.name).for_update().run()
