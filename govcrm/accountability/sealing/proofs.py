"""Proofs, as JSON that whoever holds a checkpoint can check without this site.

Each is checked here before it is given away: a log that no longer fits its checkpoints is an error, never a wrong proof.
"""

from functools import cache

import frappe
from frappe import _

from govcrm.accountability.sealing import signing, tiles, tree
from govcrm.domain.ledger import merkle

VERSION = 1


class NoProof(frappe.ValidationError):
	"""There is none, or none yet. Says why."""


def inclusion(event: str, size: int | None = None) -> dict:
	"""That an event stands in the log of a checkpoint: the newest, or that of `size` events.

	The leaf is SHA-256 of the byte 0 and `header`; `proof` is the path of RFC 9162 (2.1.3) to the root that
	`checkpoint` names, leaf `index` counted from 0. Raises NoProof.
	"""
	found = frappe.db.get_value("Audit Event", event, ["seq", "header"], as_dict=True)
	if not found:
		frappe.throw(_("There is no audit event {0}.").format(event), NoProof)
	if not found.seq:
		frappe.throw(_("This event is not sealed yet. Try again in a minute."), NoProof)
	seal = _seal(size or signing.sealed_size())
	if found.seq > seal.size:
		frappe.throw(
			_("The log of {0} events does not hold event {1}.").format(seal.size, found.seq), NoProof
		)
	index, leaf = found.seq - 1, tree.leaf_of(found.header)
	proof = merkle.inclusion_proof(index, seal.size, _hashes())
	_require(merkle.verify_inclusion(leaf, index, seal.size, proof, bytes.fromhex(seal.root)))
	said = {"event": event, "header": found.header, "leaf": leaf.hex(), "index": index}
	return {"v": VERSION, "kind": "inclusion", **said, "proof": _hex(proof), **_signed(seal)}


def consistency(old: int, new: int) -> dict:
	"""That the log of checkpoint `new` begins with the log of checkpoint `old`, both given by their size.

	`proof` is that of RFC 9162 (2.1.4). Raises NoProof.
	"""
	if not 0 < old <= new:
		frappe.throw(_("Give the smaller log first: {0} is not within {1}.").format(old, new), NoProof)
	before, after = _seal(old), _seal(new)
	proof = merkle.consistency_proof(old, new, _hashes())
	roots = bytes.fromhex(before.root), bytes.fromhex(after.root)
	_require(merkle.verify_consistency(old, new, *roots, proof))
	said = {"old": _signed(before), "new": _signed(after)}
	return {"v": VERSION, "kind": "consistency", "proof": _hex(proof), **said}


def _seal(size: int) -> dict:
	fields = ["size", "root", "checkpoint", "signature", "signing_key"]
	seal = frappe.db.get_value("Audit Seal", f"{size:012d}", fields, as_dict=True)
	if not seal:
		frappe.throw(_("No checkpoint was made when the log held {0} events.").format(size), NoProof)
	return seal


def _signed(seal: dict) -> dict:
	public = frappe.db.get_value(signing.SIGNING_KEY, seal.signing_key, "public_key")
	return {
		"size": seal.size,
		"root": seal.root,
		"checkpoint": seal.checkpoint,
		"signature": seal.signature,
		"public_key": public,
	}


def _hashes() -> merkle.HashOf:
	"""Hashes of parts of the log: of whole tiles where it can, of leaves for the rest."""

	@cache
	def whole(begin: int, end: int) -> bytes:
		if end - begin >= tiles.WIDTH:
			return tiles.root_between(begin, end)
		return merkle.root_of(tree.leaves(begin, end))

	return merkle.composed(whole)


def _hex(proof: list[bytes]) -> list[str]:
	return [one.hex() for one in proof]


def _require(fits: bool) -> None:
	if not fits:
		frappe.throw(_("The log no longer fits this checkpoint: events were changed or removed."), NoProof)
