"""The rows that are there now, hashed as the newest event on each hashed it: with the key of that event's matter.

What an event last said of a record stands in *Audit Row* up to the last reconciliation, and in the events after it. The
hashes themselves are made from the rows: that they agree with the log is for the verifier to find.
"""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _

from govcrm.accountability.reconciling import baseline, live, log
from govcrm.accountability.reconciling.live import Page
from govcrm.accountability.reconciling.newer import Newer
from govcrm.accountability.reconciling.running import AlreadyRunning, last_absorbed, reconcile
from govcrm.accountability.trail import keys
from govcrm.domain.ledger.compare import Said
from govcrm.domain.ledger.rows import row_hash

MOST_NEWER = 50_000  # events; what they say is held in memory


def prepare() -> None:
	"""Have *Audit Row* tell of most of the log. Ends the running transaction."""
	frappe.db.commit()  # a job or a command comes here, between two transactions of its own
	if is_behind():
		try:
			reconcile()
		except AlreadyRunning:
			frappe.throw(_("A reconciliation is under way. Export again when it has ended, or without rows."))


def is_behind() -> bool:
	absorbed = last_absorbed()
	return absorbed < 0 or log.size() - absorbed > MOST_NEWER


class Snapshot:
	def __init__(self) -> None:
		done = baseline.completed()
		there = live.columns()
		# Where the baseline is not through, a row without an event is no finding yet.
		self.readable = [doctype for doctype in live.doctypes(there) if doctype in done]
		# Announced though their tables are gone: the verifier then misses each of their records.
		self.doctypes = sorted({*self.readable, *done.intersection(live.gone(there))})
		self.newest = Newer(max(last_absorbed(), 0)).said()

	def lines(self) -> Iterator[dict[str, Any]]:
		for doctype in self.readable:
			for page in live.pages(doctype):
				yield from self._page(page)

	def _page(self, page: Page) -> Iterator[dict[str, Any]]:
		keys.forget()  # kept for a request; here they would pile up
		said, rows = page.said(), list(page.live())
		words = {name: self.newest.get((page.doctype, name)) or said.get(name) for name, _row in rows}
		found = keys.many({one.subject for one in words.values() if one})
		for name, row in rows:
			yield {"t": "r", "doctype": page.doctype, "name": name, "hash": _hash(found, words[name], row)}


def _hash(found: dict[str, keys.Keys], said: Said | None, row: dict) -> str | None:
	"""None for a row that no event speaks of, and for one whose key was destroyed."""
	own = found.get(said.subject) if said else None
	return row_hash(own.salt, row).hex() if own else None
