"""Keys of matters: made once, wrapped, rewrapped, destroyed."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import frappe

from govcrm.accountability import folder, trail
from govcrm.accountability.guard.door import writing
from govcrm.accountability.trail import keys, payload
from govcrm.tests import GovCRMTestCase

MATTER = "Site/Keys under test"


class TestKeys(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		keys.forget()
		self.addCleanup(keys.forget)

	def event(self, value: str = "canary") -> str:
		return trail.record("read", subject=MATTER, detail={"note": value})

	def test_a_matter_has_one_key_that_stands_wrapped(self) -> None:
		first = keys.of(MATTER)
		keys.forget()
		again = keys.of(MATTER)
		self.assertEqual((first.salt, first.cipher), (again.salt, again.cipher))
		row = frappe.get_doc("Audit Key", {"subject": MATTER})
		self.assertEqual((len(bytes.fromhex(row.wrapped)), row.master), (40, folder.master()[0]))

	def test_without_create_none_is_made(self) -> None:
		self.assertIsNone(keys.of(MATTER, create=False))
		self.assertFalse(frappe.db.exists("Audit Key", {"subject": MATTER}))

	def test_what_is_told_is_read_again_and_by_no_other_key(self) -> None:
		event = frappe.get_doc("Audit Event", self.event())
		self.assertEqual(payload.read(event), {"detail/note": "canary"})
		self.assertNotIn("canary", event.as_json())
		moved = frappe._dict(name=event.name, subject="Site/Another", payload=event.payload)
		keys.of("Site/Another")
		self.assertIsNone(payload.read(moved))

	def test_a_payload_cannot_be_moved_to_another_event(self) -> None:
		event = frappe.get_doc("Audit Event", self.event())
		self.assertIsNone(payload.read(frappe._dict(event.as_dict(), name=self.event("other"))))

	def test_after_its_key_is_destroyed_nothing_is_read_and_a_new_one_begins(self) -> None:
		for destroy in (self.delete_row, self.empty_row):
			old = self.event()
			destroy()
			keys.forget()
			self.assertIsNone(payload.read(old))
			new = self.event("what is done after")
			self.assertEqual(payload.read(new), {"detail/note": "what is done after"})
			self.assertIsNone(payload.read(old))

	def delete_row(self) -> None:
		with writing():
			frappe.db.delete("Audit Key", {"subject": MATTER})

	def empty_row(self) -> None:
		with writing():
			frappe.db.set_value("Audit Key", {"subject": MATTER}, "wrapped", "")


class TestMaster(GovCRMTestCase):
	"""In a folder of its own: a site's real keys are not a test's to rotate."""

	def setUp(self) -> None:
		super().setUp()
		place = TemporaryDirectory()
		self.addCleanup(place.cleanup)
		for attribute, value in (("folder", lambda: Path(place.name)),):
			patched = patch.object(folder, attribute, value)
			patched.start()
			self.addCleanup(patched.stop)
		with writing():
			frappe.db.delete("Audit Key")
		keys.forget()
		self.first = folder.new_master()
		commit = patch.object(frappe.db, "commit", frappe.db.before_commit.run)
		commit.start()
		self.addCleanup(commit.stop)

	def test_rotation_wraps_every_key_anew_and_changes_none(self) -> None:
		before = {f"Case/{number}": keys.of(f"Case/{number}").cipher for number in range(5)}
		self.assertEqual(keys.rotate_master(batch=2), 5)
		keys.forget()
		self.assertEqual({subject: keys.of(subject).cipher for subject in before}, before)
		self.assertEqual(frappe.get_all("Audit Key", {"master": self.first}), [])

	def test_a_rotation_that_broke_off_is_run_again_and_destroys_nothing_before(self) -> None:
		before = {f"Case/{number}": keys.of(f"Case/{number}").cipher for number in range(5)}
		with (
			patch.object(keys, "_rewrap", side_effect=KeyboardInterrupt),
			self.assertRaises(KeyboardInterrupt),
		):
			keys.rotate_master(batch=2)
		self.assertIn(self.first, folder.master_keys())
		keys.rotate_master(batch=2)
		keys.forget()
		self.assertEqual({subject: keys.of(subject).cipher for subject in before}, before)

	def test_a_master_key_that_is_gone_stops_writing_with_words_that_help(self) -> None:
		keys.of(MATTER)
		keys.forget()
		for path in folder.folder().glob("master-*"):
			path.unlink()
		with self.assertRaises(folder.KeysMissing):
			keys.of(MATTER)
