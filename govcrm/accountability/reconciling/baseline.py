"""First events of records that were there before the trail: on a site that had users and settings, on one of an older
release with its cases, and where an app has DocTypes covered that were not.

An event of the verb `baseline` fixes what a row is, without telling its values. Until all rows of a DocType have one, a
row that no event speaks of awaits its own; from then on it is a finding. That all have one is an event too, so nobody
can open that door again behind the application's back.
"""

from collections.abc import Callable

import frappe

from govcrm import compat
from govcrm.accountability import trail
from govcrm.accountability.reconciling import live, shapes
from govcrm.accountability.reconciling.live import Page
from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.trail import Entry, rows, subjects

BASELINE, COMPLETE, AGAIN = "baseline", "complete", "again"
FEW = 5000  # rows: some seconds, for which an installation or a migration can wait
ROWS_IN_EVENT = 250
JOB = "govcrm-baseline"


def begin() -> None:
	"""Give few rows their first event now, many in a job. For installation and migration."""
	if not trail.ready():
		return
	shapes.note()
	if sum(map(live.count, owed())) <= FEW:
		run(commit=lambda: None)
	else:
		enqueue()


def enqueue() -> None:
	"""A job that is lost is no matter: each reconciliation sees to what is owed before it compares."""
	frappe.enqueue(
		"govcrm.accountability.reconciling.baseline.run",
		queue="long",
		timeout=6 * 3600,
		job_id=JOB,
		deduplicate=True,
		enqueue_after_commit=True,
	)


def run(commit: Callable[[], None] | None = None, watch: Callable[[str, int], None] | None = None) -> int:
	"""Give every row that is owed one its first event; gives how many rows.

	Each page is a transaction, ended by `commit` (frappe.db.commit unless given). Who was stopped goes on behind the last
	page. `watch` hears of each DocType with its rows.
	"""
	commit, total = commit or frappe.db.commit, 0
	for doctype in owed():
		commit()
		covered = sum(cover(page, commit) for page in live.pages(doctype, after=_last_covered(doctype)))
		close(doctype, covered)
		commit()
		total += covered
		if watch:
			watch(doctype, covered)
	return total


def completed() -> frozenset[str]:
	"""DocTypes of which every row has had an event."""
	filters = {"verb": BASELINE, "action": COMPLETE, "reference_doctype": "DocType"}
	return frozenset(frappe.get_all(EVENT, filters, pluck="reference_name", order_by="name"))


def owed() -> list[str]:
	"""DocTypes whose rows were there before they were covered, in the order in which they are seen to."""
	done = completed()
	return [doctype for doctype in live.doctypes() if doctype not in done]


def cover(page: Page, commit: Callable[[], None], action: str | None = None) -> int:
	"""Write events on all rows of a page. The rows are held meanwhile: nobody changes one between its reading and its event."""
	compat.start_writing()
	hold(page)
	found = list(rows.stored(page.doctype, page.names))
	trail.record_many(_entries(page.doctype, found, action))
	commit()
	return len(found)


def close(doctype: str, covered: int) -> None:
	"""Tell that no row of the DocType is without an event."""
	entry = Entry(
		BASELINE,
		"DocType",
		doctype,
		rows=[],
		action=COMPLETE,
		detail={"rows": covered},
		subject=f"Site/{doctype}",
	)
	trail.record_many([entry])


def hold(page: Page) -> None:
	"""Until the transaction ends, where the database locks rows; `start_writing` does it where it locks all."""
	if frappe.db.db_type != "sqlite" and not frappe.get_meta(page.doctype).issingle:
		table = frappe.qb.DocType(page.doctype)
		for start in range(0, len(page.names), rows.AT_ONCE):
			names = page.names[start : start + rows.AT_ONCE]
			frappe.qb.from_(table).select(table.name).where(table.name.isin(names)).for_update().run()


def _entries(doctype: str, found: list[tuple[str, dict]], action: str | None) -> list[Entry]:
	"""One for each matter, so that destroying its key reaches what is said of its rows; large ones are cut."""
	by_matter: dict[str, list[tuple[str, dict]]] = {}
	for name, row in found:
		matter = subjects.place_of(doctype, name, row["fields"]).subject
		by_matter.setdefault(matter, []).append((name, row))
	return [
		_entry(doctype, matter, own[start : start + ROWS_IN_EVENT], action)
		for matter, own in by_matter.items()
		for start in range(0, len(own), ROWS_IN_EVENT)
	]


def _entry(doctype: str, matter: str, own: list[tuple[str, dict]], action: str | None) -> Entry:
	name, row = own[-1]
	covered = [(doctype, one, values) for one, values in own]
	return Entry(BASELINE, doctype, name, rows=covered, values=row["fields"], subject=matter, action=action)


def _last_covered(doctype: str) -> str | None:
	"""The last name that has one: pages go in the order of names, and the last event of a page bears its last name."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(frappe.query_builder.functions.Max(table.reference_name))
	query = query.where(
		(table.verb == BASELINE) & (table.reference_doctype == doctype) & table.action.isnull()
	)
	return query.run()[0][0]
