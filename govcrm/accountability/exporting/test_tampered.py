"""What somebody with the database does to the log of a site is found in its export, by the verifier alone.

The operators are those of `reconciling.test_tampering`, where the site itself finds them.
"""

import json
import subprocess
import sys
from pathlib import Path

import frappe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govcrm.accountability import folder, verify
from govcrm.accountability.exporting import period, writer
from govcrm.accountability.exporting.lines import Export
from govcrm.accountability.reconciling.test_reconciling import dropped
from govcrm.accountability.reconciling.test_tampering import EVENT, SEAL, TamperingTestCase
from govcrm.accountability.sealing import signing
from govcrm.domain.ledger import checkpoint


class TestExportsOfASiteThatWasTamperedWith(TamperingTestCase):
	"""An auditor has the first key of the log and the newest checkpoint of their last visit, and nothing else of the site."""

	def setUp(self) -> None:
		super().setUp()
		[first] = frappe.get_all("Audit Signing Key", {"endorsed_by": ("is", "not set")}, pluck="public_key")
		self.key = first
		self.remember()

	def remember(self) -> None:
		newest = self.seals()[-1]
		self.visit = self.new_file("json")
		self.visit.write_text(json.dumps({"checkpoint": newest.checkpoint, "signature": newest.signature}))

	def new_file(self, kind: str) -> Path:
		path = writer.folder() / f"test-{frappe.generate_hash(length=8)}.{kind}"
		self.addCleanup(lambda: path.unlink(missing_ok=True))
		return path

	def report(self) -> dict:
		"""What `govcrm-verify` says of an export made now."""
		path = self.new_file("ndjson.gz")
		writer.write(Export(period.since(0), rows=True, payloads=False), path.name)
		command = [sys.executable, "-I", verify.__file__, str(path), "--key", self.key]
		command += ["--checkpoint", str(self.visit), "--workers", "1", "--json"]
		done = subprocess.run(command, capture_output=True, text=True, timeout=120)
		report = json.loads(done.stdout)
		self.assertEqual(done.returncode, report["code"], done.stderr)
		return report

	def kinds(self) -> set[str]:
		report = self.report()
		self.assertEqual(report["verdict"], "not valid")
		return {finding["kind"] for finding in report["findings"]}

	def test_a_site_that_nobody_touched_is_valid(self):
		report = self.report()
		self.assertEqual((report["verdict"], report["findings"]), ("valid", []))

	def test_a_changed_body_is_found(self):
		event = self.middle()
		self.intruder.change(EVENT, event.name, header=self.rewritten(event, verb="read")["header"])
		self.assertIn("root", self.kinds())

	def test_a_changed_leaf_is_not_believed(self):
		"""Exports are made of headers. That the column is wrong the site finds; for the auditor the log is whole."""
		self.intruder.change(EVENT, self.middle().name, leaf="0" * 64)
		self.assertEqual(self.report()["verdict"], "valid")

	def test_a_changed_body_with_its_leaf_is_found(self):
		event = self.middle()
		self.intruder.change(EVENT, event.name, verb="read", **self.rewritten(event, verb="read"))
		self.assertIn("root", self.kinds())

	def test_an_event_deleted_in_the_middle_is_found(self):
		self.intruder.remove(EVENT, "name", self.middle().name)
		self.assertIn("sequence", self.kinds())

	def test_a_tail_that_was_cut_off_is_found(self):
		size = self.seal_one()
		self.remember()
		self.intruder.remove(SEAL, "name", f"{size:012d}")
		self.intruder.remove(EVENT, "seq", size)
		self.assertEqual(self.kinds(), {"anchor"})

	def test_two_events_that_changed_places_are_found(self):
		one, other = self.middle(), self.event(self.size() - 2)
		self.intruder.change(EVENT, one.name, seq=other.seq)
		self.intruder.change(EVENT, other.name, seq=one.seq)
		self.assertIn("root", self.kinds())

	def test_a_back_dated_event_is_found(self):
		self.put_in_back_dated()
		self.seal()
		self.assertEqual(self.kinds(), {"time"})

	def test_an_older_checkpoint_in_the_place_of_the_newest_is_found(self):
		size = self.seal_one()
		self.remember()
		self.intruder.remove(SEAL, "name", f"{size:012d}")
		self.assertEqual(self.kinds(), {"anchor"})

	def test_a_fork_is_found_though_it_is_signed(self):
		size = self.seal_one()
		self.remember()
		event = self.event(size)
		self.intruder.change(EVENT, event.name, verb="wink", **self.rewritten(event, verb="wink"))
		self.sign_again(folder.sealing_key(signing.active_id()), signing.active_id())
		self.assertEqual(self.kinds(), {"anchor"})

	def test_another_key_is_found_though_all_was_signed_again(self):
		private = Ed25519PrivateKey.generate()
		public = checkpoint.public_of(private)
		key = checkpoint.key_id(public)
		self.intruder.change("Audit Signing Key", signing.active_id(), name=key, public_key=public)
		self.sign_again(private, key)
		self.assertIn("key", self.kinds())

	def test_a_record_changed_by_raw_sql_is_found_and_named(self):
		self.intruder.change("Case", self.worked.name, priority="Low")
		[finding] = self.report()["findings"]
		self.assertIn(f"Case {self.worked.name} was changed without an event", finding["text"])

	def test_a_table_that_was_dropped_is_found(self):
		frappe.get_doc(doctype="Work Skill", skill_name="Welding").insert()
		self.seal()
		self.reconcile()
		with dropped("Work Skill"):
			[finding] = self.report()["findings"]
		self.assertIn("Work Skill Welding is gone", finding["text"])

	def test_a_backup_put_back_is_found(self):
		frappe.db.savepoint("backup")
		self.seal_one()
		self.remember()
		frappe.db.rollback(save_point="backup")
		self.assertEqual(self.kinds(), {"anchor"})
