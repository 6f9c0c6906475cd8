"""A beginning that is refused, and one that is stopped at each of its steps."""

import json
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

import frappe

from govcrm import compat
from govcrm.accountability import beginning, folder, trail
from govcrm.accountability.guard import triggers, writing
from govcrm.accountability.trail import state
from govcrm.setup import install
from govcrm.tests import GovCRMTestCase

OLD, NEW = "a" * 32, "b" * 32


class Stopped(Exception):
	"""The power went."""


class TestBeginning(GovCRMTestCase):
	"""With the site's tables as they are: what empties them is only noted, but nothing can be committed."""

	def setUp(self) -> None:
		super().setUp()
		self.place = Path(tempfile.mkdtemp())
		self.addCleanup(shutil.rmtree, self.place)
		self.addCleanup(state.forget)
		self.emptied: list[str] = []
		self.told: list[tuple] = []
		self.stop_at: str | None = None
		self.keys = self.place / "keys"
		stack = ExitStack()
		self.addCleanup(stack.close)
		for owner, name, stand_in in (
			(folder, "folder", lambda: self.keys),
			(folder, "beginning", lambda: self.place / "begin.json"),
			(compat, "empty", self.empty),
			(triggers, "remove", lambda: None),
			(frappe.db, "commit", lambda: None),
			(beginning, "left_log", lambda: None if self.emptied[-1:] == ["Audit Seal"] else OLD),
			(folder, "make", lambda: self.keys.exists() or self.have_keys(NEW)),
			(beginning, "_set_up", self.set_up),
			(beginning, "_forget", lambda: None),
			(trail, "record", lambda verb, detail: self.told.append((verb, detail))),
		):
			stack.enter_context(patch.object(owner, name, stand_in))
		self.move_horizon(7)
		state.forget()

	def move_horizon(self, seq: int) -> None:
		with writing(), patch.dict(frappe.flags, govcrm_log_is_left=True):
			frappe.db.set_single_value("Audit Settings", "removed_to_seq", seq)

	def empty(self, doctype: str) -> None:
		self.assertEqual(self.horizon(), 0)
		if doctype == self.stop_at:
			raise Stopped
		self.emptied.append(doctype)

	def set_up(self) -> None:
		self.assertEqual(folder.log_id(), NEW)
		if self.stop_at == "set up":
			raise Stopped

	def have_keys(self, log: str) -> None:
		self.keys.mkdir(exist_ok=True)
		(self.keys / "log.id").write_text(log)

	def horizon(self) -> int:
		return int(frappe.db.get_single_value("Audit Settings", "removed_to_seq", cache=False))

	def stopped_at(self, step: str) -> None:
		self.stop_at = step
		with self.assertRaises(Stopped):
			beginning.begin_anew(OLD[:8])
		self.stop_at = None
		state.forget()

	def test_stopped_anywhere_it_goes_on_and_tells_of_the_log_that_was_left(self) -> None:
		for step in (*beginning.TABLES, "set up"):
			with self.subTest(step):
				shutil.rmtree(self.keys, ignore_errors=True)
				self.told.clear()
				self.move_horizon(7)
				self.stopped_at(step)
				self.assertEqual((self.told, folder.beginning().is_file()), ([], True))
				self.assertEqual(beginning.begin_anew(OLD[:8]), NEW)
				self.assertEqual(self.told, [(beginning.VERB, {"log": OLD})])
				self.assertFalse(folder.beginning().exists())

	def test_what_was_emptied_is_not_emptied_again(self) -> None:
		self.stopped_at("set up")
		self.emptied.clear()
		beginning.begin_anew(OLD[:8])
		self.assertEqual(self.emptied, [])

	def test_until_then_nothing_passes_unrecorded_and_a_migrate_is_refused(self) -> None:
		self.stopped_at("Audit Signing Key")
		with patch.object(state, "_has_log", return_value=False):
			self.assertTrue(trail.ready())
		with patch.object(install, "set_up") as set_up, self.assertRaises(beginning.Unfinished):
			install.after_migrate()
		set_up.assert_not_called()

	def test_it_wants_the_name_of_the_log_that_goes(self) -> None:
		for given in ("", "y", "0" * 8, OLD):
			with self.assertRaises(beginning.NoCopy):
				beginning.begin_anew(given)
		self.assertEqual((self.emptied, folder.beginning().exists()), ([], False))

	def test_a_disk_that_is_not_mounted_is_no_copy(self) -> None:
		bare = self.place / "bare"
		for make in (lambda: None, bare.mkdir):
			make()
			with self.set_folder(bare), self.assertRaisesRegex(beginning.NoCopy, "not mounted"):
				beginning.begin_anew(OLD[:8])
		(bare / "other.example").mkdir()
		with self.set_folder(bare):
			beginning.require_no_keys()
		self.keys.mkdir()
		with self.assertRaises(beginning.NoCopy):
			beginning.begin_anew(OLD[:8])

	def set_folder(self, place: Path):
		return patch.dict(frappe.conf, govcrm_key_folder=str(place))

	def test_keys_that_were_put_back_meanwhile_are_not_taken_for_those_of_the_new_log(self) -> None:
		self.stopped_at("Audit Row")
		self.have_keys(OLD)
		self.assertRaises(beginning.NoCopy, beginning.begin_anew, OLD[:8])
		folder.beginning().write_text(json.dumps({"log": OLD, "emptied": True}))
		self.assertRaises(beginning.NoCopy, beginning.begin_anew, OLD[:8])


class TestLeftLog(GovCRMTestCase):
	def test_the_log_has_a_name_before_it_is_sealed(self) -> None:
		trail.record("read", "Role", "Guest")
		with patch("govcrm.accountability.sealing.tree.newest", return_value=None):
			self.assertEqual(beginning.left_log(), folder.log_id())
