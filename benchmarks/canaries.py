"""Asks every whitelisted function for what must not be seen, as everybody, and reports each word that was heard.

Run in the bench's Python from `sites/`, on a site made for it; where ERPNext is installed, its functions join:

	../env/bin/python ../apps/govcrm/benchmarks/canaries.py --site canaries.localhost --report canaries.json

Everything asked by everybody takes a day. It can be stopped at any moment, by Ctrl-C (which waits for the end of a turn), by --minutes
or by whatever kills it, and the same command goes on where its report ends: each person asks every function once, then the rest
in the order that the seed gives. Nothing stays on the site, for each call is taken back. At its end it prints a table; --minutes 0
prints that of the report as it stands. --open asks with the rule switched off, and must find words, or the rest would prove nothing.
Ends with an error where anything was heard, with --open where nothing was.
"""

import argparse
import random
import signal
import time
from array import array
from contextlib import nullcontext
from pathlib import Path

import frappe
from canary_course import Course, Wanted

from govcrm.tests.canaries import matrix, people, stage, switched_off
from govcrm.tests.canaries.asking import Ask
from govcrm.tests.canaries.people import Person

AT_ONCE = 100


class Stopping:
	"""Told to stop, it is said once; told again, at once."""

	def __init__(self) -> None:
		self.said = False
		for number in (signal.SIGINT, signal.SIGTERM):
			signal.signal(number, self._say)

	def _say(self, *args: object) -> None:
		if self.said:
			raise KeyboardInterrupt
		self.said = True
		print("Stopping after this turn; the same command goes on.", flush=True)


def main() -> None:
	arguments = _arguments()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = frappe.flags.mute_emails = True
	frappe.db.rollback()
	stage.forget_earlier()
	staged, course = stage.Stage(), Course(arguments.report, _key(arguments))
	try:
		made = people.make(roles=people.roles_of_others())
		stage.set_up(made, stage=staged)
		frappe.flags.mute_emails = False
		with switched_off.rule() if arguments.open else nullcontext():
			_ask_all(staged, made, course, arguments)
	finally:
		staged.forget()
		frappe.db.rollback()
	raise SystemExit(bool(course.leaks) is not arguments.open)


def _ask_all(staged: stage.Stage, made: list[Person], course: Course, arguments: argparse.Namespace) -> None:
	"""In turns, so that everybody has come as far when time is up."""
	stopping, until = Stopping(), time.monotonic() + 60 * arguments.minutes
	asking = [one for one in made if arguments.only in one.user]
	wanted = _wanted(staged, asking, arguments.seed)
	course.begin(wanted)
	waiting = sorted(asking, key=lambda one: course.done[one.user])
	while waiting and time.monotonic() < until and not stopping.said:
		person, began = waiting.pop(0), time.monotonic()
		every, come = wanted[person.user], course.done[person.user]
		if some := every.part(come, AT_ONCE):
			course.add(person.user, matrix.run(staged, made, [person], some), time.monotonic() - began)
			waiting.append(person)
			pace = len(some) / (time.monotonic() - began)
			come = f"{come + len(some):,} of {len(every):,}, {pace:.0f} a second"
			print(f"{person.user}: {come}, {len(course.leaks)} heard", flush=True)
	print(*course.table(wanted, matrix.functions()), sep="\n", flush=True)


def _wanted(staged: stage.Stage, asking: list[Person], seed: int) -> dict[str, Wanted]:
	shared: dict[tuple[str, ...], list[Ask]] = {}
	for person in asking:
		kinds = tuple(matrix.closed_to(person))
		if kinds not in shared:
			shared[kinds] = list(matrix.asks(staged, matrix.targets(staged, kinds)))
	whats = {kinds: [ask.what for ask in every] for kinds, every in shared.items()}
	of = {person.user: tuple(matrix.closed_to(person)) for person in asking}
	return {user: Wanted(shared[kinds], _order(whats[kinds], f"{seed}/{user}")) for user, kinds in of.items()}


def _order(whats: list[str], seed: str) -> array:
	"""Numbers of requests: once what each is about, then all else, both in the order that the seed gives."""
	numbers, chance = list(range(len(whats))), random.Random(seed)
	chance.shuffle(numbers)
	once = list({whats[number]: number for number in numbers}.values())
	chance.shuffle(once)  # else what many requests are about would come first, for everybody
	known = set(once)
	return array("L", [*once, *(number for number in numbers if number not in known)])


def _key(arguments: argparse.Namespace) -> dict[str, object]:
	return {
		"frappe": frappe.__version__,
		"database": frappe.db.db_type,
		"apps": frappe.get_installed_apps(),
		"seed": arguments.seed,
		"open": arguments.open,
		"only": arguments.only,
	}


def _arguments() -> argparse.Namespace:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--minutes", type=float, default=24 * 60, help="how long to ask")
	parser.add_argument("--seed", type=int, default=1)
	parser.add_argument("--only", default="", help="people whose address has this in it")
	parser.add_argument("--open", action="store_true", help="with the rule switched off")
	parser.add_argument("--report", type=Path, default=Path("canaries.json"))
	return parser.parse_args()


if __name__ == "__main__":
	main()
