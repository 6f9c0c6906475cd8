"""Proofs are checked here as whoever gets them would: with the pure functions and the public key alone."""

import json

import frappe

from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import proofs, sealer, tiles
from govcrm.accountability.sealing.test_sealer import SealingTestCase
from govcrm.domain.ledger import checkpoint, merkle
from govcrm.domain.ledger.leaf import leaf_hash


class TestProofs(SealingTestCase):
	def test_any_event_is_proven_to_stand_in_the_log(self) -> None:
		names = self.happen(tiles.WIDTH + 5)
		sealer.seal()
		for name in names[:: tiles.WIDTH // 4]:
			proof = proofs.inclusion(name)
			self.assertTrue(self.signed(proof))
			self.assertEqual(leaf_hash(proof["header"].encode()).hex(), proof["leaf"])
			self.assertEqual(json.loads(proof["header"])["id"], name)
			self.assertTrue(self.stands(proof))
			self.assertFalse(self.stands({**proof, "index": proof["index"] + 1}))

	def test_an_event_is_proven_for_any_later_checkpoint(self) -> None:
		[name] = self.happen()
		sizes = [sealer.seal().size]
		self.happen(4)
		sizes.append(sealer.seal().size)
		self.assertEqual([proofs.inclusion(name, size)["size"] for size in sizes], sizes)
		self.assertTrue(all(self.stands(proofs.inclusion(name, size)) for size in sizes))

	def test_any_two_checkpoints_are_proven_to_be_of_one_log(self) -> None:
		sizes = []
		for number in (1, 2, tiles.WIDTH, 3):
			self.happen(number)
			sizes.append(sealer.seal().size)
		for at, old in enumerate(sizes):
			for new in sizes[at:]:
				proof = proofs.consistency(old, new)
				self.assertTrue(self.signed(proof["old"]) and self.signed(proof["new"]))
				self.assertTrue(self.grew(proof))

	def test_a_tile_that_is_lost_is_computed_from_its_leaves(self) -> None:
		name = self.happen(2 * tiles.WIDTH + 3)[-1]
		size = sealer.seal().size
		expected = proofs.inclusion(name)
		with writing():
			frappe.db.delete("Audit Tile", {"tile": [">=", 0]})
		self.assertEqual(proofs.inclusion(name), expected)
		self.assertTrue(self.grew(proofs.consistency(size, size)))

	def test_who_asks_for_a_proof_that_is_not_there_hears_why(self) -> None:
		[name] = self.happen()
		self.refused("not sealed yet", proofs.inclusion, name)
		self.refused("no audit event", proofs.inclusion, "nobody")
		size = sealer.seal().size
		self.refused("No checkpoint", proofs.inclusion, name, size + 1)
		self.refused("smaller log first", proofs.consistency, size, 0)
		self.refused("smaller log first", proofs.consistency, size + 1, size)
		[later] = self.happen()
		sealer.seal()
		self.refused("does not hold", proofs.inclusion, later, size)

	def test_a_log_that_does_not_fit_its_checkpoint_gives_no_proof(self) -> None:
		name = self.happen(3)[0]
		sealer.seal()
		whole = proofs.merkle.inclusion_proof
		self.addCleanup(setattr, proofs.merkle, "inclusion_proof", whole)
		proofs.merkle.inclusion_proof = lambda *args: [bytes(32)] * len(whole(*args))
		self.refused("no longer fits", proofs.inclusion, name)

	def refused(self, words: str, proof: object, *args: object) -> None:
		with self.assertRaisesRegex(proofs.NoProof, words):
			proof(*args)

	def signed(self, said: dict) -> bool:
		body = json.loads(said["checkpoint"])
		self.assertEqual((body["size"], body["root"]), (said["size"], said["root"]))
		return checkpoint.verify(said["public_key"], said["checkpoint"].encode(), said["signature"])

	def stands(self, proof: dict) -> bool:
		path = list(map(bytes.fromhex, proof["proof"]))
		leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
		return merkle.verify_inclusion(leaf, proof["index"], proof["size"], path, root)

	def grew(self, proof: dict) -> bool:
		old, new, path = proof["old"], proof["new"], list(map(bytes.fromhex, proof["proof"]))
		roots = bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
		return merkle.verify_consistency(old["size"], new["size"], *roots, path)
