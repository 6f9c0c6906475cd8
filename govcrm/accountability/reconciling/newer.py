"""Events that came after the reconciliation read the log, sealed or not: what happened meanwhile is no finding."""

import json

import frappe

from govcrm.accountability.reconciling.absorbing import words_of
from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.reconciling.said import NAMES_AT_ONCE, Key, batches
from govcrm.domain.ledger.compare import Said


class Newer:
	"""What events later than number `after` say. Headers are read once, however often it is asked."""

	def __init__(self, after: int) -> None:
		self.after = after
		self.headers: dict[str, dict] = {}

	def said(self) -> dict[Key, Said]:
		"""As the running transaction sees it: the newest words of each record."""
		found: dict[Key, Said] = {}
		for name, seq in self._present():
			found.update(words_of(self.headers[name], seq))
		return found

	def _present(self) -> list[tuple[str, int]]:
		"""Names and numbers in the order of the log; those without a number yet come last, in the order of their making."""
		table = frappe.qb.DocType(EVENT)
		query = frappe.qb.from_(table).select(table.name, table.seq)
		sealed = query.where(table.seq > self.after).orderby(table.seq).run()
		unsealed = query.where(table.seq == 0).orderby(table.name).run()
		present = [(name, int(seq)) for name, seq in [*sealed, *unsealed]]
		self._read([name for name, _seq in present if name not in self.headers])
		return present

	def _read(self, names: list[str]) -> None:
		table = frappe.qb.DocType(EVENT)
		for part in batches(names, NAMES_AT_ONCE):
			query = frappe.qb.from_(table).select(table.name, table.header).where(table.name.isin(part))
			self.headers.update((name, _header(text)) for name, text in query.run())


def _header(text: str) -> dict:
	"""One that cannot be read says nothing here; it will be told of when it is sealed and read."""
	try:
		header = json.loads(text)
		return {
			"subject": header["subject"],
			"rows": [tuple(row) for row in header["rows"]],
			"verb": header["verb"],
		}
	except (KeyError, TypeError, ValueError):
		return {"subject": "", "rows": [], "verb": ""}
