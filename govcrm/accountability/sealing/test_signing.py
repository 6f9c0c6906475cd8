"""Keys that sign, and how one follows another."""

import json
from unittest.mock import patch

import frappe

from govcrm.accountability import folder
from govcrm.accountability.sealing import sealer, signing
from govcrm.accountability.sealing.test_sealer import SealingTestCase
from govcrm.domain.ledger import checkpoint


class TestRotation(SealingTestCase):
	def rotated(self) -> tuple[str, str]:
		"""The key before, and the new one, whose file goes with the test."""
		old = signing.active_id()
		new = signing.rotate("It is a year old.")
		self.addCleanup((folder.folder() / f"sealing-{new}.pem").unlink)
		return old, new

	def sealing_key_of(self, seal: sealer.Seal) -> str:
		return json.loads(frappe.db.get_value("Audit Seal", seal.name, "checkpoint"))["key"]

	def test_a_new_key_signs_from_the_next_checkpoint_on(self) -> None:
		self.happen()
		before = sealer.seal()
		old, new = self.rotated()
		self.happen()
		after = sealer.seal()
		self.assertEqual([self.sealing_key_of(before), self.sealing_key_of(after)], [old, new])
		self.assertEqual(frappe.get_all("Audit Signing Key", {"active": 1}, pluck="name"), [new])

	def test_the_new_key_is_endorsed_by_the_one_before(self) -> None:
		self.happen()
		size = sealer.seal().size
		old, new = self.rotated()
		key = frappe.get_doc("Audit Signing Key", new)
		self.assertEqual((key.endorsed_by, key.valid_from_size), (old, size))
		statement = checkpoint.key_statement(origin=folder.log_id(), public=key.public_key, from_size=size)
		public = frappe.db.get_value("Audit Signing Key", old, "public_key")
		self.assertTrue(checkpoint.verify_endorsement(public, statement, key.endorsement))

	def test_a_rotation_is_an_event(self) -> None:
		_old, new = self.rotated()
		told = {"reference_doctype": "Audit Signing Key", "reference_name": new, "verb": signing.ROTATE}
		self.assertTrue(frappe.db.exists("Audit Event", told))

	def test_a_key_pair_lies_in_a_file_that_nobody_else_can_read(self) -> None:
		_old, new = self.rotated()
		path = folder.folder() / f"sealing-{new}.pem"
		self.assertEqual(path.stat().st_mode & 0o777, 0o600)
		self.assertEqual(path.parent.stat().st_mode & 0o777, 0o700)

	def test_a_file_that_holds_another_key_signs_nothing(self) -> None:
		old, new = self.rotated()
		private = folder.sealing_key(old)
		with (
			patch.object(folder, "sealing_key", return_value=private),
			self.assertRaisesRegex(folder.KeysMissing, new),
		):
			signing.active()
