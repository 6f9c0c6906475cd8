"""New keys: each is given out once, wrapped with the master key in use."""

import os
from unittest.mock import patch

import frappe
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

from govcrm.accountability import folder
from govcrm.accountability.trail import capture, fresh, keys
from govcrm.domain.ledger.secret import Secret
from govcrm.tests import GovCRMTestCase


class TestFresh(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		capture.install()
		stocks = patch.dict(fresh._stocks, clear=True)
		stocks.start()
		self.addCleanup(stocks.stop)

	def test_no_key_is_given_out_twice(self) -> None:
		taken = [new for count in (1, 1, 5, fresh.AHEAD, 1, fresh.AHEAD + 1) for new in fresh.take(count)]
		self.assertEqual(len({new.key for new in taken}), 9 + 2 * fresh.AHEAD)

	def test_each_is_unwrapped_with_the_master_key_in_use(self) -> None:
		master, wrapping = folder.master()
		for new in fresh.take(2) + fresh.take(fresh.AHEAD + 1):
			self.assertEqual(aes_key_unwrap(wrapping, bytes.fromhex(new.wrapped)), new.key)
			self.assertEqual(new.master, master)

	def test_after_a_rotation_none_is_given_out_that_the_old_master_key_wrapped(self) -> None:
		fresh.take(1)
		with patch.object(folder, "master", return_value=("0002-ffffffff", Secret(b"m" * 32))):
			[new] = fresh.take(1)
		self.assertEqual(new.master, "0002-ffffffff")
		self.assertEqual(aes_key_unwrap(b"m" * 32, bytes.fromhex(new.wrapped)), new.key)

	def test_a_forked_process_gives_out_others(self) -> None:
		fresh.take(1)
		reading, writing = os.pipe()
		child = os.fork()
		if not child:
			os.write(writing, b"".join(new.key for new in fresh.take(fresh.AHEAD)))
			os._exit(0)
		os.waitpid(child, 0)
		os.close(writing)
		with os.fdopen(reading, "rb") as made:
			theirs = made.read()
		for new in fresh.take(fresh.AHEAD):
			self.assertNotIn(new.key, theirs)

	def test_a_key_that_was_taken_back_is_thrown_away(self) -> None:
		frappe.db.savepoint("nothing_taken")
		taken = keys.of("Site/Taken back").salt
		frappe.db.rollback(save_point="nothing_taken")
		self.assertNotEqual(keys.of("Site/Taken back").salt, taken)
