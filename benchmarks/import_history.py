"""A quarter of a real city's history imported, compared with the file, and Frappe's own Data Import beside it.

Run in the bench's Python from `sites/`, on a site made for it (the records stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/import_history.py --site bench.localhost --file boston311_2011q3.csv

The bulk figure is that of `bench govcrm-import`, from opening the file to the last commit, with the programs and
departments it makes, and the clocks of its cases. "One by one" makes the same records by their controllers, in one
transaction a record. Data Import gets the same rows as new Service Requests, the only thing it can make of them:
without status, times of closing and departments of their own.

With --compare the file is instead imported twice side by side, as if it came from two systems: each batch with the audit trail and
as if there were none, in an order of chance, so that what else the machine does meets both alike. --profile shows where the time of
the batches with the trail goes.
"""

import argparse
import contextlib
import cProfile
import csv
import io
import pstats
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

import frappe
from frappe.core.doctype.data_import.importer import INSERT, Importer
from trail import without_trail

from govcrm.casework.importing import documents, jobs, mappings
from govcrm.casework.importing.catalogue import Catalogue
from govcrm.casework.importing.faults import ErrorFile
from govcrm.casework.importing.reader import Row, open_csv
from govcrm.casework.importing.runner import Run

MAPPING = "Boston 311"
TIMES = {"open_dt": "requested_datetime", "target_dt": "expected_datetime", "closed_dt": "closed_datetime"}
# What Data Import takes of a request, by the fields the mapping fills.
PLAIN = (
	"program",
	"channel",
	"description",
	"address_string",
	"area",
	"postal_code",
	"latitude",
	"longitude",
)
FIELDS = ("source_id", "department", "program", "status", "case", *TIMES.values())

Timing = tuple[str, int, float, float]


def main() -> None:
	options = parse()
	with site(options.site), without_trail() if options.without_trail else contextlib.nullcontext():
		path = Path(options.file).resolve()
		mappings.seed_mappings()
		if options.compare or options.profile:
			compare(path, options.profile)
			return
		refuse_used_site()
		rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
		timings = [
			timed("`govcrm-import`, bulk", lambda: jobs.run_file(path, MAPPING).tally.rows_imported),
			timed(
				"`govcrm-import` again, all known", lambda: jobs.run_file(path, MAPPING).tally.rows_skipped
			),
			timed("one by one, by the controllers", lambda: one_by_one(path, options.sample)),
			timed("Frappe's Data Import", lambda: data_import(path, options.sample)),
		]
		print_timings(timings)
		print_comparison(rows)


def parse() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
	parser.add_argument("--site", required=True)
	parser.add_argument("--file", required=True)
	parser.add_argument("--sample", type=int, default=300, help="rows for the two slow ways")
	ways = parser.add_mutually_exclusive_group()
	ways.add_argument("--without-trail", action="store_true", help="as if there were no audit trail")
	ways.add_argument("--compare", action="store_true", help="with the audit trail and without, in turns")
	ways.add_argument("--profile", action="store_true")
	return parser.parse_args()


@contextlib.contextmanager
def site(name: str) -> Iterator[None]:
	frappe.init(site=name, sites_path=".")
	frappe.connect()
	frappe.db.rollback()  # SQLite: begin a transaction
	try:
		yield
	finally:
		frappe.destroy()


def refuse_used_site() -> None:
	if frappe.db.exists("Service Request", {"source": MAPPING}):
		raise SystemExit("This site holds these requests already. Make a site for the benchmark.")
	frappe.db.commit()


def timed(title: str, act: Callable[[], int]) -> Timing:
	"""(what, rows, seconds by the clock, seconds of this process)."""
	wall, cpu = time.perf_counter(), time.process_time()
	rows = act()
	return title, rows, time.perf_counter() - wall, time.process_time() - cpu


# With the trail and without ------------------------------------------------------------------------------


def compare(path: Path, profiled: bool) -> None:
	runs = {way: new_run(path, way) for way in ("off", "on")}
	times: dict[str, list[float]] = {"off": [], "on": []}
	profiler = cProfile.Profile()
	with documents.silence():
		for batches in zip(*(run.batches() for run in runs.values()), strict=True):
			for way, rows in random.sample(list(zip(runs, batches, strict=True)), 2):
				act = profiler.runcall if profiled and way == "on" else call
				with without_trail() if way == "off" else contextlib.nullcontext():
					times[way].append(seconds_of(act, runs[way], rows))
	if profiled:
		pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
	else:
		print_ratio(runs["on"].tally.rows_imported, times)


def new_run(path: Path, way: str) -> Run:
	"""An import as that of `jobs.run_file`, of a source of its own, up to its first batch."""
	source = f"Benchmark {frappe.generate_hash(length=6)}, {way}"
	mapping = replace(mappings.load(MAPPING), source=source)
	record = jobs.new_record(path.name, MAPPING)
	run = Run(open_csv(path, mapping.titles), mapping, ErrorFile(), record=record, dry_run=False)
	run.make_missing(run.survey())
	frappe.db.commit()
	return run


def call(act: Callable, *given: object) -> None:
	act(*given)


def seconds_of(act: Callable, run: Run, rows: list[Row]) -> float:
	begun = time.perf_counter()
	act(run.import_batch, rows)
	return time.perf_counter() - begun


def print_ratio(rows: int, times: dict[str, list[float]]) -> None:
	off, on = sum(times["off"]), sum(times["on"])
	each = statistics.median(on / off for off, on in zip(times["off"], times["on"], strict=True))
	print(f"\nFrappe {frappe.__version__}, {frappe.db.db_type}\n")
	print("| rows | off s | on s | on / off | median of the batches |\n|---:|---:|---:|---:|---:|")
	print(f"| {rows:,} | {off:.1f} | {on:.1f} | {on / off:.2f} | {each:.2f} |")


# The slow ways -------------------------------------------------------------------------------------------


def resolved(path: Path, count: int) -> Iterator:
	mapping = mappings.load(MAPPING)
	reader, catalogue = mapping.reader(), Catalogue(mapping)
	for row in islice(open_csv(path, mapping.titles).rows(), count):
		mapped = reader.read(row.values)
		catalogue.resolve(mapped.values)
		yield mapped


def one_by_one(path: Path, count: int) -> int:
	with documents.silence():
		for mapped in resolved(path, count):
			documents.insert_request(mapped, "Benchmark, one by one")
			frappe.db.commit()
	return frappe.db.count("Service Request", {"source": "Benchmark, one by one"})


def data_import(path: Path, count: int) -> int:
	before = frappe.db.count("Service Request")
	with NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
		writer = csv.DictWriter(file, [*PLAIN, "requested_datetime"], extrasaction="ignore")
		writer.writeheader()
		writer.writerows(mapped.values for mapped in resolved(path, count))
		file.flush()
		with contextlib.redirect_stdout(io.StringIO()):
			Importer("Service Request", file_path=file.name, import_type=INSERT, console=True).import_data()
	return frappe.db.count("Service Request") - before


# The comparison ------------------------------------------------------------------------------------------


def print_timings(timings: list[Timing]) -> None:
	print(f"\nFrappe {frappe.__version__}, {frappe.db.db_type}\n")
	print("| way | rows | seconds | rows/s | rows/s of processor time |\n|---|---:|---:|---:|---:|")
	for title, rows, wall, cpu in timings:
		print(f"| {title} | {rows:,} | {wall:.1f} | {rows / wall:,.0f} | {rows / cpu:,.0f} |")


def print_comparison(rows: list[dict]) -> None:
	requests = frappe.get_all("Service Request", {"source": MAPPING}, FIELDS, order_by="source_id", limit=0)
	found = {request.source_id: request for request in requests}
	programs = dict(frappe.get_all("Agency Program", fields=["name", "program_name"], as_list=True, limit=0))
	print("\n| compared with the file | file | site | differing |\n|---|---:|---:|---:|")
	show("requests", Counter(r["case_enquiry_id"] for r in rows), Counter(found.keys()))
	show("by department", count(rows, "department"), Counter(r.department for r in requests))
	show(
		"by type", Counter(squeezed(r["type"]) for r in rows), Counter(programs[r.program] for r in requests)
	)
	show("open and closed", count(rows, "case_status"), Counter(r.status for r in requests))
	for column, field in TIMES.items():
		print_differing(
			f"{column}, row by row", (same_time(r[column], found[r["case_enquiry_id"]][field]) for r in rows)
		)
	print_cases(requests)
	print_verdicts(rows, found)


def print_cases(requests: list) -> None:
	fields = ["name", "department", "state_category", "opened_datetime", "closed_datetime"]
	cases = {case.name: case for case in frappe.get_all("Case", fields=fields, limit=0)}
	print_differing("cases, row by row", (agrees(request, cases.get(request.case)) for request in requests))


def print_verdicts(rows: list[dict], found: dict[str, dict]) -> None:
	"""Closed on time or late: what the city has recorded, and what the clock says that has the city's policy."""
	stopped = frappe.get_all(
		"Case Deadline", {"status": "Stopped"}, ["case", "breached"], as_list=True, limit=0
	)
	missed = dict(stopped)
	said = ((row["ontime"], found[row["case_enquiry_id"]].case) for row in rows)
	print_differing(
		"clocks on time or late, row by row",
		((flag == "OVERDUE") == bool(missed[case]) for flag, case in said if flag and case in missed),
	)


def agrees(request: dict, case: dict | None) -> bool:
	return bool(case) and (
		(request.department, request.status, request.requested_datetime, request.closed_datetime)
		== (case.department, case.state_category, case.opened_datetime, case.closed_datetime)
	)


def show(title: str, file: Counter, here: Counter) -> None:
	differing = sum(((file - here) + (here - file)).values())
	print(f"| {title} | {len(file):,} | {len(here):,} | {differing:,} |")


def print_differing(title: str, same: Iterator[bool]) -> None:
	results = list(same)
	print(f"| {title} | {len(results):,} | {len(results):,} | {results.count(False):,} |")


def count(rows: list[dict], column: str) -> Counter:
	return Counter(row[column] for row in rows)


def squeezed(text: str) -> str:
	return " ".join(text.split())


def same_time(written: str, stored: datetime | None) -> bool:
	return (datetime.fromisoformat(written) if written else None) == stored


if __name__ == "__main__":
	main()
