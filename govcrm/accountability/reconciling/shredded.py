"""Matters whose key was destroyed: what the log said of their rows under that key cannot be compared any more.

The event that tells of a destruction is the first under the key that followed. One whose values that key does not open was
not written by the application, and excuses nothing: else a row could be changed, and a false event put beside it.
"""

import json
from collections.abc import Iterable

import frappe

from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.reconciling.said import batches
from govcrm.accountability.trail import payload
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
	query = frappe.qb.from_(table).select(table.name, table.seq, table.subject, table.header, table.payload)
	found = query.where((table.subject == subject) & table.verb.isin(VERBS)).run(as_dict=True)
	return max((int(one.seq) or 2**53 for one in found if _is_told(one)), default=0)


def _is_told(event: frappe._dict) -> bool:
	"""Whether the application wrote it: only who has the keys closes values that open again."""
	try:
		return json.loads(event.header)["verb"] in VERBS and bool(payload.read(event))
	except (KeyError, TypeError, ValueError):
		return False
