import json
from unittest.mock import patch

import frappe

from govcrm.accountability import shredding, trail
from govcrm.accountability.guard import statements, writing
from govcrm.accountability.reconciling import log, said
from govcrm.accountability.sealing import proofs, sealer
from govcrm.accountability.trail import payload
from govcrm.api.accountability.shredding import shred
from govcrm.domain.ledger import merkle
from govcrm.domain.ledger.compare import Said
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.tests.casework import ALICE, CaseTestCase
from govcrm.tests.factories import make_task, make_user

AUTHORITY, REASON = "Retention schedule 2019-0042, rule 7", "Kept for six years, and no longer"


class TestShredding(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		statements.install()
		self.found = self.case()
		self.task = make_task(self.found, title="CANARY-WORDS")
		self.subject = f"Case/{self.found.name}"

	def of_subject(self) -> list[frappe._dict]:
		fields = ["name", "verb", "subject", "payload", "header", "leaf", "action"]
		return frappe.get_all("Audit Event", {"subject": self.subject}, fields, order_by="name")

	def test_values_can_never_be_read_again_and_the_leaves_stay(self) -> None:
		before = self.of_subject()
		told = [value for event in before for value in payload.read(event).values()]
		self.assertIn("CANARY-WORDS", told)
		shredding.shred(self.subject, AUTHORITY, REASON)
		after = self.of_subject()
		self.assertEqual(after[: len(before)], before)
		for event in before:
			self.assertEqual(leaf_hash(event.header.encode()).hex(), event.leaf)
			if event.payload:
				self.assertIsNone(payload.read(event))

	def test_the_destruction_names_authority_in_clear_and_its_reason(self) -> None:
		done = shredding.shred(self.subject, AUTHORITY, REASON)
		event = frappe.get_doc("Audit Event", done.event)
		self.assertEqual((event.verb, event.action), ("shred", AUTHORITY))
		self.assertEqual(payload.read(event)["reason"], REASON)
		self.assertNotIn(REASON, event.header)

	def test_what_is_done_afterwards_stands_under_a_new_key_and_can_be_destroyed_in_turn(self) -> None:
		shredding.shred(self.subject, AUTHORITY, REASON)
		self.task.update({"title": "Afterwards"}).save()
		newest = self.of_subject()[-1]
		self.assertEqual(payload.read(newest)["title/after"], "Afterwards")
		shredding.shred(self.subject, AUTHORITY, REASON)
		self.assertIsNone(payload.read(newest))

	def test_frappe_s_own_histories_go_with_it(self) -> None:
		self.task.update({"title": "CANARY-TASK"}).save(ignore_version=False)
		versions = {"ref_doctype": "Case Task", "docname": self.task.name}
		self.assertTrue(frappe.db.exists("Version", versions))
		done = shredding.shred(self.subject, AUTHORITY, REASON)
		self.assertFalse(frappe.db.exists("Version", versions))
		self.assertGreaterEqual(done.copies, 1)

	def test_histories_of_records_that_stand_in_the_event_of_another_go_with_it(self) -> None:
		trail.record("import", "Case", self.found.name, rows=[("Comment", "0123456789", None)])
		self.keep_copy("0123456789")
		shredding.shred(self.subject, AUTHORITY, REASON)
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": "0123456789"}))

	def test_what_older_events_said_that_were_removed_still_names_its_records(self) -> None:
		with writing():
			said.write({("Comment", "0123456789"): Said(None, self.subject, 1)})
		self.keep_copy("0123456789")
		with patch.object(log, "removed_to", lambda: 1):
			shredding.shred(self.subject, AUTHORITY, REASON)
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": "0123456789"}))

	def keep_copy(self, comment: str) -> None:
		copy = {"deleted_doctype": "Comment", "deleted_name": comment}
		frappe.get_doc(doctype="Deleted Document", **copy).insert(ignore_permissions=True)

	def test_a_person_s_history_goes_though_the_log_knows_a_pseudonym(self) -> None:
		user = make_user("carol@example.org")
		user.reload()
		user.update({"first_name": "Carola"}).save(ignore_version=False)
		self.assertTrue(frappe.db.exists("Version", {"ref_doctype": "User", "docname": user.name}))
		subject = frappe.get_all("Audit Event", {"verb": "update"}, pluck="subject", order_by="name desc")[0]
		self.assertTrue(subject.startswith("Actor/"))
		shredding.shred(subject, AUTHORITY, REASON)
		self.assertFalse(frappe.db.exists("Version", {"ref_doctype": "User", "docname": user.name}))

	def test_authority_and_reason_are_asked_for(self) -> None:
		for authority, reason in (("", REASON), (AUTHORITY, " "), ("x" * 141, REASON)):
			with self.assertRaises(frappe.ValidationError):
				shredding.shred(self.subject, authority, reason)
		self.assertTrue(payload.read(self.of_subject()[0]))

	def test_there_must_be_something_to_destroy(self) -> None:
		self.assertRaises(frappe.ValidationError, shredding.shred, "Case/nowhere", AUTHORITY, REASON)

	def test_only_those_who_answer_for_records_or_privacy_may(self) -> None:
		frappe.set_user(ALICE)
		self.assertRaises(frappe.PermissionError, shred, self.subject, AUTHORITY, REASON)
		frappe.set_user("Administrator")
		make_user("records@example.org", "Records Officer")
		frappe.set_user("records@example.org")
		self.assertIn("event", shred(self.subject, AUTHORITY, REASON))

	def test_proofs_of_its_events_still_hold(self) -> None:
		event = self.of_subject()[0].name
		shredding.shred(self.subject, AUTHORITY, REASON)
		while sealer.seal(1000):
			pass
		proof = proofs.inclusion(event)
		leaf = leaf_hash(proof["header"].encode())
		path = [bytes.fromhex(one) for one in proof["proof"]]
		signed = json.loads(proof["checkpoint"])
		root = bytes.fromhex(signed["root"])
		self.assertTrue(merkle.verify_inclusion(leaf, proof["index"], signed["size"], path, root))
