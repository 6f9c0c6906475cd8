"""The log as its newest checkpoint left it, to be gone on with."""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from pypika import Order

from govcrm import compat
from govcrm.domain.ledger import canonical, checkpoint
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.merkle import Range

SEAL = "Audit Seal"
FIELDS = ("name", "size", "root", "checkpoint", "checkpoint_hash", "frontier", "signing_key")
AT_ONCE = 5000


class Log(NamedTuple):
	"""What the next checkpoint builds on. `damage` says what was wrong with the newest one, if anything."""

	tree: Range
	previous: str
	time: str
	origin: str | None
	damage: str | None = None


def newest(*, locked: bool = False) -> dict | None:
	"""The newest seal; `locked` reads what others committed since this transaction began."""
	table = frappe.qb.DocType(SEAL)
	query = frappe.qb.from_(table).select(*(table[field] for field in FIELDS))
	query = query.orderby(table.name, order=Order.desc).limit(1)
	found = (compat.up_to_date(query) if locked else query).run(as_dict=True)
	return found[0] if found else None


def after(seal: dict | None) -> Log:
	"""The log after this seal; an empty one after none."""
	if not seal:
		return Log(Range(), checkpoint.NONE_BEFORE, "", None)
	said = _said(seal)
	tree = frontier_of(seal)
	damage = None if tree and said else f"The checkpoint of {seal.size} events is damaged."
	return Log(
		tree or rebuilt(seal.size),
		checkpoint.hash_of(seal.checkpoint.encode()),
		said.get("time", ""),
		said.get("origin"),
		damage,
	)


def frontier_of(seal: dict) -> Range | None:
	"""The tree that the seal kept; None where it is not that of its size and root."""
	try:
		hashes = [bytes.fromhex(one) for one in canonical.loads_strict(seal.frontier.encode())]
		tree = Range.from_frontier(seal.size, hashes)
	except (ValueError, TypeError, AttributeError):
		return None
	return tree if tree.root().hex() == seal.root else None


def rebuilt(size: int) -> Range:
	"""The tree of the first `size` events, from the newest seal below that is sound."""
	tree = _sound_before(size) or Range()
	for leaf in leaves(tree.size, size):
		tree.append(leaf)
	return tree


def leaves(begin: int, end: int) -> Iterator[bytes]:
	"""Leaves `begin` to `end - 1`, from the headers: the column `leaf` is not what was sealed if somebody changed it."""
	table = frappe.qb.DocType("Audit Event")
	for start in range(begin, end, AT_ONCE):
		stop = min(start + AT_ONCE, end)
		query = frappe.qb.from_(table).select(table.header).orderby(table.seq)
		for (header,) in query.where((table.seq > start) & (table.seq <= stop)).run():
			yield leaf_of(header)


def leaf_of(header: str | None) -> bytes:
	return leaf_hash((header or "").encode())


def _said(seal: dict) -> dict:
	try:
		said = canonical.loads_strict(seal.checkpoint.encode())
	except canonical.NotCanonical:
		return {}
	fits = isinstance(said, dict) and said.get("size") == seal.size and said.get("root") == seal.root
	return said if fits else {}


def _sound_before(size: int) -> Range | None:
	older = frappe.get_all(
		SEAL, {"size": ["<", size]}, ["size", "root", "frontier"], order_by="name desc", limit=100
	)
	return next(filter(None, map(frontier_of, older)), None)
