"""New keys: each is given out once, wrapped with the master key in use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
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

	def test_two_sites_in_one_process_have_each_their_own(self) -> None:
		taken = {}
		with self.folders():
			for site in ("one.test", "two.test", "one.test", "two.test"):
				with patch.object(frappe.local, "site", site):
					if not folder.master_keys():
						folder.new_master()
					[new] = fresh.take(1)
					master, wrapping = folder.master()
				self.assertEqual(new.master, master)
				self.assertEqual(aes_key_unwrap(wrapping, bytes.fromhex(new.wrapped)), new.key)
				taken.setdefault(master, set()).add(new.key)
			self.assertEqual({len(fresh._stocks[site].keys) for site in ("one.test", "two.test")}, {30})
		self.assertEqual([len(keys) for keys in taken.values()], [2, 2])
		self.assertEqual(len(set.union(*taken.values())), 4)

	def test_threads_are_given_different_keys(self) -> None:
		taken, begin = [], Barrier(8)

		def take() -> None:
			begin.wait()
			taken.extend(fresh.take(1)[0].key for _ in range(50))

		threads = [Thread(target=copy_context().run, args=(take,)) for _ in range(8)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
		self.assertEqual((len(taken), len(set(taken))), (400, 400))

	def test_a_new_master_key_is_in_use_at_once_although_the_folder_was_just_listed(self) -> None:
		with self.folders():
			folder.new_master()
			os.utime(folder.folder(), (1e9, 1e9))  # long enough ago for its listing to be kept
			fresh.take(1)
			kept = folder._listed.cache_info().hits
			fresh.take(1)
			self.assertGreater(folder._listed.cache_info().hits, kept)
			newest = folder.new_master()
			[new] = fresh.take(1)
			self.assertEqual(new.master, newest)
			self.assertEqual(aes_key_unwrap(folder.master_key(newest), bytes.fromhex(new.wrapped)), new.key)

	@contextmanager
	def folders(self) -> Iterator[None]:
		"""A folder of keys for each site that is asked for: real ones are not a test's to add to."""

		def own() -> Path:
			found = Path(place, frappe.local.site)
			found.mkdir(exist_ok=True)
			return found

		with TemporaryDirectory() as place, patch.object(folder, "folder", own):
			yield

	def test_a_key_that_was_taken_back_is_thrown_away(self) -> None:
		frappe.db.savepoint("nothing_taken")
		taken = keys.of("Site/Taken back").salt
		frappe.db.rollback(save_point="nothing_taken")
		self.assertNotEqual(keys.of("Site/Taken back").salt, taken)
