"""Matters whose key was destroyed: what the log said of their rows under that key cannot be compared any more."""

from collections.abc import Iterable

import frappe

from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.reconciling.said import batches
from govcrm.domain.ledger.compare import Said

VERBS = ("shred", "destroy")


class Shredded:
	"""Looked up matter by matter, and remembered."""

	def __init__(self) -> None:
		self.last: dict[str, int] = {}

	def since(self, said: Said) -> bool:
		"""Whether the key of the matter was destroyed, with an event that says so, after these words."""
		if said.subject not in self.last:
			self.last[said.subject] = _last(said.subject)
		return bool(said.seq) and self.last[said.subject] > said.seq


def unrecorded(subjects: Iterable[str]) -> list[str]:
	"""Those of these matters without a key whose destruction no event tells of."""
	wanted, told = sorted(subjects), set()
	table = frappe.qb.DocType(EVENT)
	for part in batches(wanted):
		query = frappe.qb.from_(table).select(table.subject).distinct()
		told.update(query.where(table.subject.isin(part) & table.verb.isin(VERBS)).run(pluck=True))
	return [subject for subject in wanted if subject not in told]


def _last(subject: str) -> int:
	"""The number of the newest such event: 0 for none, beyond all others while it is not sealed."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(table.seq)
	found = query.where((table.subject == subject) & table.verb.isin(VERBS)).run(pluck=True)
	return max((int(seq) or 2**53 for seq in found), default=0)
