"""Taking the next case while very many wait: milliseconds a pull, alone and with others, and that each case is given once.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/queues.py --site bench.localhost --cases 1000 100000 --pullers 8

The open cases nobody has are spread over ten departments; each puller is a member of three of them, lacks a skill that
one program in ten asks for, and is recused from twenty cases. "First only" is the same pull without the verb: what
it costs to find and hold the case. Pullers are processes; each pulls as many as its share and commits every time. They
begin together, each after a pull that is not counted: a new process first loads code and metadata, as no worker of the
web does for a citizen's case.
"""

import argparse
import random
import time
from collections import Counter
from datetime import datetime, timedelta
from multiprocessing import get_context

import frappe

from govcrm.api.casework.services import next_item
from govcrm.casework.queues import pulling
from govcrm.casework.queues.waiting import Queue
from govcrm.tests.factories import make_department, make_published_program, make_skill, make_worker

DEPARTMENTS = [f"Bench Queue {number}" for number in range(10)]
PROGRAMS = [f"BENCHQ{number}" for number in range(10)]
PULLERS = [f"bench-queue-{number}@example.org" for number in range(16)]
BEGIN = datetime(2026, 1, 1)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRIORITIES = {"Low": 2, "Medium": 6, "High": 2, "Urgent": 1}


# Filling -------------------------------------------------------------------------------------------------


def set_stage() -> None:
	for name in DEPARTMENTS:
		make_department(name)
	make_skill("Bench Skill")
	for number, code in enumerate(PROGRAMS):
		if not frappe.db.exists("Agency Program", code):
			asked = {"required_skills": [{"skill": "Bench Skill"}]} if not number else {}
			make_published_program(code, asked, department=DEPARTMENTS[0])
	for number, user in enumerate(PULLERS):
		for step in range(3):
			make_worker(user, DEPARTMENTS[(number + step) % len(DEPARTMENTS)])
	frappe.db.commit()


def fill(wanted: int) -> None:
	"""Bring the number of cases that nobody has to this; what earlier runs took is set aside."""
	chance = random.Random(wanted)
	case = frappe.qb.DocType("Case")
	frappe.qb.from_(case).delete().where(case.program.isin(PROGRAMS)).run()
	versions = dict(
		frappe.get_all(
			"Agency Program", {"name": ("in", PROGRAMS)}, ["name", "current_version"], as_list=True
		)
	)
	rows = [case_row(chance, versions) for _ in range(wanted)]
	fields = list(rows[0])
	for start in range(0, wanted, 10_000):
		part = rows[start : start + 10_000]
		frappe.db.bulk_insert("Case", fields, [tuple(row[field] for field in fields) for row in part])
		frappe.db.commit()
	recuse(chance, rows)
	frappe.db.commit()


def case_row(chance: random.Random, versions: dict[str, str]) -> dict:
	opened = BEGIN + timedelta(seconds=chance.randrange(300 * 86400))
	program = chance.choice(PROGRAMS)
	due = opened.replace(hour=17, minute=0, second=0) + timedelta(days=chance.randrange(1, 40))
	return {
		"name": f"CASE-{opened:%y%j}-{''.join(chance.choices(ALPHABET, k=9))}",
		"creation": opened,
		"modified": opened,
		"owner": "Administrator",
		"modified_by": "Administrator",
		"subject": "Pothole: 100 Main Street",
		"program": program,
		"program_version": versions[program],
		"department": chance.choice(DEPARTMENTS),
		"workflow_state": "New",
		"state_category": "Open",
		"confidentiality": chance.choices(["Internal", "Restricted"], [9, 1])[0],
		"priority": chance.choices(list(PRIORITIES), list(PRIORITIES.values()))[0],
		"opened_datetime": opened,
		"next_due": due if chance.random() < 0.9 else None,
	}


def recuse(chance: random.Random, rows: list[dict]) -> None:
	frappe.db.delete("Recusal", {"user": ("in", PULLERS)})
	soonest = sorted((row for row in rows if row["next_due"]), key=lambda row: row["next_due"])[:400]
	values = [
		(frappe.generate_hash(length=10), user, row["name"], "Benchmark", BEGIN, BEGIN)
		for user in PULLERS
		for row in chance.sample(soonest, min(20, len(soonest)))
	]
	fields = ["name", "user", "case", "reason", "creation", "modified"]
	frappe.db.bulk_insert("Recusal", fields, values)


# Measuring -----------------------------------------------------------------------------------------------


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	frappe.flags.mute_emails = True


def pull(site: str, user: str, times: int) -> list[tuple[str, float]]:
	"""(case, milliseconds) of each pull of one process; the first is the one not counted."""
	connect(site)
	frappe.set_user(user)
	done = [pull_once()]
	together.wait()
	done += [pull_once() for _ in range(times)]
	frappe.destroy()
	return done


def pull_once() -> tuple[str, float]:
	frappe.local.govcrm_access = {}  # as a new request
	begin = time.perf_counter()
	name = next_item(None)["case"]
	return name, (time.perf_counter() - begin) * 1000


def wait_for_others(barrier) -> None:
	"""Give a process the barrier at which all begin."""
	global together
	together = barrier


def find_only(user: str, times: int) -> list[float]:
	frappe.set_user(user)
	spent = []
	for _ in range(times):
		frappe.local.govcrm_access = {}
		begin = time.perf_counter()
		queue = Queue(user, pulling.departments_of(user, None))
		assert next(row for row in queue if pulling.claim(row))
		spent.append((time.perf_counter() - begin) * 1000)
		frappe.db.rollback()
	frappe.set_user("Administrator")
	return spent


def measure(site: str, cases: int, pullers: int, times: int) -> None:
	report(f"{cases:,} | find and hold, alone", find_only(PULLERS[0], times))
	frappe.db.rollback()
	jobs, context = [(site, user, times) for user in PULLERS[:pullers]], get_context("spawn")
	with context.Pool(pullers, wait_for_others, (context.Barrier(pullers),)) as pool:
		runs = pool.starmap(pull, jobs, chunksize=1)
	done = [each for own in runs for each in own]
	twice = [name for name, times_given in Counter(name for name, _ms in done).items() if times_given > 1]
	assert not twice, f"given more than once: {twice}"
	report(f"{cases:,} | pull, {pullers} processes", [spent for own in runs for _name, spent in own[1:]])
	print(f"{len(done)} cases by {pullers} processes, each given once")


def report(title: str, spent: list[float]) -> None:
	p50, p95 = (sorted(spent)[int(len(spent) * share)] for share in (0.5, 0.95))
	print(f"| {title} | {p50:.1f} | {p95:.1f} |", flush=True)


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--cases", type=int, nargs="+", default=[1_000, 100_000])
	parser.add_argument("--pullers", type=int, default=8, choices=range(1, len(PULLERS) + 1))
	parser.add_argument("--times", type=int, default=25)
	arguments = parser.parse_args()
	connect(arguments.site)
	set_stage()
	print(
		f"{frappe.db.db_type}, Frappe {frappe.__version__}\n\n| open cases | what | p50 ms | p95 ms |\n|---|---|---|---|"
	)
	for cases in arguments.cases:
		fill(cases)
		measure(arguments.site, cases, arguments.pullers, arguments.times)


if __name__ == "__main__":
	main()
