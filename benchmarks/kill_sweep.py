"""Kills workers with SIGKILL in mid-sweep, again and again, and counts what was done twice or not at all.

Run in the bench's Python from `sites/`, on a site made for it:

	../env/bin/python ../apps/govcrm/benchmarks/kill_sweep.py --site kill.localhost --kills 100

In each round clocks come due whose warning, date and two steps have passed, two workers sweep at once, and each is killed at
a random moment: in every other round soon, while clocks are being marked, else later, while steps are carried out. At
the end one worker does what is left. Then each clock must have one warning, one missed date and two steps; each
case as many entries in its history, notices and mails, and a priority raised by one.
"""

import argparse
import time

import frappe

from govcrm.tests.killing import CARRYING_OUT, DONE, IDLE, MARKING, Killing, clear

NAMES = {MARKING: "marking", CARRYING_OUT: "carrying out", IDLE: "between", DONE: "done"}


def run(kills: int, clocks: int, seed: int) -> dict:
	killing, begin, number = Killing(seed), time.perf_counter(), 0
	killing.set_up()
	while killing.kills.total() < kills:
		killing.add(clocks)
		killing.round(workers=2, longest=0.15 if number % 2 else 1.0)
		number += 1
	killing.finish()
	faults = killing.faults()
	where = ", ".join(f"{count} {NAMES[phase]}" for phase, count in sorted(killing.kills.items()))
	seconds = time.perf_counter() - begin
	print(
		f"{frappe.db.db_type}, Frappe {frappe.__version__}: {killing.kills.total()} kills ({where}),", end=" "
	)
	print(f"{number * clocks} clocks in {number} rounds, {seconds:.0f} s: {faults or 'each exactly once'}")
	return faults


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--kills", type=int, default=100)
	parser.add_argument("--clocks", type=int, default=12, help="that come due in each round")
	parser.add_argument("--seed", type=int, default=1)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	faults = run(arguments.kills, arguments.clocks, arguments.seed)
	clear()
	raise SystemExit(bool(faults))


if __name__ == "__main__":
	main()
