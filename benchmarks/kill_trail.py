"""Kills web workers and sealers with SIGKILL, again and again, and compares what is there with what the log tells.

Run in the bench's Python from `sites/`, on a site made for it:

	../env/bin/python ../apps/govcrm/benchmarks/kill_trail.py --site kill.localhost --kills 200

Clients write by HTTP without pause: three records in one transaction, then a change of one. Two sealers seal all the while.
At the end every record must have its event and every event its record, no transaction may be there by half, each record
must be as its last event says, each change follow on the one before, every number of the log be given once, and every
checkpoint verify.
"""

import argparse
import time
from collections import Counter

import frappe

from govcrm.tests.trail_killing import DOCTYPE, TrailKilling


def run(kills: int, clients: int, seed: int) -> dict:
	killing, begin = TrailKilling(seed, clients), time.perf_counter()
	killing.set_up()
	killing.begin()
	killing.kill_some(kills)
	killing.end()
	faults = killing.faults()
	answers = sum((client.answers for client in killing.clients), Counter())
	killed = ", ".join(f"{number} {kind}s" for kind, number in sorted(killing.kills.items()))
	records, events = len(killing.named(DOCTYPE, "name")), len(killing.events())
	seals, seconds = frappe.db.count("Audit Seal"), time.perf_counter() - begin
	print(f"{frappe.db.db_type}, Frappe {frappe.__version__}: {killed} killed,", end=" ")
	print(f"{records} records, {events} events, {seals} checkpoints,", end=" ")
	print(f"answers {dict(answers)}, {seconds:.0f} s: {faults or 'no fault'}")
	return faults


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--kills", type=int, default=200)
	parser.add_argument("--clients", type=int, default=2)
	parser.add_argument("--seed", type=int, default=1)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	raise SystemExit(bool(run(arguments.kills, arguments.clients, arguments.seed)))


if __name__ == "__main__":
	main()
