"""List, form, report view, export, REST, counts and report for two hundred random users and two thousand random cases.

Run in the bench's Python from `sites/`, on a site made for it and dropped afterwards:

	../env/bin/python ../apps/govcrm/benchmarks/parity.py --site bench.localhost --users 200 --cases 2000 --seed 1

Everybody is asked about every case at the form, or with `--forms` about so many, and about all cases by each other way. The same in small runs with
the tests (`govcrm/access/test_parity.py`). Ends with an error where any way tells anybody anything else than their list.
"""

import argparse
import random
import time
from collections import Counter

import frappe

from govcrm.tests.asking import AskingTestCase
from govcrm.tests.parity import Eyes, World


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--users", type=int, default=200)
	parser.add_argument("--cases", type=int, default=2_000)
	parser.add_argument(
		"--forms", type=int, help="cases that are tried at the form for each user; all if not given"
	)
	parser.add_argument("--seed", type=int, default=random.randrange(10**9))
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	compare(arguments)


def compare(arguments: argparse.Namespace) -> None:
	print(f"seed {arguments.seed}, {frappe.db.db_type}, Frappe {frappe.__version__}", flush=True)
	world = World(arguments.seed, arguments.users, arguments.cases).write()
	frappe.db.commit()
	call, seen, found = AskingTestCase("ask").call, [], Counter()
	begin = time.monotonic()
	for user in world.users:
		frappe.set_user(user)
		eyes = Eyes(user, call)
		seen.append(len(eyes.listed))
		tried = world.chance.sample(world.cases, arguments.forms) if arguments.forms else world.cases
		for difference in eyes.differences(tried):
			found[user] += 1
			print(f"{user} {frappe.get_roles(user)}: {difference[:600]}", flush=True)
	answers = len(world.users) * (arguments.forms or len(world.cases))
	print(
		f"{answers:,} answers of forms in {time.monotonic() - begin:.0f} s; a list shows {min(seen)} to {max(seen)}"
	)
	print(f"{len(set(seen))} different numbers of cases; {found.total()} differences")
	raise SystemExit(bool(found))


if __name__ == "__main__":
	main()
