"""What the access rule costs: whole requests with everything that keeps doors shut, beside the same requests without it.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/rule.py --site bench.localhost --cases 31828 1000000

Requests go through Frappe's WSGI application, without the network, each in a context of its own and ended as a server
ends it (`buffered`): what is kept for one request, the reader's memberships and grants among it, would else last for all.
Readers are caseworkers of one, of five and of all thirty departments, one to whom 500 cases are opened by name, and one who
is recused from 3,000 cases, at most half of those of their own department.
"Without" is the same request with both hooks of permission giving way to everybody, on cases and on what hangs on them, and
with neither the gate before Frappe's endpoints, nor what tells forms of their rights or takes fields out of replies. The
two take turns, the first of each pair by turns too. What Frappe itself asks of roles stays on both sides, and so does the audit trail.

A pair whose parts are compared alone, the gate for example, differs in that part and in nothing else.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context
from unittest.mock import patch

import frappe
from requests_of import client_of
from rule_stage import DEPARTMENTS, FIVE, GRANTED, MANAGER, ONE, RECUSED, SATELLITES, THIRTY, set_up

from govcrm.compat import NO_OBJECTION
from govcrm.reports.statistics import counting

READERS = {
	"1 department": ONE,
	"5 departments": FIVE,
	"30 departments": THIRTY,
	"500 grants": GRANTED,
	"recused from 3,000": RECUSED,
}
FIELDS = ["name", "subject", "department", "workflow_state", "state_category", "assignee", "modified"]
OPEN = [["Case", "state_category", "=", "Open"]]
VIEW = {"doctype": "Case", "view": "List", "fields": json.dumps([f"`tabCase`.`{name}`" for name in FIELDS])}
NEWEST = {"order_by": "`tabCase`.`modified` desc", "start": 0, "page_length": 20}
RULE = {
	"govcrm.permissions.query_conditions": lambda user=None, doctype=None: "",
	"govcrm.permissions.has_permission": lambda doc, ptype="read", user=None, **kwargs: True,
	"govcrm.permissions.satellite_conditions": lambda user=None, doctype=None: "",
	"govcrm.permissions.has_satellite_permission": lambda doc, ptype="read", user=None, **kwargs: (
		NO_OBJECTION
	),
}
GATE = {"govcrm.gate.check.check": lambda: None}
REPLIES = {"govcrm.gate.replies._is_withheld": lambda response, request: True}
FORMS = {"govcrm.gate.forms._refused": lambda doc, user, found: {}}
ALL = RULE | GATE | FORMS | REPLIES

Ask = Callable[[], object]


class Asker:
	"""Requests of one user."""

	def __init__(self, site: str, user: str) -> None:
		self.client, self.headers = client_of(site, user)
		self.user, self.chance = user, random.Random(7)

	def get(self, path: str, **words) -> Ask:
		return self._ask(
			lambda: self.client.get(path, query_string=words, headers=self.headers, buffered=True)
		)

	def post(self, path: str, words: Callable[[], dict]) -> Ask:
		return self._ask(lambda: self.client.post(path, json=words(), headers=self.headers, buffered=True))

	def view(self, filters: list, **words) -> Ask:
		path = "/api/method/frappe.desk.reportview.get"
		return self.post(path, lambda: {**VIEW, **NEWEST, "filters": json.dumps(filters), **words})

	def count(self, filters: list) -> Ask:
		words = {"doctype": "Case", "filters": json.dumps(filters), "fields": "[]", "distinct": "false"}
		return self.post("/api/method/frappe.desk.reportview.get_count", lambda: words)

	def form(self, names: list[str]) -> Ask:
		path = "/api/method/frappe.desk.form.load.getdoc"

		def ask() -> None:
			words = {"doctype": "Case", "name": self.next_of(names)}
			return self.client.get(path, query_string=words, headers=self.headers, buffered=True)

		return self._ask(ask)

	def save(self, names: list[str]) -> Ask:
		def ask():
			name, priority = self.next_of(names), self.chance.choice(("Low", "Medium", "High", "Urgent"))
			return self.client.put(
				f"/api/resource/Case/{name}", json={"priority": priority}, headers=self.headers
			)

		return self._ask(ask)

	def next_of(self, names: list[str]) -> str:
		"""The same one for both of a pair."""
		names.append(names.pop(0)) if self.asked % 2 == 0 else None
		self.asked += 1
		return names[0]

	asked = 0

	def _ask(self, send: Callable) -> Ask:
		def ask() -> None:
			response = Context().run(send)
			assert response.status_code == 200, f"{self.user}: {response.status_code} {response.text[:500]}"

		return ask


# Measuring -------------------------------------------------------------------------------------------------


@contextmanager
def without(parts: dict[str, Callable]) -> Iterator[None]:
	with ExitStack() as stack:
		for place, stand_in in parts.items():
			stack.enter_context(patch(place, stand_in))
		yield


def compared(ask: Ask, repeat: int, parts: dict[str, Callable] = ALL) -> tuple[list[float], list[float]]:
	"""Milliseconds of each request without and with the parts."""
	plain, full = [], []
	for number in range(repeat + 2):
		for turn in (0, 1):
			if (number + turn) % 2:
				full.append(timed(ask))
			else:
				with without(parts):
					plain.append(timed(ask))
	return plain[2:], full[2:]  # the first load code and metadata


def timed(ask: Ask) -> float:
	begin = time.perf_counter()
	ask()
	return (time.perf_counter() - begin) * 1000


def p(times: list[float], share: float) -> float:
	return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def tell(*cells: object) -> None:
	print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


def head(*titles: str) -> None:
	tell(*titles)
	tell(*["---"] * len(titles))


def figures(plain: list[float], full: list[float]) -> list[str]:
	values = [p(plain, 0.5), p(plain, 0.95), p(full, 0.5), p(full, 0.95)]
	ratios = [values[2] / values[0], values[3] / values[1]]
	return [*(f"{value:.1f}" for value in values), *(f"{ratio:.2f}" for ratio in ratios)]


COLUMNS = ("without, ms p50", "p95", "with, ms p50", "p95", "ratio p50", "p95")


def measure_cases(site: str, repeat: int) -> None:
	head("request", "reader", *COLUMNS)
	for reader, user in READERS.items():
		asker = Asker(site, user)
		for request, ask in requests(asker).items():
			tell(request, reader, *figures(*compared(ask, repeat)))


def requests(asker: Asker) -> dict[str, Ask]:
	names = readable(asker.user)
	here = [*OPEN, ["Case", "department", "=", DEPARTMENTS[0]]]
	return {
		"list, open, newest first": asker.view(OPEN),
		"list, all, newest first": asker.view([]),
		"list, open, one department": asker.view(here),
		"form": asker.form(names),
		"save": asker.save(names),
		"count, open": asker.count(OPEN),
		"count, open, one department": asker.count(here),
	}


def readable(user: str) -> list[str]:
	"""Open cases of one's own department that one is not kept from."""
	frappe.set_user(user)
	frappe.local.govcrm_access = {}
	filters = {"state_category": "Open", "department": DEPARTMENTS[0], "confidentiality": "Internal"}
	names = frappe.get_list("Case", filters, pluck="name", limit=20, order_by="modified desc")
	frappe.set_user("Administrator")
	frappe.db.rollback()
	return names


def measure_parts(site: str, repeat: int) -> None:
	"""The gate and the replies alone, over requests of every sort."""
	head("part", "request", *COLUMNS)
	asker = Asker(site, ONE)
	asked = requests(asker)
	asked["a list that is not governed"] = asker.get("/api/resource/ToDo", limit=20)
	asked["ping"] = asker.get("/api/method/ping")
	for part, hooks in (("gate", GATE), ("replies", REPLIES)):
		for request in ("list, open, newest first", "form", "save", "a list that is not governed", "ping"):
			tell(part, request, *figures(*compared(asked[request], repeat, hooks)))


def measure_satellites(site: str, repeat: int) -> None:
	"""Lists of what hangs on cases: twenty rows, newest first, and their number."""
	head("DocType", "request", "reader", *COLUMNS)
	readers = {"System Manager of 1 department": MANAGER, "caseworker of 30 departments": THIRTY}
	for reader, user in readers.items():
		asker = Asker(site, user)
		for doctype in SATELLITES:
			for request, ask in satellite_requests(asker, doctype).items():
				if may_list(user, doctype):
					tell(doctype, request, reader, *figures(*compared(ask, repeat)))


def satellite_requests(asker: Asker, doctype: str) -> dict[str, Ask]:
	listed = {"fields": '["name","owner","modified"]', "order_by": "modified desc", "limit": 20}
	words = {"doctype": doctype, "filters": "[]", "fields": "[]", "distinct": "false"}
	return {
		"list, newest first": asker.get(f"/api/resource/{doctype}", **listed),
		"count": asker.post("/api/method/frappe.desk.reportview.get_count", lambda: words),
	}


def may_list(user: str, doctype: str) -> bool:
	return bool(frappe.has_permission(doctype, "read", user=user))


def measure_statistics(repeat: int) -> None:
	"""Counting one month for Service Statistics, which nobody's rights narrow."""
	month = frappe.utils.getdate("2025-06-01")
	times = [timed(lambda: counting.count(month)) for _ in range(repeat)]
	first = [timed(counting.first_day) for _ in range(repeat)]
	print(f"statistics of a month: p50 {p(times, 0.5):.0f} ms; first day: p50 {p(first, 0.5):.0f} ms")


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--site", required=True)
	parser.add_argument("--cases", type=int, nargs="+", default=[31_828, 1_000_000])
	parser.add_argument("--satellites", type=int, default=200_000)
	parser.add_argument("--repeat", type=int, default=100)
	parser.add_argument("--only", choices=("cases", "parts", "satellites", "statistics", "fill"), nargs="+")
	arguments = parser.parse_args()
	frappe.init(site=arguments.site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()
	for cases in arguments.cases:
		set_up(cases, arguments.satellites)
		print(f"\n{frappe.db.count('Case'):,} cases, {frappe.db.db_type}, Frappe {frappe.__version__}\n")
		run(arguments)


def run(arguments: argparse.Namespace) -> None:
	parts = {
		"cases": lambda: measure_cases(arguments.site, arguments.repeat),
		"parts": lambda: measure_parts(arguments.site, arguments.repeat),
		"satellites": lambda: measure_satellites(arguments.site, max(arguments.repeat // 2, 5)),
		"statistics": lambda: measure_statistics(max(arguments.repeat // 20, 3)),
	}
	for name, measure in parts.items():
		if name in (arguments.only or parts):
			measure()
			print(flush=True)


if __name__ == "__main__":
	main()
