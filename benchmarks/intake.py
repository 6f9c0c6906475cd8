"""Intakes and case verbs beside ERPNext's Issue with a service level agreement, and a bare Note as the floor.

Run in the bench's Python from `sites/`, on a site made for it, with ERPNext beside GovCRM if it is to be compared (the
rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/intake.py --site bench.localhost --rounds 300

The acts take turns, one of each a round, so that what else the machine does meets all alike. Each is one transaction
with its commit, in one process that runs on; what GovCRM knows of the user's rights is forgotten before each. With
`--cold` each begins as a web worker begins a request: with nothing in the process but imported code.

- *Note insert*: one row, no logic.
- *Issue insert*, *Issue save*: with the default agreement, response and resolution by priority; the save is a reply.
- *Intake*: answers checked, duplicates looked for, routed by rules and areas; request, case, its event, first contact and
  three clocks with their events written.
- *Intake, known caller*: the same, and the caller found by phone and name. *Duplicate near*: and an open request within a
  hundred metres, which the caller is told of.
- *Verbs*: accept, start, wait, resume and close, each with its event and what it does to the clocks; close also answers
  the citizen.

*Trips* are statements sent to the database and commands sent to Redis by one act.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import frappe
import pymysql
import redis
from frappe.utils import add_days, getdate, now_datetime
from intake_stage import COLUMNS, PLACE, PROGRAM, ROWS, USER, WIDE, has_erpnext, set_up

from govcrm.access.subjects import forget
from govcrm.api.intake import services
from govcrm.api.intake.submission import read

FLOOR, YARDSTICK = "Note insert", "Issue insert (SLA)"

# One round -----------------------------------------------------------------------------------------------


def acts(number: int) -> Iterator[tuple[str, Callable[[], object]]]:
	"""The acts of a round in their order; later ones use what earlier ones made."""
	yield FLOOR, lambda: insert("Note", title=f"Bench {number} {time.time()}")
	if has_erpnext():
		made: list[str] = []
		issue = {
			"subject": f"Bench {number}",
			"raised_by": "bench@example.org",
			"description": "A hole in the road.",
		}
		yield YARDSTICK, lambda: made.append(insert("Issue", **issue))
		yield "Issue save (SLA)", lambda: reply(made[0])
	taken: list[dict] = []
	caller = {"first_name": "Bench", "last_name": str(number % 50), "phone": f"+1617555{number % 50:04}"}
	place = somewhere()
	yield "Intake", lambda: taken.append(take(number, somewhere(), anonymous=True))
	yield "Intake, known caller", lambda: take(number, place, citizen=caller)
	yield "Intake, known caller, duplicate near", lambda: take(number, place, citizen=caller)
	yield from verbs(taken)


def verbs(taken: list[dict]) -> Iterator[tuple[str, Callable[[], object]]]:
	yield "Verb accept", lambda: case_of(taken[0]).accept()
	yield "Verb start", lambda: case_of(taken[0]).take_action("Start Work")
	yield "Verb wait", lambda: case_of(taken[0]).wait_for("Asphalt is out.", str(add_days(getdate(), 5)))
	yield "Verb resume", lambda: case_of(taken[0]).resume("Asphalt is here.")
	yield (
		"Verb close",
		lambda: case_of(taken[0]).close("Resolve", "Done.", "Filled. Thank you for telling us."),
	)


def insert(doctype: str, **values: object) -> str:
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=doctype == "Note").name


def reply(name: str) -> None:
	issue = frappe.get_doc("Issue", name)
	issue.status, issue.first_responded_on = "Replied", now_datetime()
	issue.save()


def somewhere() -> dict[str, float]:
	"""A place in the service areas where nobody has reported anything."""
	return {
		"latitude": PLACE[0] + random.uniform(0, ROWS * WIDE),
		"longitude": PLACE[1] + random.uniform(0, COLUMNS * WIDE),
	}


def take(number: int, place: dict[str, float], **more: object) -> dict:
	submission = {
		"service_code": PROGRAM,
		"channel": "Phone",
		"description": "A hole in the road.",
		**place,
		**more,
	}
	return services.take(
		read(
			{
				**submission,
				"answers": {"size": "large", "depth": 4},
				"idempotency_key": f"{number} {time.time()}",
			}
		)
	)


def case_of(receipt: dict):
	return frappe.get_doc("Case", frappe.db.get_value("Service Request", receipt["reference"], "case"))


# Measuring -----------------------------------------------------------------------------------------------


class Taken(NamedTuple):
	"""What one act took: seconds, and trips to the database and to Redis."""

	seconds: float
	sql: int
	redis: int


class Trips:
	"""Counts what goes to the database and to Redis, without looking at it."""

	def __init__(self) -> None:
		self.sql = self.redis = 0
		if frappe.db.db_type == "mariadb":
			self._count(pymysql.connections.Connection, "query", "sql")
		else:  # a driver written in C cannot be listened to: what is written in bulk is missing
			self._count(type(frappe.local.db), "sql", "sql")
		self._count(redis.Redis, "execute_command", "redis")

	def _count(self, owner: type, method: str, kind: str) -> None:
		original = getattr(owner, method)

		def counted(*args, **kwargs):
			setattr(self, kind, getattr(self, kind) + 1)
			return original(*args, **kwargs)

		setattr(owner, method, counted)


def measure(begin: Callable[[], None], rounds: int, warm_up: int) -> dict[str, list[Taken]]:
	found: dict[str, list[Taken]] = {}
	trips = Trips()
	for number in range(rounds + warm_up):
		for name, act in acts(number):
			begin()
			took = taken_by(act, trips)
			if number >= warm_up:
				found.setdefault(name, []).append(took)
	return found


def taken_by(act: Callable[[], object], trips: Trips) -> Taken:
	trips.sql = trips.redis = 0
	begun = time.perf_counter()
	act()
	frappe.db.commit()
	return Taken(time.perf_counter() - begun, trips.sql, trips.redis)


def begin_warm() -> None:
	forget()
	frappe.clear_messages()


def begin_cold(site: str) -> None:
	frappe.destroy()
	connect(site)
	frappe.set_user(USER)


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()  # on SQLite this opens the first transaction


def show(found: dict[str, list[Taken]]) -> None:
	yardstick = YARDSTICK if YARDSTICK in found else FLOOR
	base = percentiles(found[yardstick])
	print(f"| act | p50 ms | p95 ms | a second | p50 of one {yardstick} | p95 of one | SQL | Redis |")
	print("|---|---|---|---|---|---|---|---|")
	for name, took in found.items():
		middle, high = percentiles(took)
		sql, cached = (statistics.median(getattr(one, kind) for one in took) for kind in ("sql", "redis"))
		ratios = f"{middle / base[0]:.2f} | {high / base[1]:.2f}"
		print(
			f"| {name} | {middle * 1e3:.1f} | {high * 1e3:.1f} | {1 / middle:.0f} | {ratios} | {sql:.0f} | {cached:.0f} |"
		)


def percentiles(took: list[Taken]) -> tuple[float, float]:
	"""Median and 95th percentile of the seconds."""
	seconds = [one.seconds for one in took]
	return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--rounds", type=int, default=300)
	parser.add_argument("--warm-up", type=int, default=10)
	parser.add_argument("--cold", action="store_true", help="begin each act as a web worker begins a request")
	options = parser.parse_args()
	connect(options.site)
	set_up()
	frappe.set_user(USER)
	begin = (lambda: begin_cold(options.site)) if options.cold else begin_warm
	print(f"Frappe {frappe.__version__}, {frappe.db.db_type}, {options.rounds} rounds")
	show(measure(begin, options.rounds, options.warm_up))


if __name__ == "__main__":
	main()
