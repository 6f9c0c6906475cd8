"""The sweep of deadlines: finding and marking 10,000 due clocks among ever more that are not due.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/sweep.py --site bench.localhost --clocks 10000 100000 1000000

Each clock belongs to a case of its own. Its rule is one of four: with a warning, two warnings, steps of escalation, or
nothing but the date; its calendar is a working week with a lunch break and ten holidays. Of those due, a quarter each
is due for a warning that another warning follows, for a warning before the date, for the date, and for the date and a
step at once. Due clocks are marked in one sweep, as the scheduler does it, with its commits; then they are set back. "Quiet" is a
sweep that finds nothing. What follows from the marks (notices, mail, new priorities) is carried out afterwards, one by
one, and measured by itself with --effects. The cases get their keys of the audit trail with the first round.

With --compare each round sweeps the same clocks twice, with the audit trail and as if there were none, in an order of chance, so
that what else the machine does meets both alike; --profile shows where the time of one sweep goes.
"""

import argparse
import cProfile
import json
import pstats
import random
import statistics
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import islice

import frappe
from trail import without_trail

from govcrm.casework.importing.writer import insert_many
from govcrm.casework.sweep import effects, marking
from govcrm.domain import deadlines
from govcrm.domain.calendar import UTC, Calendar
from govcrm.service_catalogue import calendars

CALENDAR = "Bench Week"
PREFIX = "CASE-BENCH"
DEPARTMENT = "Bench Sweep"
CHUNK = 20_000
MILESTONE = {
	"code": "decision",
	"label": "Decision",
	"amount": 10,
	"unit": "Working Days",
	"on_breach": "None",
}
STEPS = [{"at_percent": 100, "step": "Notify Supervisors"}, {"at_percent": 150, "step": "Raise Priority"}]
RULES = [
	{**MILESTONE, "warn_at": "50, 75", "steps": []},
	{**MILESTONE, "warn_at": "75", "steps": []},
	{**MILESTONE, "warn_at": "", "steps": []},
	{**MILESTONE, "warn_at": "75", "steps": STEPS},
]
STAMP = {"owner": "Administrator", "modified_by": "Administrator"}

# Filling: rows of the benchmark's own, of which no log is told --------------------------------------------------------------------------------------------------


def prepare() -> None:
	if frappe.db.count("Case") and not frappe.db.exists("Business Calendar", CALENDAR):
		raise SystemExit("This site has cases of its own. Make one for the benchmark.")
	if not frappe.db.exists("Business Calendar", CALENDAR):
		make_calendar()
		frappe.new_doc("Agency Department", department_name=DEPARTMENT).insert()
		frappe.db.commit()


def make_calendar() -> None:
	doc = frappe.new_doc("Business Calendar", calendar_name=CALENDAR, timezone="America/New_York")
	for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
		doc.append("hours", {"weekday": day, "starts": "09:00:00", "ends": "12:30:00"})
		doc.append("hours", {"weekday": day, "starts": "13:00:00", "ends": "17:30:00"})
	for number in range(10):
		doc.append("holidays", {"date": f"2026-{number + 1:02}-13", "title": f"Day {number}", "recurring": 1})
	doc.insert()


@without_trail()
def fill(wanted: int, now: datetime) -> None:
	"""Bring the site to so many running clocks, none of them due."""
	present = frappe.db.count("Case Deadline")
	rows = clock_rows(present, wanted, now)
	while chunk := list(islice(rows, CHUNK)):
		write("Case", [case_row(clock) for clock in chunk])
		write("Case Deadline", chunk)
		write("Case Deadline Event", [start_row(clock) for clock in chunk])
		frappe.db.commit()  # a benchmark's own site


def write(doctype: str, rows: list[dict]) -> None:
	insert_many(doctype, tuple(rows[0]), [tuple(row.values()) for row in rows])


def clock_rows(present: int, wanted: int, now: datetime) -> Iterator[dict]:
	"""Templates for every hour of the next eight weeks, dealt out at random: a date takes longer than a row."""
	calendar, chance = calendars.load(CALENDAR), random.Random(present)
	shapes = [shape(calendar, rule, now, hours) for rule in RULES for hours in range(0, 56 * 24, 7)]
	for number in range(present, wanted):
		yield {
			"name": f"b{number:09}",
			"case": f"{PREFIX}-{number:09}",
			**STAMP,
			**chance.choice(shapes),
			"department": DEPARTMENT,
		}


def shape(calendar: Calendar, rule: dict, now: datetime, hours: float) -> dict:
	"""A clock started so that nothing of it is due at `now` or for at least an hour: in the future, if need be."""
	return state(calendar, rule, now + timedelta(hours=hours + 1), now)


def state(calendar: Calendar, rule: dict, start: datetime, now: datetime) -> dict:
	parsed = deadlines.Rule.from_dict(rule)
	reading = deadlines.derive(parsed, [deadlines.Event("Start", start)], calendar, now)
	check = deadlines.next_check(parsed, reading, 0, (), calendar)
	return {
		"creation": str(calendars.site_time(start)),
		"modified": str(calendars.site_time(start)),
		"label": rule["label"],
		"milestone": rule["code"],
		"nature": "Statutory",
		"status": "Running",
		"calendar": CALENDAR,
		"amount": rule["amount"],
		"unit": rule["unit"],
		"started_at": str(calendars.site_time(start)),
		"due": str(calendars.site_time(reading.due)),
		"due_utc": str(calendars.utc_naive(reading.due)),
		"next_at": str(calendars.utc_naive(check.at)),
		"next_kind": check.kind,
		"next_percent": check.percent,
		"rule": json.dumps(rule),
	}


def case_row(clock: dict) -> dict:
	return {
		"name": clock["case"],
		**STAMP,
		"creation": clock["creation"],
		"modified": clock["modified"],
		"subject": "Pothole: 100 Main Street",
		"department": DEPARTMENT,
		"workflow_state": "Received",
		"state_category": "Open",
		"priority": "Medium",
		"confidentiality": "Internal",
		"opened_datetime": clock["started_at"],
		"deadline_status": "On Track",
	}


def start_row(clock: dict) -> dict:
	start = calendars.instant(datetime.fromisoformat(clock["started_at"]))
	return {
		"name": clock["name"],
		**STAMP,
		"creation": clock["creation"],
		"modified": clock["modified"],
		"case_deadline": clock["name"],
		"case": clock["case"],
		"kind": "Start",
		"at": clock["started_at"],
		"at_utc": str(calendars.utc_naive(start)),
		"pending": 0,
	}


# Measuring ------------------------------------------------------------------------------------------------


@without_trail()
def make_due(count: int, present: int, now: datetime) -> list[str]:
	"""Turn clocks spread over all of them into due ones; returns their names."""
	calendar, step = calendars.load(CALENDAR), max(1, present // count)
	names = [f"b{number:09}" for number in range(0, step * count, step)]
	shapes = [due_shape(calendar, kind, now) for kind in range(4)]
	table = frappe.qb.DocType("Case Deadline")
	for kind, values in enumerate(shapes):
		for part in parts(names[kind::4]):
			query = frappe.qb.update(table).set(table.warned_percent, 0).set(table.breached, 0)
			for field, value in values.items():
				query = query.set(table[field], value)
			query.where(table.name.isin(part)).run()
	set_starts(names, shapes)
	frappe.db.commit()  # the sweep begins its own transactions
	return names


def due_shape(calendar: Calendar, kind: int, now: datetime) -> dict:
	"""Started so long ago that one check is past: the first of two warnings, the only one, the date, date and step."""
	values = state(
		calendar, RULES[kind], start_for(calendar, RULES[kind], (0.51, 0.76, 1.01, 1.01)[kind], now), now
	)
	if kind == 3:
		values.update(next_at=values["due_utc"], next_kind="Breach", next_percent=100)
	return values


def start_for(calendar: Calendar, rule: dict, used: float, now: datetime) -> datetime:
	"""The latest whole hour ago at which a clock must have begun, to have used this share of its time."""
	parsed = deadlines.Rule.from_dict(rule)
	for hours in range(1, 60 * 24):
		start = now - timedelta(hours=hours)
		reading = deadlines.derive(parsed, [deadlines.Event("Start", start)], calendar, now)
		if reading.elapsed >= used * reading.allowed:
			return start
	raise ValueError(f"{used} of the time cannot have been used")


def set_starts(names: list[str], shapes: list[dict]) -> None:
	table = frappe.qb.DocType("Case Deadline Event")
	for kind, values in enumerate(shapes):
		start = calendars.utc_naive(calendars.instant(datetime.fromisoformat(values["started_at"])))
		for part in parts(names[kind::4]):
			query = frappe.qb.update(table).set(table.at, values["started_at"]).set(table.at_utc, start)
			query.where(table.name.isin(part)).run()


@without_trail()
def set_back(names: list[str], present: int, now: datetime) -> None:
	"""Take away what the sweep wrote, and make its clocks clocks like the others."""
	rows = {f"b{number:09}": row for number, row in enumerate(clock_rows(0, 4, now))}
	quiet = next(iter(rows.values()))
	clock, case = frappe.qb.DocType("Case Deadline"), frappe.qb.DocType("Case")
	for part in parts(names):
		cases = [name.replace("b", f"{PREFIX}-", 1) for name in part]
		frappe.db.delete("Case Deadline Event", {"case_deadline": ("in", part), "kind": ("!=", "Start")})
		frappe.db.delete("Case Event", {"case": ("in", cases)})
		query = frappe.qb.update(clock).set(clock.breached, 0).set(clock.breached_at, None)
		for field in ("due", "due_utc", "next_at", "next_kind", "next_percent", "rule", "started_at"):
			query = query.set(clock[field], quiet[field])
		query.where(clock.name.isin(part)).run()
		frappe.qb.update(case).set(case.deadline_status, "On Track").where(case.name.isin(cases)).run()
		frappe.db.commit()  # a benchmark's own site


def parts(names: list[str], size: int = 1000) -> Iterator[list[str]]:
	return (names[start : start + size] for start in range(0, len(names), size))


def measure(present: int, due: int, repeat: int, now: datetime) -> None:
	times, quiet = zip(*(one_round(present, due, now) for _round in range(repeat)), strict=True)
	best, middle = min(times), statistics.median(times)
	print(
		f"| {present:,} | {due:,} | {best:.2f} | {middle:.2f} | {due / middle:,.0f} | {min(quiet) * 1000:.2f} |",
		flush=True,
	)


def one_round(present: int, due: int, now: datetime) -> tuple[float, float]:
	"""Seconds of a sweep that finds so many, and of one that finds nothing."""
	names = make_due(due, present, now)
	seconds, marked = timed(sweep)
	assert marked == due, f"{marked} of {due} were marked"
	quiet, _none = timed(sweep)
	set_back(names, present, now)
	return seconds, quiet


def sweep() -> int:
	return marking.mark_due(marking.utc_now())


def compare(present: int, due: int, repeat: int, now: datetime) -> None:
	ways, times = {"off": without_trail, "on": nullcontext}, {"off": [], "on": []}
	one_round(
		present, due, now
	)  # after it the cases have their keys, as those that were opened on a site have
	for _round in range(repeat):
		for way in random.sample(list(ways), 2):
			with ways[way]():
				times[way].append(one_round(present, due, now)[0])
	off, on = (statistics.median(times[way]) for way in ("off", "on"))
	print(
		f"| {present:,} | {due:,} | {min(times['off']):.2f} | {off:.2f} | {min(times['on']):.2f} | {on:.2f} |"
		f" {on / off:.2f} |",
		flush=True,
	)


def profile(present: int, due: int, now: datetime) -> None:
	one_round(present, due, now)
	names = make_due(due, present, now)
	profiler = cProfile.Profile()
	profiler.runcall(sweep)
	set_back(names, present, now)
	pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


def timed(act) -> tuple[float, object]:
	begin = time.perf_counter()
	result = act()
	return time.perf_counter() - begin, result


def measure_effects(present: int, now: datetime, count: int = 400) -> None:
	"""Notices have nobody to go to on this site: what is measured is the transaction, the rights and the history."""
	names = make_due(count, present, now)
	sweep()
	seconds, done = timed(lambda: effects.carry_out_due(marking.utc_now(), time.monotonic() + 600))
	print(f"\n{done} steps carried out in {seconds:.1f} s: {seconds / done * 1000:.1f} ms each")
	set_back(names, present, now)


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()


def main() -> None:
	arguments = parse()
	connect(arguments.site)
	now = datetime.now(UTC).replace(microsecond=0)
	prepare()
	print(f"{frappe.db.db_type}, Frappe {frappe.__version__}\n")
	print_head(arguments.compare)
	act = compare if arguments.compare else measure
	with without_trail() if arguments.without_trail else nullcontext():
		for clocks in arguments.clocks:
			fill(clocks, now)
			act(clocks, min(arguments.due, clocks), arguments.repeat, now)
		if arguments.effects:
			measure_effects(arguments.clocks[-1], now)
		if arguments.profile:
			profile(arguments.clocks[-1], min(arguments.due, arguments.clocks[-1]), now)


def parse() -> argparse.Namespace:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--clocks", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
	parser.add_argument("--due", type=int, default=10_000)
	parser.add_argument("--repeat", type=int, default=5)
	parser.add_argument("--effects", action="store_true")
	parser.add_argument("--profile", action="store_true")
	ways = parser.add_mutually_exclusive_group()
	ways.add_argument("--without-trail", action="store_true", help="as if there were no audit trail")
	ways.add_argument("--compare", action="store_true", help="with the audit trail and without, in turns")
	return parser.parse_args()


def print_head(comparing: bool) -> None:
	if comparing:
		print("| running clocks | due | off, best s | median s | on, best s | median s | on / off |")
		print("|---|---|---|---|---|---|---|")
		return
	print("| running clocks | due | found and marked, best s | median s | per second | quiet ms |")
	print("|---|---|---|---|---|---|")


if __name__ == "__main__":
	main()
