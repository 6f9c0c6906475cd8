"""Web workers and sealers that are killed at their work; for `test_trail_kill` and for `benchmarks/kill_trail.py`.

Web workers are processes that share one socket, as behind a real server; clients write through HTTP. Each victim is killed
with SIGKILL, and another takes its place. Everything committed stays: nobody can take events out of the log.
"""

import json
import logging
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from multiprocessing import get_context
from typing import Any

import frappe
import frappe.app
import requests
from werkzeug.serving import make_server

from govcrm.accountability.sealing import sealer, tree
from govcrm.accountability.trail import keys, payload, rows
from govcrm.domain.ledger import checkpoint
from govcrm.domain.ledger.merkle import Range
from govcrm.domain.ledger.rows import row_hash
from govcrm.tests.factories import make_user

DOCTYPE, PREFIX, USER = "Work Skill", "Trail Kill", "trail.kill@example.org"
TOGETHER = 3  # records of one request, and so of one transaction
WEB, SEALER = "web worker", "sealer"
PATIENCE = 60  # seconds


class TrailKilling:
	"""A site that is written to by HTTP and sealed by two sealers at once, while its processes die."""

	def __init__(self, seed: int = 0, clients: int = 2) -> None:
		self.chance, self.process = random.Random(seed), get_context("fork")
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.run = frappe.generate_hash(length=6)
		self.kills: Counter[str] = Counter()
		self.clients = [Client(self, number) for number in range(clients)]

	def set_up(self) -> None:
		user = make_user(USER, "System Manager", "Agency Administrator")
		user.api_key, user.api_secret = frappe.generate_hash(length=15), "s" + frappe.generate_hash(length=14)
		user.save(ignore_permissions=True)  # the stage of a test
		frappe.db.commit()
		self.token = f"token {user.api_key}:{user.get_password('api_secret')}"
		self.socket = socket.create_server(("127.0.0.1", 0))
		self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
		self.warm_up()

	def warm_up(self) -> None:
		"""What is imported on first use is imported here, so that processes die at their work and not while they import."""
		skill = frappe.get_doc({"doctype": DOCTYPE, "skill_name": f"{PREFIX} warm up"}).insert()
		skill.description = "1"
		skill.save()
		skill.delete()
		frappe.db.commit()
		sealer.run()

	def begin(self, web: int = 2, sealers: int = 2) -> None:
		self.stop = threading.Event()
		self.running = [(kind, self.start(kind)) for kind in (*[WEB] * web, *[SEALER] * sealers)]
		for client in self.clients:
			client.start()

	def start(self, kind: str):
		"""A process that begins with no connection of ours."""
		frappe.db.close()
		work, arguments = {WEB: (serve, (self.socket,)), SEALER: (seal, ())}[kind]
		process = self.process.Process(target=work, args=(self.site, self.sites_path, *arguments))
		process.start()
		return process

	def kill_some(self, number: int, longest: float = 0.5) -> None:
		"""Kill so many processes, each a random time after the one before, and start others in their place."""
		for _kill in range(number):
			time.sleep(self.chance.uniform(0.02, longest))
			at = self.chance.randrange(len(self.running))
			kind, process = self.running[at]
			os.kill(process.pid, signal.SIGKILL)
			process.join()
			self.kills[kind] += 1
			self.running[at] = (kind, self.start(kind))

	def end(self) -> None:
		"""Let the requests under way come to their end, then stop everything and seal the rest."""
		self.stop.set()
		for client in self.clients:
			client.join(PATIENCE)
		for _kind, process in self.running:
			process.kill()
			process.join()
		self.socket.close()
		frappe.db.connect()
		frappe.db.rollback()
		sealer.run()

	def faults(self) -> dict[str, Any]:
		"""What is not as it should be, by what it is; empty if all is right."""
		frappe.db.rollback()
		found = {**self.of_records(), **of_the_log()}
		return {what: names for what, names in found.items() if names}

	def of_records(self) -> dict[str, list]:
		live = dict(rows.stored(DOCTYPE, self.named(DOCTYPE, "name")))
		events = self.events()
		created = Counter(event.reference_name for event in events if event.verb == "create")
		newest = {event.reference_name: json.loads(event.header)["rows"][0][2] for event in events}
		salt = keys.of(f"Site/{DOCTYPE}").salt
		return {
			"acknowledged, and not there": [
				name for client in self.clients for name in client.made if name not in live
			],
			"there without its event": sorted(set(live) - set(created)),
			"told, and not there": sorted(set(created) - set(live)),
			"told twice": [name for name, times in created.items() if times > 1],
			"half of a transaction": torn(live),
			"not as last told": [n for n, row in live.items() if newest.get(n) != row_hash(salt, row).hex()],
			"changes lost, doubled or in disorder": self.broken_histories(live, events),
		}

	def named(self, doctype: str, field: str) -> list[str]:
		return frappe.get_all(doctype, {field: ["like", f"{PREFIX} {self.run} %"]}, pluck=field, limit=0)

	def events(self) -> list[dict]:
		filters = {"reference_doctype": DOCTYPE, "reference_name": ["like", f"{PREFIX} {self.run} %"]}
		fields = ["name", "reference_name", "verb", "header", "payload", "subject"]
		return frappe.get_all("Audit Event", filters, fields, order_by="name", limit=0)

	def broken_histories(self, live: dict, events: list[dict]) -> list[str]:
		"""Records whose changes do not follow on one another up to what stands there, or whose last answer is not there."""
		told: dict[str, list] = {}
		for event in events:
			if event.verb != "create":
				values = payload.read(event)
				step = values.get("description/before"), values.get("description/after")
				told.setdefault(event.reference_name, []).append(step)
		answered = {name: value for client in self.clients for name, value in client.changed.items()}
		return [name for name in live if not follows(told.get(name, []), live[name], answered.get(name, 0))]


class Client(threading.Thread):
	"""Writes without pause, and notes what it was told had been done."""

	def __init__(self, killing: TrailKilling, number: int) -> None:
		super().__init__(daemon=True)
		self.killing, self.number = killing, number
		self.answers: Counter[int] = Counter()
		self.made: list[str] = []
		self.changed: dict[str, int] = {}

	def run(self) -> None:
		for number in count(1):
			if self.killing.stop.is_set():
				return
			self.make(number)
			if self.made:
				self.change(self.made[number % len(self.made)], number)

	def make(self, number: int) -> None:
		names = [f"{PREFIX} {self.killing.run} {self.number}-{number}-{n}" for n in range(TOGETHER)]
		docs = [{"doctype": DOCTYPE, "skill_name": name} for name in names]
		if self.send("POST", "/api/method/frappe.client.insert_many", {"docs": json.dumps(docs)}):
			self.made += names

	def change(self, name: str, number: int) -> None:
		if self.send("PUT", f"/api/resource/{DOCTYPE}/{name}", {"description": str(number)}):
			self.changed[name] = number

	def send(self, method: str, path: str, data: dict) -> bool:
		"""Whether it was answered that it is done. Without an answer it may be, or not."""
		headers = {"Authorization": self.killing.token, "Host": self.killing.site, "Connection": "close"}
		try:
			answer = requests.request(method, self.killing.url + path, json=data, headers=headers, timeout=10)
		except requests.RequestException:
			return False
		self.answers[answer.status_code] += 1
		return answer.status_code == 200


def serve(site: str, sites_path: str, listening: socket.socket) -> None:
	"""A web worker: Frappe's own application, one request after the other."""
	logging.getLogger("werkzeug").setLevel(logging.ERROR)
	frappe.app._site, frappe.app._sites_path = site, sites_path
	host, port = listening.getsockname()
	server = make_server(host, port, frappe.app.application, fd=os.dup(listening.fileno()))
	server.serve_forever()


def seal(site: str, sites_path: str) -> None:
	"""A sealer that hardly rests."""
	frappe.init(site=site, sites_path=sites_path, force=True)
	frappe.connect()
	while True:
		sealer.run()
		time.sleep(0.01)


def clear() -> None:
	"""Take away what can be taken away. The events stay."""
	frappe.db.rollback()
	for name in frappe.get_all(DOCTYPE, {"name": ["like", f"{PREFIX} %"]}, pluck="name", limit=0):
		frappe.delete_doc(DOCTYPE, name, force=True)
	frappe.delete_doc("User", USER, force=True, ignore_missing=True)
	for contact in frappe.get_all("Contact", {"email_id": USER}, pluck="name"):
		frappe.delete_doc("Contact", contact, force=True)
	frappe.db.commit()


def torn(live: dict) -> list[str]:
	groups = Counter(name.rsplit("-", 1)[0] for name in live)
	return [group for group, members in groups.items() if members != TOGETHER]


def follows(steps: list[tuple], row: dict, answered: int) -> bool:
	"""Whether each change begins where the one before ended, the last at what stands there, none before the last answer."""
	ends = [None, *(after for _before, after in steps)]
	begins = [before for before, _after in steps]
	stands = row["fields"].get("description")
	return begins == ends[:-1] and ends[-1] == stands and int(stands or 0) >= answered


def of_the_log() -> dict[str, list]:
	"""The whole log read anew: its numbers, and each checkpoint against the leaves and the one before."""
	total = frappe.db.count("Audit Event")
	numbers = frappe.get_all("Audit Event", pluck="seq", order_by="seq", limit=0)
	return {
		"numbers with a gap, doubled or missing": [] if numbers == list(range(1, total + 1)) else [total],
		"checkpoints that do not verify": [seal for seal, sound in checked() if not sound],
		"findings": frappe.get_all("Audit Finding", {"kind": "Log Damaged"}, pluck="detail"),
	}


def checked() -> Iterator[tuple[str, bool]]:
	tree_so_far, previous = Range(), checkpoint.NONE_BEFORE
	public = dict(frappe.get_all("Audit Signing Key", ["name", "public_key"], as_list=True))
	for seal in frappe.get_all("Audit Seal", ["*"], order_by="size", limit=0):
		for leaf in tree.leaves(tree_so_far.size, seal.size):
			tree_so_far.append(leaf)
		said, body = json.loads(seal.checkpoint), seal.checkpoint.encode()
		yield (
			seal.name,
			(said["size"], said["root"], said["previous"])
			== (tree_so_far.size, tree_so_far.root().hex(), previous)
			and checkpoint.verify(public[said["key"]], body, seal.signature),
		)
		previous = checkpoint.hash_of(body)
