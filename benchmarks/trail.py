"""What the audit trail costs: intake and acts of a case with the trail on and off, and bytes of events.

Run in the bench's Python from `sites/`, on a site made for it (the rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/trail.py --site bench.localhost --rounds 300

"Off" exists here alone: this script puts nothing in the place of the functions that note what was done; a site has no
such switch. Both ways take turns, in each round in another order, so that what else the machine does meets both
alike. Each act is one transaction with its commit, in one process that runs on. The stage is that of `intake.py`: three clocks,
six rules, sixteen areas.

- *Intake*: request, case, first contact, case event, three clocks with their events.
- *Save*: the form of a case, one field changed.
- *Accept*, *close*: verbs, with what they do to clocks and, on closing, to the request.
- *Request*: intake and saving as a client asks for them, from the first byte to the answer, through the WSGI application of the web
  server with a token: what a user waits for.

`--profile` shows where the time of intake and of saving goes instead.
"""

import argparse
import cProfile
import pstats
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from unittest.mock import patch

import frappe
from intake import begin_warm, case_of, connect, somewhere, take
from intake_stage import PROGRAM, USER, set_up
from requests_of import client_of

from govcrm.accountability.trail import capture

EVENT, KEY = "Audit Event", "Audit Key"
ON, OFF = "on", "off"
TRAIL = "govcrm.accountability.trail"
ASKED = (
	f"{TRAIL}.ready",
	f"{TRAIL}.state.ready",
)  # the same function under the two names by which it is asked
WATCHING = [
	f"{TRAIL}.capture.{event}"
	for event in ("on_update", "on_submit", "on_update_after_submit", "after_delete")
]
Act = tuple[str, Callable[[], object]]


def acts(number: str) -> Iterator[Act]:
	"""One round: a request from its filing to its end."""
	taken: list[dict] = []
	yield "Intake", lambda: taken.append(take(number, somewhere(), anonymous=True))
	yield "Save of a case", lambda: save(taken[0])
	yield "Accept", lambda: case_of(taken[0]).accept()
	yield "Save of an accepted case", lambda: save(taken[0])
	yield "Close", lambda: close(taken[0])


def save(receipt: dict) -> None:
	case = case_of(receipt)
	case.priority = "Medium" if case.priority == "High" else "High"
	case.save()


def close(receipt: dict) -> None:
	case = case_of(receipt)
	case.close("Resolve", "Done.", "Filled. Thank you for telling us.")


# On and off ----------------------------------------------------------------------------------------------


@contextmanager
def without_trail() -> Iterator[None]:
	"""As if it had never been written: nobody watches, and nothing is ready to take down anything."""
	with ExitStack() as stack:
		for name in (*ASKED, *WATCHING):
			stack.enter_context(patch(name, lambda *args, **kwargs: None))
		yield


def measure(rounds: int, warm_up: int) -> dict[tuple[str, str], list[float]]:
	"""Seconds by (act, way). Both ways go through the same acts, each with a request of its own."""
	found: dict[tuple[str, str], list[float]] = {}
	for number in range(rounds + warm_up):
		pairs = zip(acts(f"{number} on"), acts(f"{number} off"), strict=True)
		for (name, on), (_name, off) in pairs:
			ways = [(ON, on, nullcontext), (OFF, off, without_trail)]
			for way, act, around in random.sample(ways, 2):
				begin()
				with around():
					found.setdefault((name, way), []).append(timed(act))
	return {key: seconds[warm_up:] for key, seconds in found.items()}


def begin() -> None:
	"""A request begins knowing nothing of the one before."""
	begin_warm()
	for kept in [name for name in dir(frappe.local) if name.startswith("govcrm_")]:
		setattr(frappe.local, kept, None)


def timed(act: Callable[[], object]) -> float:
	begun = time.perf_counter()
	act()
	frappe.db.commit()
	return time.perf_counter() - begun


# Whole requests ------------------------------------------------------------------------------------------


def measure_requests(site: str, rounds: int, warm_up: int) -> dict[tuple[str, str], list[float]]:
	"""As `measure`, of requests. The connection of this process is gone afterwards."""
	send = sender(site)
	frappe.destroy()
	found: dict[tuple[str, str], list[float]] = {}
	for number in range(rounds + warm_up):
		ways = [(ON, nullcontext), (OFF, without_trail)]
		for way, around in random.sample(ways, 2):
			with around():
				for name, seconds in timed_requests(send, f"{number} {way}"):
					found.setdefault((name, way), []).append(seconds)
	return {key: seconds[warm_up:] for key, seconds in found.items()}


def sender(site: str) -> Callable[..., dict]:
	client, headers = client_of(site, USER)

	def send(method: str, path: str, **values: object) -> dict:
		response = client.open(path, method=method, json=values, headers=headers)
		assert response.status_code == 200, response.text
		return response.json

	return send


def timed_requests(send: Callable[..., dict], key: str) -> Iterator[tuple[str, float]]:
	said = {"service_code": PROGRAM, "channel": "Phone", "description": "A hole.", "anonymous": True}
	said |= {
		**somewhere(),
		"answers": {"size": "large", "depth": 4},
		"idempotency_key": f"{key} {time.time()}",
	}
	begun = time.perf_counter()
	taken = send("POST", "/api/method/govcrm.api.intake.submit", **said)["message"]
	yield "Request: intake", time.perf_counter() - begun
	begun = time.perf_counter()
	send("PUT", f"/api/resource/Service Request/{taken['reference']}", description="A deep hole.")
	yield "Request: save", time.perf_counter() - begun


# Bytes ---------------------------------------------------------------------------------------------------


def sizes(rounds: int) -> dict[str, tuple[float, float, float]]:
	"""By act: events, bytes of their rows, and bytes of new keys; means of some rounds."""
	found: dict[str, list[tuple[int, int, int]]] = {}
	for number in range(rounds):
		for name, act in acts(f"{number} bytes"):
			begin()
			found.setdefault(name, []).append(written_by(act))
	return {name: tuple(map(statistics.mean, zip(*took, strict=True))) for name, took in found.items()}


def written_by(act: Callable[[], object]) -> tuple[int, int, int]:
	seen = {doctype: set(frappe.get_all(doctype, pluck="name", limit=0)) for doctype in (EVENT, KEY)}
	act()
	frappe.db.commit()
	events, keys = (new_rows(doctype, names) for doctype, names in seen.items())
	return len(events), sum(map(bytes_of, events)), sum(map(bytes_of, keys))


def new_rows(doctype: str, seen: set[str]) -> list[dict]:
	names = set(frappe.get_all(doctype, pluck="name", limit=0)) - seen
	return frappe.get_all(doctype, {"name": ("in", list(names))}, ["*"], limit=0) if names else []


def bytes_of(row: dict) -> int:
	return sum(len(str(value).encode()) for value in row.values() if value is not None)


# Showing -------------------------------------------------------------------------------------------------


def show(found: dict[tuple[str, str], list[float]], written: dict[str, tuple[float, float, float]]) -> None:
	print(
		"| act | off p50 ms | on p50 ms | on / off | off p95 ms | on p95 ms | events | bytes | bytes of keys |"
	)
	print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	for name in dict.fromkeys(name for name, _way in found):
		(off, off_high), (on, on_high) = (percentiles(found[name, way]) for way in (OFF, ON))
		told = (
			"{:.1f} | {:,.0f} | {:,.0f}".format(*written[name]) if name in written else "| |"
		)  # requests: not counted
		print(
			f"| {name} | {off * 1e3:.1f} | {on * 1e3:.1f} | {on / off:.3f} | {off_high * 1e3:.1f} |"
			f" {on_high * 1e3:.1f} | {told} |"
		)


def percentiles(seconds: list[float]) -> tuple[float, float]:
	return statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]


def profile(rounds: int) -> None:
	"""The functions of the trail by the time spent in and below them."""
	profiler = cProfile.Profile()
	for number in range(rounds):
		for _name, act in acts(f"{number} profile"):
			begin()
			profiler.runcall(timed, act)
	pstats.Stats(profiler).sort_stats("cumulative").print_stats("accountability|ledger|commit", 40)


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--rounds", type=int, default=300)
	parser.add_argument("--warm-up", type=int, default=10)
	parser.add_argument("--profile", action="store_true")
	options = parser.parse_args()
	connect(options.site)
	capture.install()  # as every request and job does
	set_up()
	frappe.set_user(USER)
	if options.profile:
		profile(options.rounds)
		return
	print(f"Frappe {frappe.__version__}, {frappe.db.db_type}, {options.rounds} rounds")
	found, written = measure(options.rounds, options.warm_up), sizes(5)
	requests = measure_requests(options.site, options.rounds, options.warm_up)
	show({**found, **requests}, written)


if __name__ == "__main__":
	main()
