"""The list of a caseworker's open cases, scoped by the access rule, beside the same list unscoped.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/scoped_list.py --site bench.localhost --cases 31828 1000000

Cases are spread over 30 departments of equal size and one with 200 cases in a million; 5 % are open. Every tenth is
Restricted, six of ten are assigned, three of a hundred are referred to another department. Each scoped call counts
as a request of its own: roles and memberships are read anew. "Rare" is the worst case for a list in order of time:
somebody who may see two cases in ten thousand.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import frappe

from govcrm.casework.participation import participant_name

DEPARTMENTS = [f"Bench {number:02}" for number in range(30)]
RARE = "Bench Rare"
ROOT = "Bench City"
STAFF = [f"bench.{number:03}@example.org" for number in range(300)]
WORKER, RARE_WORKER, CHIEF = STAFF[0], STAFF[1], STAFF[2]
BEGIN = datetime(2022, 1, 1)
DAYS = 1700
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STATES = {"Closed": 92, "Open": 5, "Waiting": 2, "Cancelled": 1}
LEVELS = {"Public": 10, "Internal": 80, "Restricted": 10}
FIELDS = ["name", "subject", "department", "workflow_state", "state_category", "assignee", "modified"]
LISTS = {
	"open, newest first": {"filters": {"state_category": "Open"}},
	"all, newest first": {},
	"open, mine": {"filters": {"state_category": "Open", "assignee": WORKER}},
	"open, one department": {"filters": {"state_category": "Open", "department": DEPARTMENTS[0]}},
}
READERS = {"one department": WORKER, "eight departments": CHIEF, "rare": RARE_WORKER}

# Filling -------------------------------------------------------------------------------------------------


def fill(cases: int) -> None:
	"""Bring the site to this many cases."""
	present = frappe.db.count("Case")
	if present and not frappe.db.exists("Agency Department", ROOT):
		raise SystemExit("This site has cases of its own. Make one for the benchmark.")
	if not frappe.db.exists("Agency Department", ROOT):
		make_departments()
		make_staff()
	if cases > present:
		add_cases(present, cases)
	frappe.db.commit()


def make_departments() -> None:
	division = "Bench Division"
	tree = {ROOT: None, division: ROOT, RARE: ROOT}
	tree |= {name: division if number < 8 else ROOT for number, name in enumerate(DEPARTMENTS)}
	for name, parent in tree.items():
		values = {
			"department_name": name,
			"parent_agency_department": parent,
			"is_group": name in (ROOT, division),
		}
		department = frappe.new_doc("Agency Department", **values)
		members = {DEPARTMENTS[0]: WORKER, RARE: RARE_WORKER, division: CHIEF}
		if name in members:
			department.append("members", {"user": members[name], "role": "Member"})
		department.flags.ignore_links = True  # the staff comes next
		department.insert()


def make_staff() -> None:
	for user in (WORKER, RARE_WORKER, CHIEF):
		doc = frappe.new_doc("User", email=user, first_name=user, send_welcome_email=0)
		doc.append("roles", {"role": "Caseworker"})
		doc.insert()


def add_cases(present: int, wanted: int) -> None:
	chance = random.Random(present)
	for start in range(present, wanted, 10_000):
		rows = [case_row(chance) for _ in range(start, min(start + 10_000, wanted))]
		bulk("Case", rows)
		bulk("Case Participant", [row for case in rows for row in participant_rows(chance, case)])
		frappe.db.commit()


def bulk(doctype: str, rows: list[dict]) -> None:
	fields = list(rows[0])
	frappe.db.bulk_insert(doctype, fields, [tuple(row[field] for field in fields) for row in rows])


def case_row(chance: random.Random) -> dict:
	opened = BEGIN + timedelta(days=chance.random() * DAYS)
	assigned = chance.random() < 0.6
	return {
		"name": f"CASE-{opened:%y%j}-{''.join(chance.choices(ALPHABET, k=9))}",
		"creation": opened,
		"modified": opened + timedelta(days=chance.expovariate(1 / 10)),
		"owner": "Administrator",
		"modified_by": "Administrator",
		"subject": "Pothole: 100 Main Street",
		"department": RARE if chance.random() < 0.0002 else chance.choice(DEPARTMENTS),
		"assignee": chance.choice(STAFF) if assigned else None,
		"state_category": pick(chance, STATES),
		"confidentiality": pick(chance, LEVELS),
		"priority": "Medium",
		"shared": int(chance.random() < 0.03),
		"opened_datetime": opened,
	}


def pick(chance: random.Random, weights: dict[str, int]) -> str:
	return chance.choices(list(weights), list(weights.values()))[0]


def participant_rows(chance: random.Random, case: dict) -> Iterator[dict]:
	if case["assignee"]:
		yield participant_row(case, "Assignee", user=case["assignee"])
	if case["shared"]:
		yield participant_row(case, "Referring Department", department=chance.choice(DEPARTMENTS))


def participant_row(
	case: dict, capacity: str, user: str | None = None, department: str | None = None
) -> dict:
	return {
		"name": participant_name(case["name"], capacity, user, department),
		"creation": case["creation"],
		"modified": case["modified"],
		"owner": "Administrator",
		"modified_by": "Administrator",
		"case": case["name"],
		"capacity": capacity,
		"user": user,
		"department": department,
		"since": case["creation"],
	}


# Measuring -----------------------------------------------------------------------------------------------


def measure(repeat: int) -> None:
	print("| list | reader | rows | unscoped p50 ms | p95 | scoped p50 ms | p95 | ratio of p50 |")
	print("|---|---|---|---|---|---|---|---|")
	for title, query in LISTS.items():
		for reader, user in READERS.items():
			print_row(title, reader, user, query, repeat)


def print_row(title: str, reader: str, user: str, query: dict, repeat: int) -> None:
	frappe.set_user(user)
	plain = timed(lambda: read(query, ignore_permissions=True), repeat)
	scoped = timed(lambda: read(query), repeat)
	rows = len(read(query))
	figures = " | ".join(f"{value:.2f}" for value in (*plain, *scoped, scoped[0] / plain[0]))
	print(f"| {title} | {reader} | {rows} | {figures} |", flush=True)


def read(query: dict, **options) -> list:
	frappe.local.govcrm_access = {}  # as a new request
	return frappe.get_list("Case", fields=FIELDS, order_by="modified desc", limit=20, **query, **options)


def timed(call: Callable, repeat: int) -> tuple[float, float]:
	"""p50 and p95 in milliseconds; at most ten seconds."""
	call()
	times, end = [], time.perf_counter() + 10
	while len(times) < repeat and time.perf_counter() < end:
		begin = time.perf_counter()
		call()
		times.append((time.perf_counter() - begin) * 1000)
	return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--cases", type=int, nargs="+", default=[31_828, 1_000_000])
	parser.add_argument("--repeat", type=int, default=300)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	for cases in arguments.cases:
		frappe.set_user("Administrator")
		fill(cases)
		print(f"\n{frappe.db.count('Case'):,} cases, {frappe.db.db_type}, Frappe {frappe.__version__}\n")
		measure(arguments.repeat)


if __name__ == "__main__":
	main()
