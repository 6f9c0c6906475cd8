"""Workers that sweep a real site and are killed on the way; for `test_sweep_kill` and for `benchmarks/kill_sweep.py`.

Each worker is a process of its own with its own connection. It is killed with SIGKILL: nothing of it runs afterwards.
"""

import os
import random
import signal
import time
from collections import Counter
from datetime import datetime
from multiprocessing import get_context
from typing import Any

import frappe

from govcrm.casework.importing.writer import insert_many
from govcrm.casework.sweep import effects, marking
from govcrm.tests.clocks import ALWAYS, clock_values, make_calendar, rule_values
from govcrm.tests.factories import make_case, make_department, make_published_program, make_worker

CODE, DEPARTMENT, CHIEF = "SWEEPKILL", "Sweep Kill", "sweep.chief@example.org"
RULE = rule_values((100, "Notify Supervisors"), (100, "Raise Priority"), warn_at="75")
CLOCK_EVENTS = {"Warn": 1, "Breach": 1, "Step": 2}
CASE_EVENTS = {"deadline_warning": 1, "deadline_missed": 1, "escalate": 3}
NOTICES = 2
IDLE, MARKING, CARRYING_OUT, DONE = range(4)
BATCH = 4  # so that few clocks make many transactions
PATIENCE = 600  # seconds for what is left at the end


class Killing:
	"""A department with a supervisor, and as many cases with a clock that is due as are asked for."""

	def __init__(self, seed: int = 0) -> None:
		self.chance, self.process = random.Random(seed), get_context("fork")
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.kills: Counter[int] = Counter()

	def set_up(self) -> None:
		clear()
		make_calendar()
		make_worker(CHIEF, DEPARTMENT, supervisor=True)
		make_published_program(CODE, department=make_department(DEPARTMENT).name)
		self.template = frappe.db.get_value("Case", make_case(CODE, priority="Low").name, "*", as_dict=True)
		frappe.db.delete("Case Event", {"case": self.template.name})
		frappe.db.delete("Case", {"name": self.template.name})
		self.warm_up()

	def warm_up(self) -> None:
		"""What is imported on first use is imported here, so that workers die at their work and not while they import."""
		self.add(1)
		now = marking.utc_now()
		marking.mark_due(now)
		effects.carry_out_due(now, time.monotonic() + PATIENCE)

	def add(self, count: int) -> None:
		"""Cases that are copies of one, each with a clock whose warning, date and steps have all passed."""
		names = [f"CASE-KILL-{frappe.generate_hash(length=10)}" for _ in range(count)]
		insert("Case", [{**self.template, "name": name} for name in names])
		stamp = {field: self.template[field] for field in ("creation", "modified", "owner", "modified_by")}
		clocks = [clock_values(name, self.chance.uniform(101, 140), RULE) for name in names]
		rows = [{"name": frappe.generate_hash(length=10), **stamp, **clock} for clock in clocks]
		insert("Case Deadline", rows)
		frappe.db.commit()

	def round(self, workers: int, longest: float) -> None:
		"""Let the workers begin together, and kill each at a moment of its own within so many seconds."""
		running = self.start(workers)
		moments = sorted((self.chance.uniform(0, longest), number) for number in range(workers))
		begin = time.monotonic()
		for moment, number in moments:
			time.sleep(max(0.0, begin + moment - time.monotonic()))
			self.kill(*running[number])

	def start(self, workers: int) -> list[tuple]:
		"""(process, started, phase) of each, once all have begun."""
		frappe.db.close()  # a connection must not be in two processes
		running = [self.fork() for _ in range(workers)]
		for _process, started, _phase in running:
			started.wait(timeout=60)
		frappe.db.connect()
		frappe.db.rollback()  # SQLite begins its transaction here
		return running

	def fork(self) -> tuple:
		started, phase = self.process.Event(), self.process.Value("i", IDLE, lock=False)
		process = self.process.Process(target=work, args=(self.site, self.sites_path, started, phase))
		process.start()
		return process, started, phase

	def kill(self, process, _started, phase) -> None:
		if process.is_alive():
			os.kill(process.pid, signal.SIGKILL)
			self.kills[phase.value] += 1
		process.join()

	def finish(self, workers: int = 1) -> list[int]:
		"""Let them do what is left; returns how they ended, None for one that did not."""
		running = self.start(workers)
		for process, _started, _phase in running:
			process.join(PATIENCE)
		return [process.exitcode for process, _started, _phase in running]

	def faults(self) -> dict[str, Any]:
		"""What is not exactly once, by what it is; empty if all is right."""
		frappe.db.rollback()  # see what the workers have committed
		cases = frappe.get_all("Case", {"program": CODE}, ["name", "priority", "deadline_status"], limit=0)
		names = [case.name for case in cases]
		clocks = frappe.get_all(
			"Case Deadline", {"case": ("in", names)}, ["case", "next_at", "breached"], limit=0
		)
		found = {
			"clocks left": sum(1 for clock in clocks if clock.next_at or not clock.breached),
			"steps left or failed": frappe.db.count(
				"Case Deadline Event", {"case": ("in", names), "pending": 1}
			)
			+ frappe.db.count("Case Deadline Event", {"case": ("in", names), "attempts": (">", 0)}),
			"events of clocks": unlike("Case Deadline Event", "case", "kind", names, CLOCK_EVENTS),
			"events of cases": unlike("Case Event", "case", "verb", names, CASE_EVENTS),
			"notices": unlike("Notification Log", "document_name", "for_user", names, {CHIEF: NOTICES}),
			"mails": unlike("Email Queue", "reference_name", "status", names, {"Not Sent": NOTICES}),
			"priorities": sum(1 for case in cases if case.priority != "Medium"),
			"status": sum(1 for case in cases if case.deadline_status != "Overdue"),
		}
		return {what: count for what, count in found.items() if count}


def unlike(doctype: str, link: str, field: str, names: list[str], wanted: dict[str, int]) -> int:
	"""How many of the cases have not exactly these rows."""
	counts = {name: Counter() for name in names}
	for row in frappe.get_all(doctype, {link: ("in", names)}, [link, field], limit=0):
		counts[row[link]][row[field]] += 1
	return sum(1 for count in counts.values() if dict(count) != wanted)


def work(site: str, sites_path: str, started, phase) -> None:
	"""What a worker does: sweep until nothing is left. `phase` tells what it was doing when it died."""
	frappe.init(site=site, sites_path=sites_path, force=True)
	frappe.connect()
	frappe.db.rollback()
	frappe.flags.in_test = frappe.flags.mute_emails = False
	marking.BATCH = BATCH
	started.set()
	while True:
		now = marking.utc_now()
		phase.value = MARKING
		marked = marking.mark_due(now)
		phase.value = CARRYING_OUT
		if not marked + effects.carry_out_due(now, time.monotonic() + PATIENCE) and nothing_left(now):
			break
		phase.value = IDLE
	phase.value = DONE
	os._exit(0)


def nothing_left(now: datetime) -> bool:
	"""Rows that the database still holds for a worker that is dead are left out by a sweep, and are there the next time."""
	time.sleep(0.05)
	return not (marking.due(now) or effects.pending(now))


def insert(doctype: str, rows: list[dict]) -> None:
	if rows:
		texts = [
			tuple(str(value) if isinstance(value, datetime) else value for value in row.values())
			for row in rows
		]
		insert_many(doctype, tuple(rows[0]), texts)


def clear() -> None:
	"""Take everything away that a run has committed."""
	frappe.db.rollback()
	names = frappe.get_all("Case", {"program": CODE}, pluck="name", limit=0) or [""]
	for doctype in ("Case Deadline", "Case Deadline Event", "Case Event", "Case Participant", "Case Task"):
		frappe.db.delete(doctype, {"case": ("in", names)})
	mails = frappe.get_all("Email Queue", {"reference_name": ("in", names)}, pluck="name", limit=0) or [""]
	frappe.db.delete("Email Queue Recipient", {"parent": ("in", mails)})
	frappe.db.delete("Email Queue", {"name": ("in", mails)})
	frappe.db.delete("Notification Log", {"document_name": ("in", names)})
	for doctype, filters in MADE.items():
		frappe.db.delete(doctype, filters)
	for user in (CHIEF, "worker@example.org"):
		frappe.delete_doc("User", user, force=True, ignore_missing=True)
		for contact in frappe.get_all("Contact", {"email_id": user}, pluck="name"):
			frappe.delete_doc("Contact", contact, force=True)
	frappe.db.commit()
	frappe.clear_cache()


MADE: dict[str, dict[str, Any]] = {
	"Case": {"program": CODE},
	"Program Version": {"program": CODE},
	"Agency Program": {"name": CODE},
	"Department Member": {"parent": DEPARTMENT},
	"Agency Department": {"name": DEPARTMENT},
	"Business Calendar": {"name": ALWAYS},
	"Calendar Hours": {"parent": ALWAYS},
}
