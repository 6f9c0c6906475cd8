"""The report Deadline Performance over many clocks, and that what it counts is what was put there.

Run in the bench's Python from `sites/`, on a site made for it:

	../env/bin/python ../apps/govcrm/benchmarks/deadline_report.py --site bench.localhost --clocks 100000

Every clock hangs on a case of its own, in 20 departments; nine in ten have stopped within the period of the report.
Measured for somebody who sees all of it and for the caseworker of one department, by each grouping; the first call
of each is not counted. The rows are taken back at the end.
"""

import argparse
import random
import time
from datetime import datetime, timedelta

import frappe
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count

from govcrm.casework.importing.writer import insert_many
from govcrm.reports import performance

DEPARTMENTS = 20
WORKER = "bench.report@example.org"
FIRST, DAYS = datetime(2026, 1, 5), 84
PERIOD = {"from_date": "2026-01-05", "to_date": "2026-03-29"}
GROUPS = ("Department", "Program", "Week", "Milestone")
CASE = ("name", "creation", "modified", "department", "program", "confidentiality", "state_category")
CLOCK = (
	"name",
	"creation",
	"modified",
	"case",
	"label",
	"milestone",
	"nature",
	"status",
	"breached",
	"program",
	"department",
	"started_at",
	"stopped_at",
	"breached_at",
	"due",
	"elapsed_seconds",
	"unit",
)


def fill(clocks: int) -> None:
	chance = random.Random(7)
	cases, rows = [], []
	for number in range(clocks):
		department, program = f"Bench {number % DEPARTMENTS:02}", f"BENCH-{number % 12:02}"
		start = FIRST + timedelta(seconds=chance.random() * DAYS * 86400)
		cases.append((f"BENCH-{number:07}", start, start, department, program, "Internal", "Open"))
		rows.append(clock(chance, number, start, department, program))
	insert_many("Case", CASE, as_text(cases))
	insert_many("Case Deadline", CLOCK, as_text(rows))


def clock(chance: random.Random, number: int, start: datetime, department: str, program: str) -> tuple:
	stops = chance.random() < 0.9
	due, end = start + timedelta(days=5), start + timedelta(days=chance.expovariate(1 / 3))
	missed = end > due if stops else chance.random() < 0.5
	return (
		f"bench{number:07}",
		start,
		start,
		f"BENCH-{number:07}",
		("Acknowledge", "First response", "Resolution")[number % 3],
		("ack", "response", "resolution")[number % 3],
		"Target",
		"Stopped" if stops else "Running",
		int(missed),
		program,
		department,
		start,
		end if stops else None,
		due if missed else None,
		due,
		chance.randrange(200_000),
		"Working Hours",
	)


def as_text(rows: list[tuple]) -> list[tuple]:
	return [tuple(str(cell) if isinstance(cell, datetime) else cell for cell in row) for row in rows]


def make_worker() -> None:
	if not frappe.db.exists("User", WORKER):
		doc = frappe.new_doc("User", email=WORKER, first_name="Bench", send_welcome_email=0)
		doc.append("roles", {"role": "Caseworker"})
		doc.insert()
	department = frappe.new_doc("Agency Department", department_name="Bench 00")
	department.append("members", {"user": WORKER, "role": "Member"})
	department.insert()


def measure(user: str, group: str) -> tuple[float, int]:
	"""(seconds, clocks counted) of the better of three runs."""
	frappe.set_user(user)
	best, counted = 0.0, 0
	for attempt in range(4):
		begun = time.perf_counter()
		_columns, rows, *_rest = performance.run({**PERIOD, "group_by": group})
		took = time.perf_counter() - begun
		counted = sum(row["stopped"] + row["overdue"] for row in rows)
		best = took if attempt == 1 else min(best, took) if attempt else 0.0
	return best, counted


def in_database(department: str | None) -> int:
	"""What was settled in the period, counted by the database."""
	table = DocType("Case Deadline")
	first, last = FIRST, FIRST + timedelta(days=DAYS)
	met = (table.breached == 0) & (table.status == "Stopped") & table.stopped_at[first:last]
	query = frappe.qb.from_(table).select(Count("*")).where(met | table.breached_at[first:last])
	query = query.where(table.name.like("bench%"))
	return query.where(table.department == department).run()[0][0] if department else query.run()[0][0]


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
	parser.add_argument("--site", required=True)
	parser.add_argument("--clocks", type=int, default=100_000)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()  # on SQLite this opens the transaction
	try:
		make_worker()
		fill(arguments.clocks)
		print(f"{arguments.clocks:,} clocks, {frappe.db.db_type}")
		for user, department in (("Administrator", None), (WORKER, "Bench 00")):
			for group in GROUPS:
				seconds, counted = measure(user, group)
				assert counted == in_database(department), (user, group, counted)
				print(f"  {user:25} by {group:11} {counted:8,} counted  {seconds * 1000:7.0f} ms")
	finally:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		frappe.destroy()


if __name__ == "__main__":
	main()
