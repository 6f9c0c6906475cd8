"""The list of a caseworker's open cases, scoped by the access rule, beside the same list unscoped.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/scoped_list.py --site bench.localhost --cases 31828 1000000

Cases are spread over 30 departments of equal size and one with 200 cases in a million; 5 % are open. Every tenth is
Restricted, six of ten are assigned, three of a hundred are referred to another department. Each call counts as a
request of its own: memberships are read anew. Unscoped is the same call with the hook giving no condition; the two
take turns. "Rare" is the worst case for a list in order of time: somebody who may see two cases in ten thousand.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from unittest.mock import patch

import frappe
import frappe.app
from werkzeug.test import Client

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


def measure(site: str, repeat: int) -> None:
	print(
		"| list | reader | call | unscoped p10 ms | p50 | p95 | scoped p10 ms | p50 | p95 | ratio p10 | p50 |"
	)
	print("|---|---|---|---|---|---|---|---|---|---|---|")
	for title, query in LISTS.items():
		for reader, user in READERS.items():
			for call, read in (("get_list", by_list(user, query)), ("REST", by_rest(site, user, query))):
				plain, scoped = compared(read, repeat)
				figures = [*plain, *scoped, scoped[0] / plain[0], scoped[1] / plain[1]]
				cells = [title, reader, call, *(f"{value:.2f}" for value in figures)]
				print(f"| {' | '.join(cells)} |", flush=True)


def compared(read: Callable, repeat: int) -> tuple[list[float], list[float]]:
	"""p10, p50 and p95 in milliseconds, unscoped and scoped."""
	plain, scoped = [], []
	for _ in range(repeat):
		with patch("govcrm.permissions.query_conditions", unscoped):
			plain.append(timed(read))
		scoped.append(timed(read))
	return percentiles(plain), percentiles(scoped)


def unscoped(user: str, doctype: str) -> str:
	return ""


def timed(read: Callable) -> float:
	begin = time.perf_counter()
	read()
	return (time.perf_counter() - begin) * 1000


def percentiles(times: list[float]) -> list[float]:
	return [sorted(times)[int(len(times) * share)] for share in (0.1, 0.5, 0.95)]


def by_list(user: str, query: dict) -> Callable:
	frappe.set_user(user)

	def read() -> None:
		frappe.local.govcrm_access = {}  # as a new request
		frappe.get_list("Case", fields=FIELDS, order_by="modified desc", limit=20, **query)

	return read


def by_rest(site: str, user: str, query: dict) -> Callable:
	"""The whole request as the web server gets it, without the network."""
	frappe.app._site = site
	client = Client(frappe.app.application)
	url = f"/api/resource/Case?fields={json.dumps(FIELDS)}&order_by=modified desc&limit=20"
	url += f"&filters={json.dumps(query.get('filters', {}))}"
	headers = {"Authorization": f"token {keys_of(user)}"}

	def read() -> None:
		response = client.get(url, headers=headers)
		assert response.status_code == 200, response.text

	return read


def keys_of(user: str) -> str:
	doc = frappe.get_doc("User", user)
	doc.api_key, doc.api_secret = frappe.generate_hash(length=15), "benchmark"
	doc.save(ignore_permissions=True)  # a user made for this run
	frappe.db.commit()
	return f"{doc.api_key}:benchmark"


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--cases", type=int, nargs="+", default=[31_828, 1_000_000])
	parser.add_argument("--repeat", type=int, default=200)
	arguments = parser.parse_args()
	connect(arguments.site)
	for cases in arguments.cases:
		frappe.set_user("Administrator")
		fill(cases)
		print(f"\n{frappe.db.count('Case'):,} cases, {frappe.db.db_type}, Frappe {frappe.__version__}\n")
		measure(arguments.site, arguments.repeat)


if __name__ == "__main__":
	main()
