"""Matters whose key was destroyed: what the log said of their rows under that key cannot be compared any more.

The event that tells of a destruction stands under the key that followed, and holds in its encrypted values what only
the destruction writes. One whose values that key does not open, or which is another act with its verb changed, was not
written so by the application and excuses nothing: else a row could be changed, and a false event put beside it. A matter
with no key at all was never destroyed by the application, which always tells, and so makes the next key.
"""

import json
from collections.abc import Mapping

import frappe
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.trail import payload
from govcrm.domain.ledger.compare import Said

VERBS = ("shred", "destroy")
# What the encrypted values of a destruction say, and those of no other act.
WORDS = frozenset({"reason", "detail/copies"})
UNSEALED = 2**53  # beyond all numbers


class Shredded:
	"""Looked up matter by matter, and remembered."""

	def __init__(self) -> None:
		self.last: dict[str, int] = {}

	def since(self, said: Said) -> bool:
		"""Whether the key of the matter was destroyed, with an event that says so, after these words."""
		if said.subject not in self.last:
			self.last[said.subject] = _last(said.subject)
		return bool(said.seq) and self.last[said.subject] > said.seq


def forged(destructions: Mapping[str, int]) -> dict[str, int]:
	"""Those of these destructions, number of the event by matter, that the application did not write.

	Where a later one is its own the key is another by now, and nobody can tell; nor does it matter.
	"""
	return {subject: seq for subject, seq in destructions.items() if _last(subject) < seq}


def _last(subject: str) -> int:
	"""The number of the newest such event: 0 for none, beyond all others while it is not sealed."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(table.name, table.seq, table.subject, table.header, table.payload)
	found = query.where((table.subject == subject) & table.verb.isin(VERBS)).run(as_dict=True)
	return max((int(one.seq) or UNSEALED for one in found if _is_told(one)), default=0)


def _is_told(event: frappe._dict) -> bool:
	"""Whether the application wrote it: only who has the keys closes values that open again."""
	try:
		return json.loads(event.header)["verb"] in VERBS and WORDS.issubset(payload.read(event) or {})
	except (KeyError, TypeError, ValueError, InvalidUnwrap):
		return False
