"""The folder of keys, tried in a place of its own."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import frappe

from govcrm.accountability import folder
from govcrm.tests import GovCRMTestCase


class TestFolder(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		place = TemporaryDirectory()
		self.addCleanup(place.cleanup)
		self.place = Path(place.name)
		configured = patch.dict(frappe.local.conf, {"govcrm_key_folder": place.name})
		configured.start()
		self.addCleanup(configured.stop)

	def on_a_fresh_site(self) -> patch:
		return patch.object(folder, "in_use", return_value=False)

	def make(self) -> None:
		with self.on_a_fresh_site():
			folder.make()

	def test_sites_that_share_a_configured_place_have_a_folder_each(self) -> None:
		self.assertEqual(folder.folder(), self.place / frappe.local.site)

	def test_a_fresh_site_gets_a_log_id_and_a_master_key_once(self) -> None:
		self.make()
		made = folder.log_id(), folder.master()
		self.assertRegex(made[0], "^[0-9a-f]{32}$")
		self.assertEqual(len(made[1][1]), 32)
		self.make()
		self.assertEqual((folder.log_id(), folder.master()), made)

	def test_nobody_else_can_read_it(self) -> None:
		self.make()
		self.assertEqual(folder.exposed(), [])
		(folder.folder() / folder.LOG_ID).chmod(0o644)
		self.assertEqual(folder.exposed(), [folder.folder() / folder.LOG_ID])

	def test_a_site_with_a_log_never_gets_new_keys_but_a_word_on_what_to_put_back(self) -> None:
		with self.assertRaisesRegex(folder.KeysMissing, "Put this site's key folder back"):
			folder.make()
		self.assertEqual(list(self.place.iterdir()), [])

	def test_a_file_is_never_written_over(self) -> None:
		self.make()
		with self.assertRaises(FileExistsError):
			folder._write(folder.LOG_ID, b"another")

	def test_the_newest_master_key_is_in_use_and_the_older_ones_are_read(self) -> None:
		self.make()
		old, key = folder.master()
		new = folder.new_master()
		self.assertEqual(folder.master()[0], new)
		self.assertEqual(folder.master_key(old), key)
		self.assertEqual(list(folder.master_keys()), [old, new])

	def test_a_master_key_is_retired_when_nothing_under_way_can_use_it(self) -> None:
		self.make()
		old, _key = folder.master()
		folder.new_master()
		self.assertEqual(folder.retired_masters(), [])
		with patch.object(folder, "SURELY_COMMITTED", -1):
			self.assertEqual(folder.retired_masters(), [old])

	def test_the_keys_of_an_earlier_installation_are_kept_under_another_name(self) -> None:
		self.make()
		old = folder.log_id()
		with self.on_a_fresh_site():
			folder.put_aside()
		self.make()
		self.assertNotEqual(folder.log_id(), old)
		self.assertEqual((self.place / f"{frappe.local.site}.{old[:8]}" / folder.LOG_ID).read_text(), old)

	def test_the_keys_of_a_log_in_use_stay_where_they_are(self) -> None:
		self.make()
		made = folder.log_id()
		folder.put_aside()
		self.assertEqual(folder.log_id(), made)

	def test_a_file_that_was_put_back_is_read_anew(self) -> None:
		self.make()
		folder.log_id()
		path = folder.folder() / folder.LOG_ID
		path.unlink()
		with self.assertRaises(folder.KeysMissing):
			folder.log_id()
		path.write_text("f" * 32)
		self.assertEqual(folder.log_id(), "f" * 32)

	def test_a_sealing_key_is_read_back_as_it_was_made(self) -> None:
		self.make()
		public = folder.new_sealing_key()
		private = folder.sealing_key(folder.checkpoint.key_id(public))
		self.assertEqual(folder.checkpoint.public_of(private), public)
		with self.assertRaises(folder.KeysMissing):
			folder.sealing_key("0" * 16)
