"""The reconciliation of the audit log: every record of a site against what the log last said of it.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/reconcile.py --site bench.localhost --rows 10000 100000 1000000

For each number the site is filled up to so many covered records: cases, each with one task, three entries of its history and one
of its people, as the import leaves them in number and size, with their first events, sealed. Then it is reconciled from
the first event on ("rebuild"), and again with nothing new ("nightly"); then one case is changed behind the application's back, and
the next run must find this one and nothing else.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator

import frappe
from frappe.utils import now

from govcrm.accountability import trail
from govcrm.accountability.reconciling import baseline, running
from govcrm.accountability.sealing import sealer
from govcrm.accountability.trail import Entry
from govcrm.accountability.trail import rows as canonical
from govcrm.casework.importing.writer import insert_many
from govcrm.tests.reconciling import Intruder

PREFIX = "CASE-RECON"
CHUNK = 2000  # cases
STAMP = ("owner", "modified_by", "creation", "modified", "docstatus")
CASE = ("name", "subject", "state_category", "priority", "confidentiality", "opened_datetime", *STAMP)
TASK = ("name", "case", "title", "status", *STAMP)
EVENT = ("name", "case", "verb", "actor", "at", "reason", *STAMP)
PERSON = ("name", "case", "capacity", "user", "since", *STAMP)
ROWS_OF_A_CASE = 6


def fill(rows: int) -> None:
	"""Add cases with what hangs on them, and their first events, until there are so many rows."""
	have = frappe.db.count("Case", {"name": ("like", f"{PREFIX}%")})
	for start in range(have, rows // ROWS_OF_A_CASE, CHUNK):
		numbers = range(start, min(start + CHUNK, rows // ROWS_OF_A_CASE))
		for doctype, columns, values in tables(numbers):
			write(doctype, columns, values)
		frappe.db.commit()
		sealer.run()


def tables(numbers: range) -> Iterator[tuple[str, tuple, list[tuple]]]:
	at, by = now(), "Administrator"
	stamp = (by, by, at, at, 0)
	names = [f"{PREFIX}-{number:08d}" for number in numbers]
	words = "The lamp at the corner has been dark since Sunday."
	yield "Case", CASE, [(name, words, "Open", "Medium", "Internal", at, *stamp) for name in names]
	yield "Case Task", TASK, [(f"{name}-T", name, "Inspect", "Open", *stamp) for name in names]
	yield (
		"Case Event",
		EVENT,
		[
			(f"{name}-{verb}", name, verb, by, at, words, *stamp)
			for name in names
			for verb in ("open", "assign", "act")
		],
	)
	yield "Case Participant", PERSON, [(f"{name}-P", name, "Assignee", by, at, *stamp) for name in names]


def write(doctype: str, columns: tuple[str, ...], values: list[tuple]) -> None:
	insert_many(doctype, columns, values)
	trail.record_many(entries(doctype, [row[0] for row in values]))


def entries(doctype: str, names: list[str]) -> Iterator[Entry]:
	for name, row in canonical.stored(doctype, names):
		yield Entry("import", doctype, name, rows=[(doctype, name, row)], values=row["fields"])


def timed(act: Callable[[], object]) -> tuple[float, object]:
	began = time.monotonic()
	result = act()
	return time.monotonic() - began, result


def measure(rows: int) -> dict:
	filled, _nothing = timed(lambda: fill(rows))
	rebuild, full = timed(lambda: running.reconcile(rebuild=True))
	nightly, night = timed(lambda: running.reconcile(rebuild=False))
	found = tampered()
	return {
		"rows": full.rows_checked,
		"events": full.events_read,
		"filled_s": round(filled, 1),
		"rebuild_s": round(rebuild, 1),
		"nightly_s": round(nightly, 1),
		"rows_per_s": round(night.rows_checked / nightly),
		"false_alarms": full.findings + night.findings,
		"tampered_found": found,
	}


def tampered() -> int:
	"""Findings after one case was changed by hand, past the application that would tell of it; it is changed back."""
	intruder, case = Intruder(), f"{PREFIX}-{7:08d}"
	intruder.change("Case", case, priority="Low")
	frappe.db.commit()
	found = running.reconcile(rebuild=False).findings
	intruder.change("Case", case, priority="Medium")
	frappe.db.commit()
	return found


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
	options = parser.parse_args()
	frappe.init(site=options.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	baseline.run()
	sealer.run()
	for rows in sorted(options.rows):
		print(json.dumps(measure(rows)), flush=True)
	frappe.destroy()


if __name__ == "__main__":
	main()
