"""What the audit trail is told of an import: one event for each request, covering every row that was written for it.

The rows themselves hold what was imported, and the file it came from what it was made of; the event fixes both by
keyed hashes and names the row of the file. From then on each change tells before and after.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govcrm.accountability import trail
from govcrm.accountability.trail import bulk, subjects
from govcrm.accountability.trail.bulk import Covered
from govcrm.accountability.trail.entries import Entry

REQUEST, CASE = "Service Request", "Case"
# By which column the rows of a DocType hang on a case.
OF_CASE = {REQUEST: "case", CASE: "name"}

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def record(rows: Rows) -> None:
	"""`rows`: by DocType what was inserted in this transaction, each a row of a case that came with it."""
	if trail.ready():
		for case in rows[CASE]:
			subjects.remember(case["name"], case)
		trail.record_many(list(entries(rows)))


def entries(rows: Rows) -> Iterator[Entry]:
	covered = by_case(rows)
	for request in rows[REQUEST]:
		yield Entry(
			"import",
			REQUEST,
			request["name"],
			rows=covered[request["case"]],
			detail={"source": request["source"], "source_id": request["source_id"]},
			values=request,
			begins=True,
		)


def by_case(rows: Rows) -> dict[str, list[Covered]]:
	found: dict[str, list[Covered]] = defaultdict(list)
	for doctype, many in rows.items():
		column = OF_CASE.get(doctype, "case")
		for row, covered in zip(many, bulk.covered(doctype, many), strict=True):
			found[row[column]].append(covered)
	return found
