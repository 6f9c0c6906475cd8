"""What an anchor can be. Another app adds a kind with the hook `govcrm_audit_anchor_kinds`: {name: dotted path of a Kind}.

The name must also be an option of the field *Kind*, by a Property Setter of that app.
"""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.faults import Fault

HOOK = "govcrm_audit_anchor_kinds"


class AnchorError(frappe.ValidationError):
	"""A checkpoint could not be taken to its anchor; the message is translated and says what to do."""


class Receipt(NamedTuple):
	"""What an anchor gave back, kept for ever, and a line on it for people."""

	text: str
	note: str = ""


class Claim(NamedTuple):
	"""That somebody saw a checkpoint of this log; `witness` says in words who."""

	size: int
	checkpoint_hash: str
	witness: str


class Kind:
	"""One sort of place. A subclass gives `deliver`, and what else it can tell.

	`least_minutes` is how often such an anchor may be told at most.
	"""

	least_minutes = 0

	def __init__(self, anchor: Document) -> None:
		self.anchor = anchor

	def faults(self) -> Iterator[Fault]:
		"""What of the set-up must be put right; asked before saving and before each delivery."""
		return iter(())

	def claims(self) -> Iterator[Claim]:
		"""Checkpoints the place itself holds of this log, where one can ask it."""
		return iter(())

	def losses(self) -> Iterator[str]:
		"""What the place held and holds no more, in words."""
		return iter(())

	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		"""Take the checkpoint there and give what came back. Raises AnchorError or OSError."""
		raise NotImplementedError

	def worry(self) -> str:
		"""What is not as good as it could be though it works; empty if nothing."""
		return ""


def names() -> list[str]:
	return list(_registered())


def of(anchor: Document) -> Kind:
	"""Raises AnchorError when no installed app knows this kind."""
	paths = _registered().get(anchor.kind)
	if not paths:
		frappe.throw(_("No installed app knows anchors of kind {0}.").format(anchor.kind), AnchorError)
	return frappe.get_attr(paths[-1])(anchor)


def _registered() -> dict[str, list[str]]:
	return frappe.get_hooks(HOOK, default={})
