"""The sealed log read again from a checkpoint on: is each event what was sealed, and each checkpoint what it says?

`Replay` is given events in the order of their numbers and, after the last event that each covers, the checkpoints. What
is wrong is kept in `damages`, in words with places for values. After a fault it goes on from the next checkpoint that
can be trusted, so that one fault is told once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from govcrm.domain.ledger import canonical, checkpoint, headers
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.merkle import Range
from govcrm.domain.texts import _

EVENT, SEAL, LOG = "Audit Event", "Audit Seal", "Audit Log"
# An event is written before it is sealed. It can be older than the checkpoint before it by as long as a transaction
# stays open, and by what the clock of another server is slow.
SLACK = timedelta(hours=2)

TEXTS = {
	"missing": _("Events {0} to {1} are missing."),
	"twice": _("There is more than one event with the number {0}."),
	"header": _("The header of event {0} cannot be read."),
	"leaf": _("The header of event {0} is not the one whose hash was kept."),
	"columns": _("Event {0}: what the list shows is not what the header says: {1}."),
	"foreign": _("Event {0} belongs to another log."),
	"backdated": _("Event {0} says {1}, and was sealed after a checkpoint of {2}."),
	"root": _(
		"Something between events {0} and {1} was changed after it was sealed: the root is not that of checkpoint {1}."
	),
	"frontier": _("The hashes kept with checkpoint {0} are not those of its root."),
	"checkpoint": _("Checkpoint {0} is not what its record says: {1}."),
	"signature": _("Checkpoint {0} is not signed by a key of this log."),
	"previous": _("Checkpoint {0} does not follow the checkpoint before it."),
	"beyond": _("{0} events have numbers beyond the newest checkpoint, {1}."),
	"shorter": _(
		"The log held {0} events before. Now it holds {1}: its end was cut off, or an older database put back."
	),
	"contradicted": _(
		"The log is not the one that was seen before: checkpoint {0} was another one, or is missing."
	),
	"start": _("Checkpoint {0}, from which reading should go on, is missing or not signed."),
	"key": _("The signing key {0} was not put in force by a key of this log."),
	"keyless": _(
		"The key of {0} is gone or spoiled, and no event of the application tells that it was destroyed."
	),
	"destruction": _("Event {0} says that the key of {1} was destroyed. The application did not write that."),
}
MOST = 10_000  # damages that are kept: who breaks more is found out by fewer


class Entry(NamedTuple):
	"""A sealed event: `columns` are `name`, `at_utc`, `payload` and what else repeats the header."""

	seq: int
	header: str
	leaf: str
	columns: Mapping[str, Any]


class Seal(NamedTuple):
	"""A checkpoint with its record; hashes in hexadecimal."""

	size: int
	root: str
	previous: str
	checkpoint_hash: str
	checkpoint: str
	signature: str
	frontier: Sequence[str]


class Start(NamedTuple):
	"""Where reading begins: after this many events, with the hashes of their tree, the hash and time of their checkpoint."""

	size: int = 0
	frontier: Sequence[str] = ()
	hash: str = checkpoint.NONE_BEFORE
	time: str = ""


class Damage(NamedTuple):
	"""`code` is a key of TEXTS, `values` fill its places; `doctype` and `name` say where."""

	code: str
	values: tuple
	doctype: str
	name: str


class Replay:
	def __init__(self, log: str, keys: Mapping[str, str], start: Start = Start()):  # noqa: B008 (immutable)
		"""`keys` gives the public key, in hexadecimal, of each signing key that belongs to the log."""
		self.log, self.keys = log, keys
		self.damages: list[Damage] = []
		self.sealed = start
		self.seq = start.size
		self._tree: Range | None = _tree_of(start.size, start.frontier)
		self._explained = False
		self._earliest = _earliest(start.time)

	# Events -----------------------------------------------------------------------------------------------

	def event(self, entry: Entry) -> dict[str, Any] | None:
		"""The header of the event, or None where it cannot be read or relied on."""
		self._number(entry)
		self._append(entry)
		header = self._header(entry)
		if header is not None:
			self._compare(entry, header)
		return header

	def _number(self, entry: Entry) -> None:
		if entry.seq > self.seq + 1:
			self._damage("missing", (self.seq + 1, entry.seq - 1), EVENT, str(self.seq + 1))
		elif entry.seq <= self.seq:
			self._damage("twice", (entry.seq,), EVENT, entry.columns["name"])
		if entry.seq != self.seq + 1:
			self._tree = None
		self.seq = max(self.seq, entry.seq)

	def _append(self, entry: Entry) -> None:
		"""From the header: the column `leaf` is not what was sealed."""
		if self._tree:
			self._tree.append(leaf_hash(_bytes(entry.header)))

	def _header(self, entry: Entry) -> dict[str, Any] | None:
		if leaf_hash(_bytes(entry.header)).hex() != entry.leaf:
			self._explained = True
			self._event_damage("leaf", entry)
			return None
		try:
			return headers.read(entry.header)
		except canonical.NotCanonical:
			self._event_damage("header", entry)
			return None

	def _compare(self, entry: Entry, header: dict[str, Any]) -> None:
		differing = headers.differing(header, entry.columns)
		if differing:
			self._event_damage("columns", entry, ", ".join(differing))
		if header.get("log") != self.log:
			self._event_damage("foreign", entry)
		if str(header.get("at")) < self._earliest:
			self._event_damage("backdated", entry, header.get("at"), self.sealed.time)

	# Checkpoints ------------------------------------------------------------------------------------------

	def seal(self, seal: Seal) -> None:
		"""The events up to its size have been given."""
		if self.seq < seal.size:
			self._damage("missing", (self.seq + 1, seal.size), EVENT, str(self.seq + 1))
			self._tree, self.seq = None, seal.size
		said = self._checkpoint(seal)
		if said:
			self._root(seal)
			self._go_on(seal, said)

	def _checkpoint(self, seal: Seal) -> dict[str, Any] | None:
		"""What the checkpoint says, if it is one of this log."""
		body = _bytes(seal.checkpoint)
		try:
			said = dict(canonical.loads_strict(body))
		except (canonical.NotCanonical, TypeError, ValueError):
			said = {}
		public = self.keys.get(str(said.get("key")))
		if said.get("origin") != self.log or not (public and checkpoint.verify(public, body, seal.signature)):
			self._damage("signature", (seal.size,), SEAL, str(seal.size))
			return None
		self._record(seal, said, checkpoint.hash_of(body))
		return said

	def _record(self, seal: Seal, said: dict[str, Any], digest: str) -> None:
		pairs = {
			"size": (seal.size, said["size"]),
			"root": (seal.root, said["root"]),
			"previous": (seal.previous, said["previous"]),
			"checkpoint_hash": (seal.checkpoint_hash, digest),
		}
		differing = [field for field, (kept, signed) in pairs.items() if kept != signed]
		if differing:
			self._damage("checkpoint", (seal.size, ", ".join(differing)), SEAL, str(seal.size))
		if said["previous"] != self.sealed.hash or said["size"] <= self.sealed.size:
			self._damage("previous", (seal.size,), SEAL, str(seal.size))

	def _root(self, seal: Seal) -> None:
		"""What is known to be missing or changed was told of already."""
		if self._tree and self._tree.root().hex() != seal.root:
			if not self._explained:
				self._damage("root", (self.sealed.size + 1, seal.size), EVENT, str(self.sealed.size + 1))
			self._tree = None
		self._explained = False

	def _go_on(self, seal: Seal, said: dict[str, Any]) -> None:
		kept = _tree_of(seal.size, seal.frontier)
		if not kept or kept.root().hex() != said["root"]:
			self._damage("frontier", (seal.size,), SEAL, str(seal.size))
			kept = None
		self._tree = self._tree or kept
		digest = checkpoint.hash_of(seal.checkpoint.encode())
		self.sealed = Start(seal.size, seal.frontier, digest, said["time"])
		self._earliest = _earliest(said["time"])

	def _event_damage(self, code: str, entry: Entry, *values: object) -> None:
		self._damage(code, (entry.seq, *values), EVENT, entry.columns["name"])

	def _damage(self, code: str, values: tuple, doctype: str, name: str) -> None:
		if len(self.damages) < MOST:
			self.damages.append(Damage(code, values, doctype, name))


def trusted(keys: Sequence[Mapping[str, Any]], log: str, first: str) -> dict[str, str]:
	"""Public keys by their ids: the `first`, and each that a trusted one has put in force.

	`keys` are {name, public_key, valid_from_size, endorsed_by, endorsement}, in any order.
	"""
	found = {one["name"]: one["public_key"] for one in keys if one["name"] == first and _is_own(one)}
	rest = [one for one in keys if one["name"] not in found]
	while new := {one["name"]: one["public_key"] for one in rest if _endorsed(one, found, log)}:
		found.update(new)
		rest = [one for one in rest if one["name"] not in found]
	return found


def _is_own(key: Mapping[str, Any]) -> bool:
	try:
		return checkpoint.key_id(key["public_key"]) == key["name"]
	except ValueError:
		return False


def _endorsed(key: Mapping[str, Any], found: Mapping[str, str], log: str) -> bool:
	by = found.get(key["endorsed_by"] or "")
	if not by or not _is_own(key):
		return False
	statement = checkpoint.key_statement(
		origin=log, public=key["public_key"], from_size=int(key["valid_from_size"] or 0)
	)
	return checkpoint.verify_endorsement(by, statement, key["endorsement"] or "")


def _tree_of(size: int, frontier: Sequence[str]) -> Range | None:
	try:
		return Range.from_frontier(size, [bytes.fromhex(part) for part in frontier])
	except ValueError:
		return None


def _bytes(text: str) -> bytes:
	return text.encode("utf-8", "surrogatepass")


def _earliest(time: str) -> str:
	"""The oldest time an event may name that is sealed after this time."""
	if not time:
		return ""
	return (datetime.fromisoformat(time.rstrip("Z")) - SLACK).isoformat(timespec="microseconds") + "Z"
