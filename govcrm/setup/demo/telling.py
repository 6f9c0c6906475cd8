"""What the audit trail is told of the city's year: one event for each case, covering all rows that tell of it.

What was played and taken back left nothing in the log. The events carry the time at which the rows were written here, and
who made the city; when the invented people did what, the Case Events of the city say. A log of acts is never back-dated.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from govcrm.accountability import trail
from govcrm.accountability.trail import subjects
from govcrm.accountability.trail.entries import Entry
from govcrm.setup.demo.stage import Rows

CASE, REQUEST = "Case", "Service Request"
VERB = "demo"
# Which record a row hangs on, where it does not name its case.
HOSTS = {"Interaction": "service_request", "ToDo": "reference_name", "Comment": "reference_name"}
IN_TABLES = {"Request Follower"}  # rows of their requests
AT_ONCE = 500

Covered = tuple[str, str, dict]


def record(rows: Rows) -> None:
	"""`rows`: by DocType what was written. They are read again, for what the database made of them is what stays."""
	if not trail.ready():
		return
	entries = entries_of(rows)
	while some := list(islice(entries, AT_ONCE)):
		trail.record_many(some)


def entries_of(rows: Rows) -> Iterator[Entry]:
	covered = by_case(rows)
	for case in rows[CASE]:
		subjects.remember(case["name"], case)
		yield Entry(VERB, CASE, case["name"], rows=covered[case["name"]], values=case, begins=True)


def by_case(rows: Rows) -> dict[str, list[Covered]]:
	cases = cases_of(rows)
	found: dict[str, list[Covered]] = defaultdict(list)
	for doctype, made in rows.items():
		if doctype not in IN_TABLES:
			case_of = {row["name"]: case(doctype, row, cases) for row in made}
			for name, row in trail.rows.stored(doctype, case_of):
				found[case_of[name]].append((doctype, name, row))
	return found


def cases_of(rows: Rows) -> dict[str, str]:
	"""The case of each record that others hang on."""
	found = {row["name"]: row["name"] for row in rows[CASE]}
	return found | {row["name"]: row["case"] for doctype in (REQUEST, "Case Task") for row in rows[doctype]}


def case(doctype: str, row: dict[str, Any], cases: dict[str, str]) -> str:
	if host := HOSTS.get(doctype):
		return cases[row[host]]
	return row["name"] if doctype == CASE else row["case"]
