"""Whether time tells a record that is not there from one that is not for who asks.

Run in the bench's Python from `sites/`, on a site made for it and dropped afterwards (its records stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/missing_or_forbidden.py --site bench.localhost --pairs 400

A caseworker names cases that are closed to them (restricted ones of another department, ones of their own department that they are
recused from, sealed ones) and, in turns, names of the same form that nothing has. Each way of naming a record goes through
Frappe's WSGI application without the network; the clock stops when the answer is there, before what Frappe does after it. The two of
a pair follow each other in an order drawn by lot. As the noise, two missing names are compared in the same way.

`ratio` is the median for forbidden names by that for missing ones, with an interval of 4,000 bootstraps over pairs, so wide (99.75 %)
that by chance alone one run in twenty would find any of the twenty ways different; `slower` is in how many pairs the forbidden name
took longer: 50 % tells nothing. They are alike within noise when the interval holds 1, or lies within the interval of the noise.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import NamedTuple

import frappe
from requests_of import client_of
from werkzeug.test import Client

from govcrm.tests.factories import make_case, make_department, make_published_program, make_worker

ASKER, OWN, OTHER = "timed@example.org", "Water", "Public Works"
PROGRAM = "TIMED"
KINDS = ("restricted", "recused", "sealed")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BOOTSTRAPS, OUTSIDE = 4000, 5  # of the former so many on each side of the interval
MISSES = 6  # pairs that load what is loaded once
FEWEST, LONGEST = 60, 15  # pairs, and seconds after which no more are taken
METHOD = "/api/method/"
GET, POST, PUT, DELETE = "GET", "POST", "PUT", "DELETE"


class Way(NamedTuple):
	"""How a case is named: HTTP method, address, arguments; {} stands for the name, [] for the address of a file of it."""

	label: str
	http: str
	path: str
	args: dict[str, str] = {}

	def ask(self, client: Client, headers: dict[str, str], name: str, url: str) -> tuple[float, int]:
		"""Seconds, and the status."""
		args = {key: value.replace("{}", name).replace("[]", url) for key, value in self.args.items()}
		path = self.path.replace("{}", name).replace("[]", url)
		sent = {"query_string": args} if self.http == GET else {"json": args}
		begin = time.perf_counter()
		response = client.open(path, method=self.http, headers=headers, **sent)
		response.get_data()
		took = time.perf_counter() - begin
		response.close()
		return took, response.status_code


OF_CASE = {"doctype": "Case", "name": "{}"}
STORED = json.dumps({"doctype": "Case", "name": "{}"})
WAYS = (
	Way("REST, first version", GET, "/api/resource/Case/{}"),
	Way("REST, second version", GET, "/api/v2/document/Case/{}/"),
	Way("changed over REST", PUT, "/api/resource/Case/{}", {"priority": "High"}),
	Way("deleted over REST", DELETE, "/api/resource/Case/{}"),
	Way("client.get", GET, METHOD + "frappe.client.get", OF_CASE),
	Way(
		"client.get_value",
		GET,
		METHOD + "frappe.client.get_value",
		{"doctype": "Case", "filters": "{}", "fieldname": "subject"},
	),
	Way(
		"client.validate_link",
		GET,
		METHOD + "frappe.client.validate_link",
		{"doctype": "Case", "docname": "{}"},
	),
	Way("client.save", POST, METHOD + "frappe.client.save", {"doc": STORED}),
	Way("a form", GET, METHOD + "frappe.desk.form.load.getdoc", OF_CASE),
	Way("what stands beside a form", GET, METHOD + "frappe.desk.form.load.get_docinfo", OF_CASE),
	Way(
		"title of a link",
		POST,
		METHOD + "frappe.desk.search.get_link_title",
		{"doctype": "Case", "docname": "{}"},
	),
	Way("a list filtered by name", GET, "/api/resource/Case", {"filters": '[["name","=","{}"]]'}),
	Way("a print", GET, "/printview", OF_CASE),
	Way("a PDF", GET, METHOD + "frappe.utils.print_format.download_pdf", OF_CASE),
	Way(
		"a method of a document",
		POST,
		METHOD + "run_doc_method",
		{"dt": "Case", "dn": "{}", "method": "get_title"},
	),
	Way(
		"a comment",
		POST,
		METHOD + "frappe.desk.form.utils.add_comment",
		{
			"reference_doctype": "Case",
			"reference_name": "{}",
			"content": "x",
			"comment_email": ASKER,
			"comment_by": "x",
		},
	),
	Way(
		"following",
		POST,
		METHOD + "frappe.desk.form.document_follow.follow_document",
		{
			"doctype": "Case",
			"doc_name": "{}",
			"user": ASKER,
		},
	),
	Way(
		"assigning", POST, METHOD + "frappe.desk.form.assign_to.add", {**OF_CASE, "assign_to": f'["{ASKER}"]'}
	),
	Way(
		"an upload",
		POST,
		METHOD + "upload_file",
		{
			"doctype": "Case",
			"docname": "{}",
			"file_url": "[]",
			"is_private": "1",
		},
	),
	Way("the address of a file", GET, "[]"),
)


class Stage:
	"""Cases of each kind, each with a file, and names and addresses that nothing has."""

	def __init__(self, each: int, chance: random.Random) -> None:
		self.chance = chance
		make_worker(ASKER, OWN)
		make_department(OTHER)
		if not frappe.db.exists("Agency Program", PROGRAM):
			make_published_program(PROGRAM)
		self.names = [_closed(kind) for kind in KINDS for _number in range(each)]
		self.urls = [_file(name) for name in self.names[: 2 * each]]  # a sealed case holds none
		frappe.db.commit()

	def forbidden(self) -> tuple[str, str]:
		return self.chance.choice(self.names), self.chance.choice(self.urls)

	def missing(self) -> tuple[str, str]:
		"""Of the form of those that are there."""
		name, url = self.forbidden()
		other, stem = self._scrambled(name), url.rpartition(".")[0]
		return other, url.replace(stem[-6:], self._scrambled(stem[-6:]).lower())

	def _scrambled(self, name: str) -> str:
		return name[:-4] + "".join(self.chance.choices(ALPHABET, k=4))


def _closed(kind: str) -> str:
	department = OWN if kind == "recused" else OTHER
	case = make_case(PROGRAM, department=department, subject=f"{kind} matter")
	if kind == "recused":
		frappe.get_doc({"doctype": "Recusal", "user": ASKER, "case": case.name, "reason": "Kin."}).insert()
	else:
		case.reload().update({"confidentiality": kind.title()}).save()
	return case.name


def _file(case: str) -> str:
	"""The address of a file of the case."""
	place = {"attached_to_doctype": "Case", "attached_to_name": case, "is_private": 1}
	return (
		frappe.get_doc({"doctype": "File", "file_name": "a.txt", "content": case, **place}).insert().file_url
	)


# Measuring -------------------------------------------------------------------------------------------------

Asked = Callable[[], tuple[str, str]]


class Timed(NamedTuple):
	ratio: float
	low: float
	high: float
	slower: float

	def __str__(self) -> str:
		return f"{self.ratio:5.2f} [{self.low:.2f}, {self.high:.2f}] {self.slower:4.0%}"


class Asker:
	def __init__(self, site: str, stage: Stage) -> None:
		self.client, self.headers = client_of(site, ASKER)
		self.chance, self.statuses = stage.chance, set()

	def pairs(self, way: Way, one: Asked, other: Asked, count: int) -> list[tuple[float, float]]:
		"""Seconds for each of both; fewer pairs of what takes long."""
		found, until = [], time.monotonic() + LONGEST
		for number in range(count + MISSES):
			if number > FEWEST and time.monotonic() > until:
				break
			names, took = (one(), other()), [0.0, 0.0]
			for turn in self.chance.sample((0, 1), 2):
				took[turn], status = Context().run(way.ask, self.client, self.headers, *names[turn])
				self.statuses.add((turn, status))
			if number >= MISSES:
				found.append((took[0], took[1]))
		return found

	def answers(self) -> str:
		"""Statuses for forbidden and for missing names."""
		by_turn = [sorted(status for turn, status in self.statuses if turn == wanted) for wanted in (0, 1)]
		self.statuses = set()
		forbidden, missing = (", ".join(map(str, statuses)) for statuses in by_turn)
		return forbidden if forbidden == missing else f"{forbidden} and {missing}"


def compared(pairs: list[tuple[float, float]], chance: random.Random) -> Timed:
	ratios = sorted(_ratio(chance.choices(pairs, k=len(pairs))) for _number in range(BOOTSTRAPS))
	low, high = ratios[OUTSIDE], ratios[-1 - OUTSIDE]
	return Timed(_ratio(pairs), low, high, sum(one > other for one, other in pairs) / len(pairs))


def _ratio(pairs: list[tuple[float, float]]) -> float:
	return statistics.median(one for one, _ in pairs) / statistics.median(other for _, other in pairs)


def alike(found: Timed, noise: Timed) -> bool:
	return found.low <= 1 <= found.high or (noise.low <= found.low and found.high <= noise.high)


def rows(asker: Asker, stage: Stage, arguments: argparse.Namespace) -> Iterator[bool]:
	"""Prints a line for each way, and tells whether it is alike."""
	for way in WAYS:
		if arguments.only not in way.label:
			continue
		noise = compared(asker.pairs(way, stage.missing, stage.missing, arguments.pairs), stage.chance)
		asker.answers()
		pairs = asker.pairs(way, stage.forbidden, stage.missing, arguments.pairs)
		found = compared(pairs, stage.chance)
		both = [1000 * statistics.median(column) for column in zip(*pairs, strict=True)]
		said = "alike" if (is_alike := alike(found, noise)) else "DIFFERENT"
		cells = f"{both[0]:8.2f} {both[1]:8.2f}  {found!s:26} {noise!s:26}"
		print(f"{way.label:26} {asker.answers():>12} {len(pairs):5} {cells} {said}", flush=True)
		yield is_alike


def main() -> None:
	arguments = _arguments()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.flags.mute_emails = True
	frappe.set_user("Administrator")
	stage = Stage(arguments.each, random.Random(arguments.seed))
	asker = Asker(arguments.site, stage)
	print(f"Frappe {frappe.__version__}, {frappe.db.db_type}, {arguments.pairs} pairs; medians in ms")
	heads = f"{'forbidden':>8} {'missing':>8}  {'ratio, slower':26} {'noise':26}"
	print(f"{'way':26} {'answers':>12} {'pairs':>5} {heads}")
	found = list(rows(asker, stage, arguments))
	print(f"{sum(found)} of {len(found)} ways are alike within noise")
	raise SystemExit(not all(found))


def _arguments() -> argparse.Namespace:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--pairs", type=int, default=400)
	parser.add_argument("--each", type=int, default=40, help="closed cases of each kind")
	parser.add_argument("--only", default="", help="ways with this in their label")
	parser.add_argument("--seed", type=int, default=1)
	return parser.parse_args()


if __name__ == "__main__":
	main()
