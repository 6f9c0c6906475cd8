"""Pages of the list of audit events, filtered in the ways that auditors filter, at millions of events.

Run in the bench's Python from `sites/`, on a site made for it and dropped afterwards:

	../env/bin/python ../apps/govcrm/benchmarks/audit_list.py --site bench.localhost --events 1000000 10000000

Events of a year: 500 people of whom few do most, a scheduler with a tenth of all, 30 departments, 700,000 matters. Rows
are written straight into the table, with indexes built afterwards. A page is the newest twenty. Values of a filter are
taken at random from what there is, half of them by weight (what is common) and half evenly (what is rare). The web
server's own work is measured through its WSGI application, without the network.
"""

import argparse
import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import frappe
from requests_of import client_of

from govcrm.accountability.doctype.audit_event import audit_event

DOCTYPE = "Audit Event"
BEGIN, DAYS = datetime(2025, 11, 1), 365
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PEOPLE = [f"{number:016x}" for number in range(500)]
PEOPLE_WEIGHTS = [1 / (number + 3) for number in range(500)]
SCHEDULER = PEOPLE[0]
DEPARTMENTS = [f"Department {number:02}" for number in range(30)]
DEPARTMENT_WEIGHTS = [1 / (number + 2) for number in range(30)]
MATTERS = 700_000
VERBS = {
	"update": 30.0,
	"read": 25.0,
	"create": 14.0,
	"log in": 5.0,
	"mark": 6.0,
	"accept": 4.0,
	"assign": 4.0,
	"take action": 5.0,
	"close": 4.0,
	"comment": 2.5,
	"print": 0.3,
	"export": 0.02,
	"share": 0.01,
	"shred": 0.0005,
}
DOCTYPES = {
	"Case": 45.0,
	"Service Request": 15.0,
	"Case Task": 9.0,
	"Citizen": 9.0,
	"Interaction": 8.0,
	"Comment": 7.0,
	"File": 3.0,
	"User": 3.9,
	"Custom DocPerm": 0.05,
	"Agency Program": 0.05,
}
LEVELS = {"Internal": 86, "Public": 6, "Restricted": 7, "Sealed": 1}
OUTCOMES = {"Success": 99.7, "Denied": 0.2, "Failed": 0.1}
COLUMNS = (
	"name creation modified owner modified_by docstatus idx at_utc seq actor verb reference_doctype reference_name "
	"subject department confidentiality outcome via request_id leaf header payload"
).split()
SHOWN = [
	"name",
	"at_utc",
	"actor",
	"verb",
	"reference_doctype",
	"reference_name",
	"outcome",
	"department",
	"subject",
]
BATCH = 5_000

# Filling -------------------------------------------------------------------------------------------------


def fill(wanted: int) -> None:
	"""Bring the site to this many events, in order of time."""
	present = frappe.db.count(DOCTYPE)
	if present and not frappe.db.exists("Audit Actor", PEOPLE[1]):
		raise SystemExit("This site has events of its own. Make one for the benchmark.")
	make_people()
	begun = time.monotonic()
	if present < wanted:
		drop_indexes()
		write_rows(present, wanted)
		audit_event.on_doctype_update()
		frappe.db.commit()
	if frappe.db.db_type == "mariadb":
		frappe.db.sql_ddl("analyze table `tabAudit Event`")
	else:
		frappe.db.sql("analyze")
	print(f"filled in {time.monotonic() - begun:.0f} s", flush=True)


def make_people() -> None:
	if frappe.db.exists("Audit Actor", PEOPLE[1]):
		return
	rows = [(name, f"person.{number}@example.org", f"Person {number}") for number, name in enumerate(PEOPLE)]
	frappe.db.bulk_insert("Audit Actor", ["name", "user", "full_name"], rows)
	frappe.db.commit()


def drop_indexes() -> None:
	for name in index_names():
		on = " on `tabAudit Event`" if frappe.db.db_type == "mariadb" else ""
		frappe.db.sql_ddl(f"drop index if exists `{name}`{on}")


def index_names() -> list[str]:
	return [f"audit_event_{'_'.join(fields)}_index" for fields in audit_event.INDEXES]


def write_rows(first: int, wanted: int) -> None:
	chance = random.Random(first)
	marks = ", ".join(["?" if frappe.db.db_type == "sqlite" else "%s"] * len(COLUMNS))
	statement = f"insert into `tabAudit Event` ({', '.join(COLUMNS)}) values ({marks})"
	cursor = frappe.db._conn.cursor()
	step = timedelta(days=DAYS) / max(wanted, 10_000_000)
	for start in range(first, wanted, BATCH):
		cursor.executemany(statement, list(rows_of(chance, start, min(start + BATCH, wanted), step)))
		frappe.db._conn.commit()


def rows_of(chance: random.Random, first: int, last: int, step: timedelta) -> Iterator[tuple]:
	count = last - first
	actors = chance.choices(PEOPLE, PEOPLE_WEIGHTS, k=count)
	verbs = chance.choices(list(VERBS), list(VERBS.values()), k=count)
	doctypes = chance.choices(list(DOCTYPES), list(DOCTYPES.values()), k=count)
	departments = chance.choices(DEPARTMENTS, DEPARTMENT_WEIGHTS, k=count)
	levels = chance.choices(list(LEVELS), list(LEVELS.values()), k=count)
	outcomes = chance.choices(list(OUTCOMES), list(OUTCOMES.values()), k=count)
	for number in range(count):
		facts = actors, verbs, doctypes, departments, levels, outcomes
		yield row_of(chance, first + number, step, *(each[number] for each in facts))


def row_of(chance, number, step, actor, verb, doctype, department, level, outcome) -> tuple:
	at = BEGIN + number * step
	case = matter(chance.randrange(MATTERS))
	record = case if doctype == "Case" else f"{doctype[:2].upper()}-{chance.getrandbits(45):09x}"
	if doctype == "User":
		record, case, department = chance.choice(PEOPLE), None, None
	event = f"01{number:010d}{chance.getrandbits(56):014X}"
	request = f"{number // 3:016x}{chance.getrandbits(64):016x}"
	header = json.dumps(
		{
			"actor": actor,
			"at": f"{at.isoformat(timespec='microseconds')}Z",
			"class": level,
			"commitments": {
				f"{field}/after": f"{chance.getrandbits(256):064x}" for field in ("status", "due")
			},
			"department": department,
			"doctype": doctype,
			"id": event,
			"name": record,
			"outcome": outcome,
			"request": request,
			"rows": [[doctype, record, f"{chance.getrandbits(256):064x}"]],
			"subject": f"Case/{case}" if case else f"Actor/{record}",
			"v": 1,
			"verb": verb,
		},
		separators=(",", ":"),
	)
	subject = f"Case/{case}" if case else f"Actor/{record}"
	leaf = hashlib.sha256(b"\0" + header.encode()).hexdigest()
	moment = at.isoformat(sep=" ", timespec="microseconds")
	whose = ("Administrator", "Administrator", 0, 0)
	where = (subject, department, level, outcome, "request", request)
	payload = f"{chance.getrandbits(1200):0300x}"
	kept = (moment, number + 1, actor, verb, doctype, record, *where, leaf, header, payload)
	return (event, moment, moment, *whose, *kept)


def matter(number: int) -> str:
	digits = "".join(ALPHABET[(number * 7919 >> shift) & 31] for shift in range(0, 45, 5))
	return f"CASE-26{number % 365:03}-{digits}"


# Measuring -----------------------------------------------------------------------------------------------


def picked(weights: dict[str, float]) -> Callable[[random.Random], str]:
	names, values = list(weights), list(weights.values())
	return lambda chance: chance.choice(names) if chance.random() < 0.5 else chance.choices(names, values)[0]


pick_actor = picked(dict(zip(PEOPLE, PEOPLE_WEIGHTS, strict=True)))
pick_department = picked(dict(zip(DEPARTMENTS, DEPARTMENT_WEIGHTS, strict=True)))
pick_verb, pick_doctype, pick_outcome = picked(VERBS), picked(DOCTYPES), picked(OUTCOMES)


def filters_by_kind() -> dict[str, Callable[[random.Random], list]]:
	known = frappe.get_all(
		DOCTYPE, fields=["request_id", "reference_name", "subject"], limit=400, order_by="at_utc desc"
	)
	return {
		"none": lambda chance: [],
		"actor": lambda chance: [["actor", "=", pick_actor(chance)]],
		"act": lambda chance: [["verb", "=", pick_verb(chance)]],
		"record type": lambda chance: [["reference_doctype", "=", pick_doctype(chance)]],
		"record": lambda chance: [["reference_name", "=", chance.choice(known).reference_name]],
		"matter": lambda chance: [["subject", "=", chance.choice(known).subject]],
		"department": lambda chance: [["department", "=", pick_department(chance)]],
		"request id": lambda chance: [["request_id", "=", chance.choice(known).request_id]],
		"outcome": lambda chance: [["outcome", "=", pick_outcome(chance)]],
		"a week": period,
		"actor, a week": lambda chance: [["actor", "=", pick_actor(chance)], *period(chance)],
		"actor, act": lambda chance: [["actor", "=", pick_actor(chance)], ["verb", "=", pick_verb(chance)]],
		"department, act": lambda chance: [
			["department", "=", pick_department(chance)],
			["verb", "=", pick_verb(chance)],
		],
		"department, act, a week": lambda chance: [
			["department", "=", pick_department(chance)],
			["verb", "=", pick_verb(chance)],
			*period(chance),
		],
		"act, record type": lambda chance: [
			["verb", "=", pick_verb(chance)],
			["reference_doctype", "=", pick_doctype(chance)],
		],
		"actor, outcome": lambda chance: [
			["actor", "=", pick_actor(chance)],
			["outcome", "=", pick_outcome(chance)],
		],
	}


def period(chance: random.Random) -> list:
	latest = frappe.get_all(DOCTYPE, pluck="at_utc", order_by="at_utc desc", limit=1)[0]
	span = (frappe.utils.get_datetime(latest) - BEGIN).days
	first = BEGIN + timedelta(days=chance.randrange(max(span - 7, 1)))
	return [["at_utc", "between", [str(first), str(first + timedelta(days=7))]]]


def measure(site: str, repeat: int) -> None:
	print("| filter | get_list p50 ms | p95 | max | HTTP p50 | p95 | max |\n|---|---|---|---|---|---|---|")
	client = requests_to(site)
	everything: dict[str, list[float]] = {"list": [], "http": []}
	for title, make in filters_by_kind().items():
		chance = random.Random(title)
		wanted = [make(chance) for _ in range(repeat)]
		listed = [timed(lambda filters=filters: page(filters)) for filters in wanted]
		served = [timed(lambda filters=filters: client(filters)) for filters in wanted]
		everything["list"] += listed
		everything["http"] += served
		print(f"| {title} | {told(listed)} | {told(served)} |", flush=True)
	print(f"| all of these | {told(everything['list'])} | {told(everything['http'])} |")


def page(filters: list) -> list:
	return frappe.get_list(DOCTYPE, fields=SHOWN, filters=filters, order_by="at_utc desc", limit=20)


def requests_to(site: str) -> Callable[[list], None]:
	"""The request that the Desk's list sends, as the web server gets it."""
	client, headers = client_of(site, "Administrator")
	fields = json.dumps([f"`tabAudit Event`.`{field}`" for field in SHOWN])

	def read(filters: list) -> None:
		form = {
			"doctype": DOCTYPE,
			"fields": fields,
			"filters": json.dumps([[DOCTYPE, *each] for each in filters]),
			"order_by": "`tabAudit Event`.`at_utc` desc",
			"start": 0,
			"page_length": 20,
			"view": "List",
			"with_comment_count": 0,
		}
		response = client.post("/api/method/frappe.desk.reportview.get", data=form, headers=headers)
		assert response.status_code == 200, response.text

	return read


def timed(read: Callable) -> float:
	begin = time.perf_counter()
	read()
	return (time.perf_counter() - begin) * 1000


def told(times: list[float]) -> str:
	ordered = sorted(times)
	return " | ".join(
		f"{ordered[min(int(len(ordered) * share), len(ordered) - 1)]:.1f}" for share in (0.5, 0.95, 1)
	)


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
	parser.add_argument("--repeat", type=int, default=40)
	arguments = parser.parse_args()
	connect(arguments.site)
	for events in arguments.events:
		frappe.set_user("Administrator")
		fill(events)
		print(f"\n{events:,} events, {frappe.db.db_type}, Frappe {frappe.__version__}\n", flush=True)
		measure(arguments.site, arguments.repeat)


if __name__ == "__main__":
	main()
