"""The sealer: events sealed per second, what a request waits for it, and how long a proof takes.

Run in the bench's Python from `sites/`, on a site made for it (the events stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/sealing.py --site bench.localhost --events 100000

Events are written as a bulk path writes them, 500 in a transaction, and are then sealed as `bench govcrm-seal` does, 2000 for a
checkpoint, each in a transaction of its own. Then one process writes single events, each with its commit: alone, beside
another process that writes, and beside one that writes and seals. The difference of the last two is what a request
waits for the sealer. At last proofs of events and between checkpoints anywhere in the log.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context

import frappe

from govcrm.accountability import trail
from govcrm.accountability.sealing import proofs, sealer
from govcrm.accountability.trail import Entry

BATCH = 500


def entries(number: int) -> list[Entry]:
	return [Entry("view", "Case", f"CASE-BENCH-{n}", subject="Site/Case") for n in range(number)]


def write(events: int) -> float:
	"""Events written per second."""
	begin = time.perf_counter()
	for _batch in range(events // BATCH):
		trail.record_many(entries(BATCH))
		frappe.db.commit()
	return events / (time.perf_counter() - begin)


def seal() -> tuple[int, float]:
	"""Events sealed, and how many of them per second."""
	begin = time.perf_counter()
	sealed = sealer.run()
	return sealed, sealed / (time.perf_counter() - begin)


def single_writes(number: int) -> list[float]:
	"""Seconds of each event with its commit."""
	return [timed(write_one) for _event in range(number)]


def write_one() -> None:
	trail.record_many(entries(1))
	frappe.db.commit()


def timed(work: Callable[[], object]) -> float:
	begin = time.perf_counter()
	work()
	return time.perf_counter() - begin


def beside(number: int, *, sealing: bool) -> list[float]:
	"""As `single_writes`, while another process writes all the time, and seals what it wrote or does not."""
	frappe.db.close()  # a connection must not be in two processes
	process = get_context("fork").Process(
		target=write_on, args=(frappe.local.site, frappe.local.sites_path, sealing), daemon=True
	)
	process.start()
	frappe.db.connect()
	frappe.db.rollback()
	time.sleep(1)
	try:
		return single_writes(number)
	finally:
		process.kill()
		process.join()


def write_on(site: str, sites_path: str, sealing: bool) -> None:
	frappe.init(site=site, sites_path=sites_path, force=True)
	frappe.connect()
	frappe.db.rollback()
	while True:
		write(4 * BATCH)
		if sealing:
			sealer.run()


def prove(number: int) -> dict[str, list[float]]:
	chance = random.Random(1)
	size = frappe.get_all("Audit Seal", pluck="size", order_by="name desc", limit=1)[0]
	names = [
		frappe.db.get_value("Audit Event", {"seq": chance.randint(1, size)}, "name")
		for _proof in range(number)
	]
	sizes = frappe.get_all("Audit Seal", pluck="size", order_by="name", limit=0)
	return {
		"of an event": [timed(partial(proofs.inclusion, name)) for name in names],
		"between checkpoints": [
			timed(partial(proofs.consistency, chance.choice(sizes), size)) for _proof in range(number)
		],
	}


def tell(what: str, seconds: list[float]) -> None:
	ordered = sorted(seconds)
	p95 = ordered[int(len(ordered) * 0.95)]
	print(f"{what}: p50 {statistics.median(ordered) * 1000:.1f} ms, p95 {p95 * 1000:.1f} ms")


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--events", type=int, default=100_000)
	parser.add_argument("--singles", type=int, default=500)
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	sealer.run()
	print(
		f"{frappe.db.db_type}, Frappe {frappe.__version__}, {frappe.db.count('Audit Event'):,} events before"
	)
	print(f"written: {write(arguments.events):,.0f} events/s")
	print("sealed: {:,} events, {:,.0f} events/s".format(*seal()))
	tell("an event by itself", single_writes(arguments.singles))
	tell("an event beside a writer", beside(arguments.singles, sealing=False))
	sealer.run()
	tell("an event beside a writer and sealer", beside(arguments.singles, sealing=True))
	sealer.run()
	for what, seconds in prove(20).items():
		tell(f"a proof {what}", seconds)


if __name__ == "__main__":
	main()
