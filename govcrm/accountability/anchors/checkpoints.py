"""Sealed checkpoints as anchors and the public take them."""

import json
from datetime import datetime, timezone
from typing import NamedTuple

import frappe

SEAL = "Audit Seal"
FIELDS = (
	"name",
	"size",
	"root",
	"sealed_at_utc",
	"checkpoint_hash",
	"checkpoint",
	"signature",
	"signing_key",
	"previous",
)


class Checkpoint(NamedTuple):
	"""One row of Audit Seal. `checkpoint` is the signed text, canonical JSON; `checkpoint_hash` its SHA-256 in hex."""

	name: str
	size: int
	root: str
	sealed_at_utc: datetime
	checkpoint_hash: str
	checkpoint: str
	signature: str
	signing_key: str
	previous: str

	@property
	def origin(self) -> str:
		return json.loads(self.checkpoint)["origin"]

	def line(self) -> str:
		"""One line of JSON, as it stands in an export of the log: whoever holds it can check the signature."""
		said = {"t": "c", "checkpoint": self.checkpoint, "signature": self.signature}
		return json.dumps(said, separators=(",", ":"), sort_keys=True)


def newest() -> Checkpoint | None:
	return _first(order_by="name desc")


def of_size(size: int) -> Checkpoint | None:
	"""The checkpoint made when the log held so many events, if one was made just then."""
	return _first({"name": seal_name(size)}, order_by=None)


def seal_name(size: int) -> str:
	"""Names of seals order as their sizes do."""
	return f"{size:012d}"


def utc_now() -> datetime:
	"""As the columns in UTC hold it: without a zone."""
	return datetime.now(timezone.utc).replace(tzinfo=None)


def _first(filters: dict | None = None, **options) -> Checkpoint | None:
	rows = frappe.get_all(SEAL, filters or {}, list(FIELDS), limit=1, as_list=True, **options)
	return Checkpoint(*rows[0]) if rows else None
