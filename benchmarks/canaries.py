"""Asks every whitelisted function for what must not be seen, as everybody, and reports each word that was heard.

Run in the bench's Python from `sites/`, on a site made for it; where ERPNext is installed, its functions join:

	../env/bin/python ../apps/govcrm/benchmarks/canaries.py --site canaries.localhost --report canaries.json

Everything asked by everybody takes hours. It can be stopped at any moment, by hand or by --minutes, and goes on where its report
ends: each person asks every function once, then the rest in the order that the seed gives. Nothing stays on the site, for each
call is taken back. --open asks with the rule switched off, and must find words, or the rest would prove nothing.
"""

import argparse
import json
import random
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import frappe

from govcrm.tests.canaries import matrix, people, stage, switched_off
from govcrm.tests.canaries.asking import Ask
from govcrm.tests.canaries.matrix import Leak, Report
from govcrm.tests.canaries.people import Person

AT_ONCE = 100


class Course:
	"""How far it has come, kept in a file: `done` by person, what was answered, what was heard."""

	def __init__(self, path: Path, key: dict[str, object]) -> None:
		kept = json.loads(path.read_text()) if path.exists() else {}
		self.path, self.key = path, key
		if any(kept.get(name) != value for name, value in key.items()):
			kept = {}  # of another version, database or seed
		self.seconds: float = kept.get("seconds", 0)
		self.total: dict[str, int] = kept.get("total", {})
		names = ("done", "answers", "heard", "leaks", "broken")
		self.done, self.answers, self.heard, self.leaks, self.broken = (
			Counter(kept.get(name, {})) for name in names
		)

	def add(self, report: Report, seconds: float) -> None:
		self.seconds += seconds
		self.done.update(report.calls)
		self.answers.update({str(status): count for status, count in report.answers.items()})
		self.heard.update(report.ways)
		self.broken.update(report.broken)
		self.leaks.update(map(_line, report.leaks))
		self.write()

	def write(self) -> None:
		kept = {name: value for name, value in vars(self).items() if name not in ("path", "key")}
		self.path.write_text(json.dumps({**self.key, **kept, "calls": self.done.total()}, indent=1))


def main() -> None:
	arguments = _arguments()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = frappe.flags.mute_emails = True
	frappe.db.rollback()
	staged, course = stage.Stage(), Course(arguments.report, _key(arguments))
	try:
		made = people.make(roles=people.roles_of_others())
		stage.set_up(made, stage=staged)
		frappe.flags.mute_emails = False
		with switched_off.rule() if arguments.open else nullcontext():
			_ask_all(staged, made, course, arguments)
	except KeyboardInterrupt:
		print("Stopped; the same command goes on.")
	finally:
		staged.forget()
		frappe.db.rollback()
	raise SystemExit(bool(course.leaks) is not arguments.open)


def _ask_all(staged: stage.Stage, made: list[Person], course: Course, arguments: argparse.Namespace) -> None:
	"""In turns, so that everybody has come as far when time is up."""
	until = time.monotonic() + 60 * arguments.minutes
	waiting = [one for one in made if arguments.only in one.user]
	wanted = {person.user: _in_order(staged, person, arguments.seed) for person in waiting}
	course.total = {user: len(asks) for user, asks in wanted.items()}
	while waiting and time.monotonic() < until:
		person, began = waiting.pop(0), time.monotonic()
		every, come = wanted[person.user], course.done[person.user]
		if some := every[come : come + AT_ONCE]:
			course.add(matrix.run(staged, made, [person], some), time.monotonic() - began)
			waiting.append(person)
			print(
				f"{person.user}: {come + len(some):,} of {len(every):,}, {len(course.leaks)} heard",
				flush=True,
			)


def _in_order(staged: stage.Stage, person: Person, seed: int) -> list[Ask]:
	"""Once each function, then all else, in the order that the seed gives."""
	chance = random.Random(f"{seed}/{person.user}")
	every = list(matrix.asks(staged, matrix.targets(staged, matrix.closed_to(person))))
	chance.shuffle(every)
	first = {ask.of or ask.path: number for number, ask in reversed(list(enumerate(every)))}
	once = set(first.values())
	return [every[number] for number in sorted(range(len(every)), key=lambda number: number not in once)]


def _key(arguments: argparse.Namespace) -> dict[str, object]:
	return {
		"frappe": frappe.__version__,
		"database": frappe.db.db_type,
		"apps": frappe.get_installed_apps(),
		"seed": arguments.seed,
		"open": arguments.open,
		"only": arguments.only,
	}


def _line(leak: Leak) -> str:
	canary = leak.canary
	return f"{leak.user} · {leak.way} · {canary.kind} {canary.place} · {leak.ask.of or leak.ask.path} · {leak.ask}"


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
