"""Reads sealed events once, in order, checks that they are what was sealed, and keeps what they say of each record."""

from collections.abc import Callable
from dataclasses import dataclass, field

import frappe

from govcrm.accountability import folder
from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling import log, said, shredded
from govcrm.accountability.reconciling.said import Key
from govcrm.domain.ledger.compare import Said
from govcrm.domain.ledger.replay import Damage, Entry, Replay, Start

EVENTS = 10_000  # between two commits, at least: what is said of one record again and again is written once
RUN = "Audit Reconciliation"
EMPTYING = -1  # `absorbed_to` while Audit Row is emptied: what is in it then is no ground to go on from
ROWS_FORGOTTEN = 20_000  # in one transaction


@dataclass
class Absorbed:
	"""How far the log was read. `end` is the last checkpoint that was covered.

	`destructions`: the number of the last event that tells that the key of a matter was destroyed, by matter.
	"""

	end: Start
	events: int = 0
	damages: list[Damage] = field(default_factory=list)
	destructions: dict[str, int] = field(default_factory=dict)


def absorb(
	start: Start,
	upto: int,
	keys: dict[str, str],
	fresh: Callable[[], None],
	keep: Callable[[Absorbed], None],
) -> Absorbed:
	"""Take what events after `start` and up to the checkpoint of size `upto` say into Audit Row.

	`fresh` is called before a batch is written, and `keep` after it: the places for a commit. What is read again, because
	a run was killed in between, comes out the same.
	"""
	reader = Reader(start, keys)
	events = log.entries(start.size, upto)
	entry = next(events, None)
	for seal in log.seals(start.size, upto):
		while entry and entry.seq <= seal.size:
			reader.read(entry)
			entry = next(events, None)
		reader.replay.seal(seal)
		if reader.waiting >= EVENTS:
			fresh()
			keep(reader.flush())
	fresh()
	keep(reader.flush())
	return reader.absorbed


class Reader:
	def __init__(self, start: Start, keys: dict[str, str]) -> None:
		self.replay = Replay(folder.log_id(), keys, start)
		self.said: dict[Key, Said] = {}
		self.waiting = 0
		self.absorbed = Absorbed(start, damages=self.replay.damages)

	def read(self, entry: Entry) -> None:
		header = self.replay.event(entry)
		self.waiting += 1
		if header:
			self.said.update(words_of(header, entry.seq))
			if header["verb"] in shredded.VERBS and header["outcome"] == "Success":
				self.absorbed.destructions[header["subject"]] = entry.seq

	def flush(self) -> Absorbed:
		with writing():
			said.write(self.said)
		self.said.clear()
		self.absorbed.events += self.waiting
		self.waiting, self.absorbed.end = 0, self.replay.sealed
		return self.absorbed


def words_of(header: dict, seq: int) -> dict[Key, Said]:
	"""What an event says of each record that it covers."""
	return {
		(doctype, name): Said(row_hash, header["subject"], seq) for doctype, name, row_hash in header["rows"]
	}


def forget(keep: Callable[[], None]) -> None:
	"""Empty Audit Row, to build it from the first event. `keep` is called after each batch."""
	with writing():
		while said.forget_some(ROWS_FORGOTTEN):
			keep()


def last_absorbed() -> int:
	"""Up to which event Audit Row holds what the log says: -1 where it was left half emptied, 0 before the first run."""
	last = frappe.get_all(RUN, fields=["absorbed_to"], order_by="started_at desc, creation desc", limit=1)
	return int(last[0].absorbed_to or 0) if last else 0
