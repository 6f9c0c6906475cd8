"""List, form, report view, export, REST, counts and report for two hundred random users and two thousand random cases.

Run in the bench's Python from `sites/`, on a site made for it and dropped afterwards:

	../env/bin/python ../apps/govcrm/benchmarks/parity.py --site bench.localhost --users 200 --cases 2000 --seed 1

Everybody is asked about every case by `frappe.has_permission` of its document, in this process: documents are loaded once for
all, and what the rule reads of a case too; the user's side of the rule is read once for each user, and both the rule and Frappe's
check are asked anew for each pair. Everybody opens the form of `--requests` cases by a request each, half of them from their list
where it is long enough, and these read all anew; and asks for all cases by one request to each other way of
`govcrm/tests/parity.py`, which says how requests are made. The same in small runs with the tests
(`govcrm/access/test_parity.py`). Ends with an error where any way tells anybody anything else than their list.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator

import frappe

from govcrm.access import telling
from govcrm.access.facts import read_once
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.parity import Eyes
from govcrm.tests.parity_world import World, some_of

STEP = 25  # users between two lines of progress


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--users", type=int, default=200)
	parser.add_argument("--cases", type=int, default=2_000)
	parser.add_argument("--requests", type=int, default=10, help="forms that each user opens by a request")
	parser.add_argument("--seed", type=int, default=random.randrange(10**9))
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	telling.install()  # as a worker has it before its first request
	compare(arguments)


def compare(arguments: argparse.Namespace) -> None:
	print(f"seed {arguments.seed}, {frappe.db.db_type}, Frappe {frappe.__version__}", flush=True)
	world = World(arguments.seed, arguments.users, arguments.cases).write()
	frappe.db.commit()
	asker, found = AskingTestCase("ask"), Counter()
	everybody = [Eyes(user, asker) for user in world.users]
	for way, differences in (
		("whole requests", by_request(world, everybody, arguments.requests)),
		("checks of documents", by_document(world, everybody)),
	):
		begin = time.monotonic()
		for user, difference in differences:
			found[way] += 1
			print(f"{user} {frappe.get_roles(user)}: {difference[:600]}", flush=True)
		print(f"{way}: {found[way]} differences, {time.monotonic() - begin:.0f} s", flush=True)
	told(world, everybody)
	raise SystemExit(bool(found.total()))


def by_request(world: World, everybody: list[Eyes], forms: int) -> Iterator[tuple[str, str]]:
	for eyes in in_turn(everybody):
		names = some_of(world.chance, eyes.listed, world.cases, forms)
		yield from ((eyes.user, difference) for difference in eyes.differences_of_requests(names))


def by_document(world: World, everybody: list[Eyes]) -> Iterator[tuple[str, str]]:
	documents = [frappe.get_doc("Case", name) for name in world.cases]
	with read_once():
		for eyes in in_turn(everybody):
			yield from ((eyes.user, difference) for difference in eyes.differences_of_form(documents))


def in_turn(everybody: list[Eyes]) -> Iterator[Eyes]:
	for at, eyes in enumerate(everybody, start=1):
		frappe.set_user(eyes.user)
		yield eyes
		if at % STEP == 0:
			frappe.local.message_log.clear()
			print(f"  {at} users", flush=True)


def told(world: World, everybody: list[Eyes]) -> None:
	seen = [len(eyes.listed) for eyes in everybody]
	print(f"{len(everybody) * len(world.cases):,} pairs; a list shows {min(seen)} to {max(seen)}", end="; ")
	print(f"{len(set(seen))} different numbers of cases; {sum(map(bool, seen))} users see any")


if __name__ == "__main__":
	main()
