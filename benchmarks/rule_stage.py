"""The stage of `rule.py`: cases by the million in thirty departments, who reads them, and what hangs on them."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.casework.importing.writer import insert_many
from govcrm.casework.participation import participant_name
from govcrm.tests.factories import make_citizen, make_department, make_published_program, make_user
from govcrm.workflows.snapshot import of_document

DEPARTMENTS = [f"Rule {number:02}" for number in range(30)]
PROGRAM = "RULEBENCH"
STAFF = [f"rule.{number:03}@example.org" for number in range(300)]
ONE, FIVE, THIRTY, GRANTED, RECUSED, MANAGER, COUNTED = STAFF[:7]
MEMBER_OF = {ONE: 1, FIVE: 5, THIRTY: 30, GRANTED: 1, RECUSED: 1, MANAGER: 1, COUNTED: 1}
GRANTS, RECUSED_CASES = 500, 3_000
SATELLITES = ("Comment", "File", "Version")
BEGIN, DAYS = datetime(2022, 1, 1), 1700
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CATEGORIES = {"Closed": 92, "Open": 5, "Waiting": 2, "Cancelled": 1}
LEVELS = {"Public": 10, "Internal": 79, "Restricted": 10, "Sealed": 1}
BATCH = 10_000
OF_ALL = ("name", "creation", "modified", "owner", "modified_by")
OF_CASE = (
	*OF_ALL,
	"subject",
	"program",
	"program_version",
	"department",
	"assignee",
	"workflow_state",
	"state_category",
	"priority",
	"confidentiality",
	"join_rule",
	"shared",
	"opened_datetime",
	"closed_datetime",
)


def set_up(cases: int, satellites: int) -> None:
	"""Bring the site to this many cases, and as many rows of each satellite."""
	frappe.set_user("Administrator")
	frappe.flags.mute_emails = True
	present = frappe.db.count("Case")
	if present and not frappe.db.exists("Agency Program", PROGRAM):
		raise SystemExit("This site has cases of its own. Make one for the benchmark.")
	if not present:
		make_readers()
	make_staff()
	add_cases(present, cases)
	if not frappe.db.exists("Case Access Grant", {"user": GRANTED}):
		open_to_one()
		recuse_one()
	for doctype in SATELLITES:
		add_satellites(doctype, satellites)
	frappe.db.commit()
	_tell_planner()


def make_readers() -> None:
	for user in MEMBER_OF:
		make_user(user, "Caseworker")
	make_user(MANAGER, "System Manager")
	for number, name in enumerate(DEPARTMENTS):
		department = make_department(name)
		for user, reach in MEMBER_OF.items():
			if number < reach:
				department.append("members", {"user": user, "role": "Member"})
		department.save()
	make_published_program(PROGRAM, department=DEPARTMENTS[0])
	frappe.db.commit()


def make_staff() -> None:
	"""Those who have the other cases; nobody asks as them."""
	missing = [user for user in STAFF if not frappe.db.exists("User", user)]
	columns = (*OF_ALL, "email", "first_name", "enabled", "user_type")
	rows = [(user, *_row()[1:], user, "Rule", 1, "System User") for user in missing]
	insert_many("User", columns, rows)
	frappe.db.commit()


def add_cases(present: int, wanted: int) -> None:
	chance, version = (
		random.Random(present),
		frappe.db.get_value("Agency Program", PROGRAM, "current_version"),
	)
	states = _states(version)
	for start in range(present, wanted, BATCH):
		rows = [_case(chance, version, states) for _ in range(start, min(start + BATCH, wanted))]
		insert_many("Case", OF_CASE, rows)
		insert_many(
			"Case Participant", OF_PARTICIPANT, [one for row in rows for one in _parties(chance, row)]
		)
		frappe.db.commit()


def _states(version: str) -> dict[str, str]:
	"""A state of the pinned workflow for each category."""
	workflow = frappe.get_doc("Workflow", frappe.db.get_value("Program Version", version, "workflow"))
	return {row["state_category"]: row["state"] for row in reversed(of_document(workflow)["states"])}


def _case(chance: random.Random, version: str, states: dict[str, str]) -> tuple:
	opened = BEGIN + timedelta(days=chance.random() * DAYS)
	changed = opened + timedelta(days=chance.expovariate(1 / 10))
	category = _pick(chance, CATEGORIES)
	return (
		f"CASE-{opened:%y%j}-{''.join(chance.choices(ALPHABET, k=9))}",
		str(opened),
		str(changed),
		"Administrator",
		"Administrator",
		"Pothole: 100 Main Street",
		PROGRAM,
		version,
		chance.choice(DEPARTMENTS),
		chance.choice(STAFF) if chance.random() < 0.6 else None,
		states.get(category, states["Open"]),
		category,
		"Medium",
		_pick(chance, LEVELS),
		"All",
		int(chance.random() < 0.03),
		str(opened),
		str(changed) if category == "Closed" else None,
	)


OF_PARTICIPANT = (*OF_ALL, "case", "capacity", "user", "department", "since")


def _parties(chance: random.Random, row: tuple) -> Iterator[tuple]:
	case = dict(zip(OF_CASE, row, strict=True))
	if case["assignee"]:
		yield _party(case, "Assignee", user=case["assignee"])
	if case["shared"]:
		yield _party(case, "Referring Department", department=chance.choice(DEPARTMENTS))


def _party(case: dict, capacity: str, user: str | None = None, department: str | None = None) -> tuple:
	name = participant_name(case["name"], capacity, user, department)
	begin = [case[field] for field in OF_ALL[1:]]
	return (name, *begin, case["name"], capacity, user, department, case["creation"])


def open_to_one() -> None:
	"""Cases of departments that the person is no member of."""
	chosen = _some_cases(GRANTS, ("!=", DEPARTMENTS[0]))
	begin, end = str(add_days(now_datetime(), -1)), str(add_days(now_datetime(), 300))
	columns = (*OF_ALL, "case", "user", "kind", "opens", "status", "valid_from", "valid_to", "reason")
	told = ("Permission", "Read", "Granted", begin, end, "Benchmark")
	insert_many("Case Access Grant", columns, [(*_row(), case, GRANTED, *told) for case in chosen])


def recuse_one() -> None:
	"""From a person for whom there are very many cases: up to half of those of one's own department, and of others."""
	citizen = make_citizen().name
	own = _some_cases(
		min(RECUSED_CASES, frappe.db.count("Case", {"department": DEPARTMENTS[0]}) // 2), DEPARTMENTS[0]
	)
	chosen = [*own, *_some_cases(RECUSED_CASES - len(own), ("!=", DEPARTMENTS[0]))]
	columns = (*OF_ALL, "program", "status", "citizen", "case", "department", "confidentiality")
	told = (PROGRAM, "Open", citizen)
	rows = [(*_row("SR"), *told, case, DEPARTMENTS[0], "Internal") for case in chosen]
	insert_many("Service Request", columns, rows)
	words = (RECUSED, citizen, "Parent", "Benchmark")
	insert_many("Recusal", (*OF_ALL, "user", "citizen", "relation", "reason"), [(*_row(), *words)])


def _some_cases(count: int, department: object) -> list[str]:
	rows = frappe.get_all("Case", {"department": department}, pluck="name", order_by="name", limit=20 * count)
	return random.Random(count).sample(rows, min(count, len(rows)))


_BODIES = {
	"Comment": ("comment_type", "content", "reference_doctype", "reference_name"),
	"File": ("file_name", "file_url", "is_private", "attached_to_doctype", "attached_to_name"),
	"Version": ("data", "ref_doctype", "docname"),
}
_TOLD = {
	"Comment": ("Comment", "Seen to."),
	"File": ("photo.jpg", "/private/files/photo.jpg", 1),
	"Version": ('{"changed":[["priority","Low","High"]]}',),
}


def add_satellites(doctype: str, wanted: int) -> None:
	"""Four of five hang on a case, the others on records that nobody guards."""
	present = frappe.db.count(doctype)
	chance = random.Random(present)
	names = frappe.get_all("Case", pluck="name", order_by="name", limit=200_000)
	for start in range(present, wanted, BATCH):
		rows = [_satellite(chance, doctype, names) for _ in range(start, min(start + BATCH, wanted))]
		insert_many(doctype, (*OF_ALL, *_BODIES[doctype]), rows)
		frappe.db.commit()


def _satellite(chance: random.Random, doctype: str, names: list[str]) -> tuple:
	at = BEGIN + timedelta(days=chance.random() * DAYS)
	host = ("Case", chance.choice(names)) if chance.random() < 0.8 else ("Note", "a note")
	return (*_row(at=at), *_TOLD[doctype], *host)


def _row(prefix: str = "", at: datetime = BEGIN) -> tuple:
	name = f"{prefix}{'-' if prefix else ''}{frappe.generate_hash(length=16)}"
	return (name, str(at), str(at), "Administrator", "Administrator")


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
	return chance.choices(list(weights), list(weights.values()))[0]


def _tell_planner() -> None:
	tables = ("Case", "Case Participant", "Case Access Grant", *SATELLITES)
	if frappe.db.db_type == "mariadb":
		for doctype in tables:
			frappe.db.sql_ddl(f"analyze table `tab{doctype}`")
	else:
		frappe.db.sql_ddl("analyze")
