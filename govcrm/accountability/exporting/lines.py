"""The lines of an export, one after the other: nothing of the log is ever in memory as a whole.

What they hold is described in docs/audit.md, "The format". All is read in the transaction that runs when the first line
is asked for, and that must not end before the last: events, checkpoints and rows then tell of the same moment.
"""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import frappe

from govcrm.accountability import folder
from govcrm.accountability.anchors import receipts
from govcrm.accountability.exporting import encoding, period, snapshot
from govcrm.accountability.exporting.encoding import Line
from govcrm.accountability.exporting.period import Period
from govcrm.accountability.history import checking
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.reconciling import log
from govcrm.accountability.trail import keys
from govcrm.domain.ledger.replay import Entry, Seal

VERSION = 1
SEALS_AT_ONCE = 200
UNSEALED_AT_ONCE = 2000
EVENTS_KEPT = 1000  # until keys of matters are let go of
KEY_FIELDS = {
	"name": "key",
	"public_key": "public",
	"valid_from_size": "from_size",
	"endorsed_by": "endorsed_by",
	"endorsement": "endorsement",
}


class Export:
	"""One export. `reader` opens what they may see; with `payloads` the encrypted values go along."""

	def __init__(self, of: Period, *, rows: bool, payloads: bool, reader: Reader | None = None) -> None:
		self.period, self.payloads, self.reader = of, payloads, reader
		# Rows are those of now: they say nothing of a period that ended earlier.
		self.snapshot = snapshot.Snapshot() if rows and of.newest else None
		self.counts = {"events": 0, "checkpoints": 0, "rows": 0, "unsealed": 0}

	def lines(self) -> Iterator[Line]:
		yield self._head()
		yield from _signing_keys()
		yield from self._sealed()
		if self.period.newest:
			yield from self._counted("unsealed", _unsealed())
		if self.snapshot:
			yield from self._counted("rows", self.snapshot.lines())
		yield {"t": "end", **self.counts}

	def _head(self) -> Line:
		start = next(log.seals(self.period.after - 1, self.period.after), None) if self.period.after else None
		return {
			"t": "log",
			"v": VERSION,
			"origin": folder.log_id(),
			"from_seq": self.period.after + 1,
			"to_seq": self.period.upto,
			"newest": self.period.newest,
			"frontier": list(start.frontier) if start else [],
			"start": {"checkpoint": start.checkpoint, "signature": start.signature} if start else None,
			"doctypes": self.snapshot.doctypes if self.snapshot else None,
			"made_at": period.now(),
		}

	def _sealed(self) -> Iterator[Line]:
		"""Events, and behind the last one that each covers the checkpoints with their receipts."""
		entries = log.entries(self.period.after, self.period.upto)
		entry = next(entries, None)
		for seal, given in _with_receipts(log.seals(self.period.after, self.period.upto)):
			while entry and entry.seq <= seal.size:
				yield self._event(entry)
				entry = next(entries, None)
			self.counts["checkpoints"] += 1
			yield {"t": "c", "checkpoint": seal.checkpoint, "signature": seal.signature}
			yield from given

	def _event(self, entry: Entry) -> Line:
		self.counts["events"] += 1
		payload = entry.columns["payload"] if self.payloads else None
		bare = {"t": "e", "seq": entry.seq, "header": entry.header}
		if not payload or not encoding.fits(line := {**bare, "payload": payload}):
			return bare
		opened = self.reader and self._openings(entry)
		return opening if opened and encoding.fits(opening := {**line, "open": opened}) else line

	def _openings(self, entry: Entry) -> dict[str, Any]:
		if self.counts["events"] % EVENTS_KEPT == 0:
			keys.forget()
		try:
			return checking.openings(entry.columns, json.loads(entry.header), self.reader)
		except (KeyError, TypeError, ValueError):
			return {}  # a damaged event goes out as it is: the verifier says what is wrong with it

	def _counted(self, kind: str, lines: Iterator[Line]) -> Iterator[Line]:
		for line in lines:
			self.counts[kind] += 1
			yield line


def _signing_keys() -> Iterator[Line]:
	found = frappe.get_all(log.SIGNING_KEY, fields=list(KEY_FIELDS), order_by="valid_from_size, creation")
	for key in found:
		told = {word: key[field] or None for field, word in KEY_FIELDS.items()}
		yield {"t": "key", **told, "from_size": int(key.valid_from_size or 0)}


def _with_receipts(seals: Iterator[Seal]) -> Iterator[tuple[Seal, list[Line]]]:
	while some := list(islice(seals, SEALS_AT_ONCE)):
		found: dict[int, list[Line]] = {}
		for line in receipts.exported_between(some[0].size, some[-1].size):
			found.setdefault(line["size"], []).append(line)
		yield from ((seal, found.get(seal.size, [])) for seal in some)


def _unsealed() -> Iterator[Line]:
	table, after = frappe.qb.DocType(log.EVENT), ""
	query = frappe.qb.from_(table).select(table.name, table.header).where(table.seq == 0).orderby(table.name)
	while page := query.where(table.name > after).limit(UNSEALED_AT_ONCE).run():
		yield from ({"t": "u", "header": header} for _name, header in page)
		after = page[-1][0]
