"""When anchors are due, what a job leaves behind, and when nothing may be anchored at all."""

import json
from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import now_datetime

from govcrm.accountability.anchors import checkpoints, damage, kinds, memory, receipts, running
from govcrm.accountability.anchors.kinds import AnchorError, Kind, Receipt
from govcrm.tests.anchoring import AnchorTestCase, committing_within, make_anchor, seal

FILE = "govcrm.accountability.anchors.file.File"


class Told(Kind):
	"""Keeps what it is told, or fails."""

	sizes = []
	error = None

	def deliver(self, checkpoint):
		if self.error:
			raise self.error
		self.sizes.append(checkpoint.size)
		return Receipt("kept", "Kept.")


class RunningTestCase(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.enter(patch.object(kinds, "_registered", lambda: {"File": [FILE, f"{__name__}.Told"]}))
		self.enter(patch.multiple(Told, sizes=[], error=None))
		self.checkpoint = seal()
		self.anchor = make_anchor(path="/nowhere")


class TestDue(RunningTestCase):
	def due(self) -> bool:
		return self.anchor.name in running.find_due()

	def later(self, **span: int) -> None:
		next_at = frappe.db.get_value("Audit Anchor", self.anchor.name, "next_at")
		frappe.db.set_value("Audit Anchor", self.anchor.name, "next_at", next_at - timedelta(**span))

	def test_a_new_anchor_is_due_and_one_that_knows_the_newest_is_not(self):
		self.assertTrue(self.due())
		self.run_job(self.anchor)
		self.later(days=1)
		self.assertFalse(self.due())

	def test_a_new_checkpoint_waits_for_its_minutes(self):
		self.run_job(self.anchor)
		seal()
		self.assertFalse(self.due())
		self.later(minutes=4)
		self.assertFalse(self.due())
		self.later(minutes=1)
		self.assertTrue(self.due())

	def test_one_that_is_switched_off_is_not_due(self):
		self.anchor.enabled = 0
		self.anchor.save()
		self.assertFalse(self.due())

	def test_while_a_job_works_no_other_takes_it_and_a_killed_one_is_followed(self):
		with committing_within():
			self.assertTrue(running._claim(self.anchor.name, False))
			self.assertIsNone(running._claim(self.anchor.name, False))
		self.later(minutes=10)
		self.assertTrue(self.due())

	def test_the_task_queues_a_job_for_each_that_is_due(self):
		with patch.object(frappe, "enqueue") as enqueue:
			self.assertIn(self.anchor.name, running.tend())
		jobs = {call.kwargs["name"]: call for call in enqueue.call_args_list}
		self.assertEqual(jobs[self.anchor.name].args, ("govcrm.accountability.anchors.running.run",))
		self.assertTrue(jobs[self.anchor.name].kwargs["deduplicate"])


class TestCourse(RunningTestCase):
	def test_what_was_taken_stands_on_the_anchor_and_in_a_receipt(self):
		anchor = self.run_job(self.anchor)
		receipt = self.assert_taken(anchor, self.checkpoint)
		self.assertEqual((receipt.receipt, receipt.note, receipt.kind), ("kept", "Kept.", "File"))
		self.assertEqual(anchor.next_at - anchor.last_at, timedelta(minutes=5))
		self.assertEqual(memory.read()[:2], (self.checkpoint.size, self.checkpoint.checkpoint_hash))
		self.assertEqual(memory.path().stat().st_mode & 0o777, 0o600)

	def test_it_writes_no_new_event_that_would_have_to_be_sealed_and_anchored_again(self):
		before = frappe.db.count("Audit Event")
		self.run_job(self.anchor)
		self.assertEqual(frappe.db.count("Audit Event"), before)

	def test_a_failure_is_told_and_waits_longer_each_time(self):
		waits = []
		for error in (AnchorError("Not <b>now</b>"), ConnectionRefusedError(111, "refused"), OSError()):
			Told.error = error
			anchor = self.run_job(self.anchor)
			waits.append(round((anchor.next_at - anchor.last_tried_at).total_seconds() / 60))
			self.assertTrue(anchor.last_error)
		self.assertEqual(waits, [1, 2, 4])
		self.assertEqual(anchor.failures, 3)
		self.assertEqual(running.wait_after(50), timedelta(hours=1))
		Told.error = None
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)

	def test_words_of_a_failure_are_plain(self):
		Told.error = AnchorError("Not <b>now</b>")
		self.assertEqual(self.run_job(self.anchor).last_error, "Not now")

	def test_what_is_unforeseen_is_logged_and_told(self):
		Told.error = ZeroDivisionError()
		with patch.object(frappe, "log_error") as log:
			self.assert_fails(self.anchor, "Error Log")
		log.assert_called_once()

	def test_a_receipt_is_exported_with_the_seal_it_belongs_to(self):
		self.run_job(self.anchor)
		(line,) = receipts.exported_between(self.checkpoint.size, self.checkpoint.size)
		self.assertRegex(line.pop("at"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
		self.assertEqual(
			line,
			{
				"t": "a",
				"anchor": self.anchor.name,
				"kind": "File",
				"size": self.checkpoint.size,
				"checkpoint_hash": self.checkpoint.checkpoint_hash,
				"receipt": "kept",
			},
		)

	def test_receipts_are_neither_rewritten_nor_deleted(self):
		self.run_job(self.anchor)
		receipt = frappe.get_last_doc("Audit Anchor Receipt", {"anchor": self.anchor.name})
		self.assertRaises(frappe.PermissionError, receipt.save)
		self.assertRaises(frappe.PermissionError, receipt.delete)


class TestPutBack(RunningTestCase):
	"""The site remembers outside its database what was anchored."""

	def remember(self, **values: object) -> None:
		self.run_job(self.anchor)
		memory.path().write_text(json.dumps({**json.loads(memory.path().read_text()), **values}))

	def findings(self) -> list[frappe._dict]:
		return frappe.get_all("Audit Finding", {"kind": "Log Damaged"}, ["name", "detail", "status"])

	def test_a_log_shorter_than_what_was_anchored_is_found_and_not_anchored(self):
		before = len(self.findings())
		self.remember(size=self.checkpoint.size + 100, checkpoint_hash="c" * 64)
		seal()
		self.assert_fails(self.anchor, f"checkpoint of {self.checkpoint.size + 100} events")
		self.assertEqual(Told.sizes, [self.checkpoint.size])
		with patch.object(frappe, "enqueue"):
			running.tend()
		self.assertEqual(len(self.findings()), before + 1)

	def test_a_replaced_log_of_the_same_size_is_found(self):
		self.remember(checkpoint_hash="c" * 64)
		self.assertIn("replaced", damage.of_site())

	def test_an_empty_log_that_once_was_anchored_is_found(self):
		self.remember(size=7)
		with patch.object(checkpoints, "newest", lambda: None):
			self.assert_fails(self.anchor, "put back")

	def test_after_an_auditor_has_explained_it_anchors_go_on(self):
		self.remember(size=self.checkpoint.size + 100, checkpoint_hash="c" * 64)
		damage.of_site()
		finding = self.findings()[0]
		frappe.db.set_value(
			"Audit Finding", finding.name, {"status": "Explained", "explanation": "Restored."}
		)
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		self.assertEqual(damage.of_site(), "")
		self.assertEqual(memory.read().checkpoint_hash, self.checkpoint.checkpoint_hash)

	def test_a_receipt_for_a_checkpoint_the_log_no_longer_has_is_found_too(self):
		self.run_job(self.anchor)
		memory.path().unlink()
		with patch.object(checkpoints, "of_size", lambda size: None):
			self.assert_fails(self.anchor, f"{self.anchor.name} was told of a checkpoint")

	def test_a_memory_that_cannot_be_read_is_told_and_nothing_is_anchored(self):
		for said in ("", "[]", '{"size": 1}', "\0"):
			memory.path().write_text(said)
			self.assert_fails(self.anchor, "cannot be read. Put it back")
			with patch.object(frappe, "enqueue"):
				running.tend()

	def test_while_nothing_is_sealed_the_test_says_so(self):
		with patch.object(checkpoints, "newest", lambda: None):
			self.assert_fails(self.anchor, "Nothing is sealed yet")


class TestAnchorRecord(RunningTestCase):
	def test_nobody_sets_by_hand_what_became_of_it(self):
		self.run_job(self.anchor)
		self.anchor.reload()
		self.anchor.update({"last_size": 10**9, "failures": 5, "last_at": now_datetime() + timedelta(days=1)})
		self.anchor.save()
		self.assertEqual(self.anchor.last_size, self.checkpoint.size)
		self.assertEqual(self.anchor.failures, 0)
		forged = make_anchor(anchor_name="Forged", path="/x", last_size=10**9)
		self.assertFalse(forged.last_size)

	def test_a_new_place_is_tried_at_once(self):
		Told.error = AnchorError("No")
		self.run_job(self.anchor)
		self.anchor.reload().path = "/elsewhere"
		self.anchor.save()
		self.assertEqual((self.anchor.next_at, self.anchor.failures, self.anchor.last_error), (None, 0, None))

	def test_a_kind_that_nobody_knows_is_refused(self):
		with self.assertRaisesRegex(AnchorError, "No installed app"):
			make_anchor("Syslog", host="localhost")

	def test_an_interval_below_what_the_kind_allows_is_refused(self):
		with patch.object(Told, "least_minutes", 60), self.assertRaisesRegex(frappe.ValidationError, "60"):
			make_anchor(anchor_name="Often", path="/x")

	def test_the_test_is_a_job_and_needs_the_right_to_write(self):
		with patch.object(frappe, "enqueue") as enqueue:
			self.anchor.test()
		self.assertTrue(enqueue.call_args.kwargs["now_whatever_is_due"])
		frappe.set_user("Guest")
		self.assertRaises(frappe.PermissionError, self.anchor.test)

	def test_all_shipped_kinds_are_options_of_the_field(self):
		self.assertEqual(
			set(frappe.get_hooks(kinds.HOOK)),
			set(frappe.get_meta("Audit Anchor").get_options("kind").split("\n")),
		)
