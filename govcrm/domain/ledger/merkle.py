"""The Merkle tree of RFC 9162 (2.1): roots, and proofs that an event is in the log and that a log only grew.

Leaves and nodes are hashes of 32 bytes. A tree that grows is kept as a compact range: the hashes of its whole subtrees,
the largest first, one for each bit of its size. Proofs ask `hash_of(begin, end)` for the hash of leaves begin to end-1;
`hashing` gives one for leaves in memory, `composed` one that asks for whole subtrees only.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from govcrm.domain.ledger.leaf import EMPTY_TREE, node_hash

HashOf = Callable[[int, int], bytes]


class Range:
	"""A tree from its first leaf on, in a few hashes. Appending takes one hash on average."""

	def __init__(self):
		self.size = 0
		self._hashes: list[bytes] = []

	@classmethod
	def from_frontier(cls, size: int, frontier: Iterable[bytes]) -> "Range":
		"""A tree of this size as it was left. Raises ValueError where the hashes cannot be those of the size."""
		tree = cls()
		tree.size, tree._hashes = size, list(frontier)
		if size < 0 or len(tree._hashes) != bin(size).count("1") or any(len(h) != 32 for h in tree._hashes):
			raise ValueError(f"These {len(tree._hashes)} hashes are no compact range of {size} leaves.")
		return tree

	@property
	def frontier(self) -> list[bytes]:
		"""Hashes of the whole subtrees, the largest first."""
		return list(self._hashes)

	def append(self, leaf: bytes) -> None:
		node, rest = leaf, self.size
		while rest & 1:
			node = node_hash(self._hashes.pop(), node)
			rest >>= 1
		self._hashes.append(node)
		self.size += 1

	def root(self) -> bytes:
		"""The hash of the whole tree, 32 bytes."""
		if not self._hashes:
			return EMPTY_TREE
		return reduce(lambda right, left: node_hash(left, right), reversed(self._hashes))


def root_of(leaves: Iterable[bytes]) -> bytes:
	"""The root of the tree over these leaves."""
	tree = Range()
	for leaf in leaves:
		tree.append(leaf)
	return tree.root()


def hashing(leaves: Sequence[bytes]) -> HashOf:
	"""`hash_of` over leaves in memory."""
	return lambda begin, end: root_of(leaves[begin:end])


def composed(whole: HashOf) -> HashOf:
	"""`hash_of` for any part that the tree has, where only those of 2^n leaves that start at a multiple of 2^n are known."""

	def hash_of(begin: int, end: int) -> bytes:
		split = _split(end - begin)
		if split * 2 == end - begin or end - begin == 1:
			return whole(begin, end)
		return node_hash(whole(begin, begin + split), hash_of(begin + split, end))

	return hash_of


def inclusion_proof(index: int, size: int, hash_of: HashOf) -> list[bytes]:
	"""The path from leaf `index` (from 0) to the root of the first `size` leaves. RFC 9162 (2.1.3.1)."""
	if not 0 <= index < size:
		raise ValueError(f"Leaf {index} is not in a tree of {size}.")
	path, begin, end = [], 0, size
	while end - begin > 1:
		middle = begin + _split(end - begin)
		if index < middle:
			path.append(hash_of(middle, end))
			end = middle
		else:
			path.append(hash_of(begin, middle))
			begin = middle
	return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
	"""Whether the leaf stands at `index` (from 0) in the tree of this size and root. RFC 9162 (2.1.3.2)."""
	if not 0 <= index < size:
		return False
	node, at, last = leaf, index, size - 1
	for step in proof:
		if not last:
			return False
		if at & 1 or at == last:
			node = node_hash(step, node)
			at, last = _up_to_right_child(at, last)
		else:
			node = node_hash(node, step)
		at, last = at >> 1, last >> 1
	return not last and node == root


def consistency_proof(old: int, new: int, hash_of: HashOf) -> list[bytes]:
	"""What shows that the first `old` of `new` leaves are the older log. RFC 9162 (2.1.4.1); empty where equal."""
	if not 0 < old <= new:
		raise ValueError(f"A log of {old} cannot have grown to {new}.")
	proof, begin, end = [], 0, new
	while end != old:
		middle = begin + _split(end - begin)
		if old <= middle:
			proof.append(hash_of(middle, end))
			end = middle
		else:
			proof.append(hash_of(begin, middle))
			begin = middle
	return ([hash_of(begin, old)] if begin else []) + proof[::-1]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
	"""Whether the log with the new root begins with the log of the old one. RFC 9162 (2.1.4.2)."""
	if not 0 < old <= new:
		return False
	if old == new:
		return not proof and old_root == new_root
	steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
	return bool(steps) and _both_roots(old - 1, new - 1, steps) == (old_root, new_root)


def _both_roots(at: int, last: int, steps: list[bytes]) -> tuple[bytes, bytes] | None:
	while at & 1:
		at, last = at >> 1, last >> 1
	older = newer = steps[0]
	for step in steps[1:]:
		if not last:
			return None
		if at & 1 or at == last:
			older, newer = node_hash(step, older), node_hash(step, newer)
			at, last = _up_to_right_child(at, last)
		else:
			newer = node_hash(newer, step)
		at, last = at >> 1, last >> 1
	return None if last else (older, newer)


def _up_to_right_child(at: int, last: int) -> tuple[int, int]:
	while at and not at & 1:
		at, last = at >> 1, last >> 1
	return at, last


def _split(width: int) -> int:
	"""The largest power of two smaller than the width: where RFC 9162 cuts a tree in two."""
	return 1 << (width - 1).bit_length() - 1 if width > 1 else 0
