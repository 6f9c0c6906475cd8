"""Hashes of 256 leaves each, kept so that a proof need not read the log again."""

from collections.abc import Iterable, Iterator

import frappe

from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import tree
from govcrm.casework.importing.writer import insert_many
from govcrm.domain.ledger.merkle import Range, root_of

TILE = "Audit Tile"
WIDTH = 256
COLUMNS = ("name", "owner", "creation", "modified", "modified_by", "tile", "root")


def finished(log: Range, leaves: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
	"""Number and root of each tile that these leaves complete, after a log as it is now."""
	number, begun = divmod(log.size, WIDTH)
	part = Range.from_frontier(begun, log.frontier[len(log.frontier) - bin(begun).count("1") :])
	for leaf in leaves:
		part.append(leaf)
		if part.size == WIDTH:
			yield number, part.root()
			number, part = number + 1, Range()


def keep(found: Iterable[tuple[int, bytes]]) -> None:
	"""Write the tiles that are not there already."""
	roots = dict(found)
	for number in _kept(roots):
		del roots[number]
	now, user = frappe.utils.now(), frappe.session.user
	rows = [(_name(number), user, now, now, user, number, root.hex()) for number, root in roots.items()]
	with writing():
		insert_many(TILE, COLUMNS, rows)


def root_between(begin: int, end: int) -> bytes:
	"""The root of leaves `begin` to `end - 1`, both multiples of the width; from the leaves where a tile is lost."""
	table = frappe.qb.DocType(TILE)
	first, last = begin // WIDTH, end // WIDTH
	query = frappe.qb.from_(table).select(table.tile, table.root)
	kept = dict(query.where((table.tile >= first) & (table.tile < last)).run())
	return root_of(_root(number, kept.get(number)) for number in range(first, last))


def _root(number: int, kept: str | None) -> bytes:
	if kept:
		return bytes.fromhex(kept)
	return root_of(tree.leaves(number * WIDTH, (number + 1) * WIDTH))


def _kept(numbers: Iterable[int]) -> list[int]:
	names = [_name(number) for number in numbers]
	return frappe.get_all(TILE, {"name": ["in", names]}, pluck="tile", order_by=None) if names else []


def _name(number: int) -> str:
	return f"{number:012d}"
