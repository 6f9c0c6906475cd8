import gzip
from pathlib import Path
from unittest.mock import patch

import frappe

from govcrm.accountability import retention
from govcrm.accountability.exporting import encoding, writer
from govcrm.accountability.exporting.lines import Export
from govcrm.accountability.exporting.period import Period
from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling import log
from govcrm.accountability.retention import NotYet
from govcrm.accountability.sealing import sealer, tree
from govcrm.accountability.trail import payload
from govcrm.tests.reconciling import Intruder, ReconcilingTestCase, WithoutTriggers, nothing

EVENT = "Audit Event"
RETAINED_OLD, RETAINED_FAULT, RETAINED_EXPORTS = retention._old, retention._fault, retention._exports


class RetentionTestCase(WithoutTriggers, ReconcilingTestCase):
	"""All that is sealed is old, anchored, and in one export that stands."""

	def setUp(self) -> None:
		super().setUp()
		with writing():
			for name in frappe.get_all("Audit Finding", {"status": "Open"}, pluck="name"):
				frappe.db.set_value("Audit Finding", name, "status", "Gone")
		self.seal()
		self.reconcile()
		self.size = log.size()
		self.anchor(self.size)
		self.export = frappe._dict(name="one", first_seq=log.removed_to() + 1, last_seq=self.size)
		self.export.update(file_path="nowhere.ndjson.gz", file_sha256="0" * 64)
		self.given(_old=lambda: self.size, _exports=lambda: [self.export], _fault=lambda export: None)

	def given(self, **instead) -> None:
		for name, function in instead.items():
			patched = patch.object(retention, name, function)
			patched.start()
			self.addCleanup(patched.stop)

	def anchor(self, size: int) -> None:
		values = {"name": f"test-{size}", "size": size, "kind": "File", "owner": "Administrator"}
		values["checkpoint_hash"] = frappe.db.get_value("Audit Seal", {"size": size}, "checkpoint_hash")
		values.update(anchor="Test", anchored_at_utc="2026-01-01 12:00:00.000000", receipt="line 1")
		Intruder().insert("Audit Anchor Receipt", values)

	def remove(self) -> int:
		return retention.remove(commit=nothing)

	def refusal(self) -> str:
		with self.assertRaises(NotYet) as raised:
			self.remove()
		return str(raised.exception)

	def exported(self, payloads: bool) -> str:
		"""A real file of all that is sealed, and its record."""
		of = Period(log.removed_to(), self.size, True)
		written = writer.write(Export(of, rows=False, payloads=payloads), f"{frappe.generate_hash()}.gz")
		self.addCleanup(written.path.unlink)
		values = {"name": written.sha256[:10], "status": "Done", "include_payloads": int(payloads)}
		values.update(file_path=str(written.path.resolve()), file_sha256=written.sha256)
		Intruder().insert("Audit Export", {**values, "first_seq": of.after + 1, "last_seq": of.upto})
		return values["name"]


class TestRemoval(RetentionTestCase):
	def test_old_events_go_and_the_horizon_says_so(self):
		had = frappe.db.count(EVENT, {"seq": ("between", (1, self.size))})
		self.assertEqual(self.remove(), had)
		self.assertEqual(log.removed_to(), self.size)
		self.assertFalse(frappe.db.exists(EVENT, {"seq": ("between", (1, self.size))}))

	def test_an_event_that_stays_tells_what_was_removed(self):
		self.remove()
		event = frappe.get_last_doc(EVENT, {"verb": retention.VERB})
		self.assertGreater(event.seq, self.size)

	def test_the_log_goes_on_and_reconciles_from_the_cut(self):
		self.remove()
		self.assertEqual(self.new(rebuild=True), set())
		self.seal()
		self.assertEqual(self.new(rebuild=False), set())

	def test_a_record_changed_by_raw_sql_after_the_cut_is_found_from_the_cut(self):
		self.remove()
		Intruder().change("Case", self.worked.name, priority="Low")
		self.assertEqual({one[:3] for one in self.new()}, {("Changed", "Case", self.worked.name)})

	def test_the_frontier_of_the_cut_stays(self):
		self.remove()
		seal = next(log.seals(self.size - 1, self.size))
		self.assertEqual(seal.size, self.size)
		self.assertIsNotNone(tree.frontier_of(frappe.get_doc("Audit Seal", f"{self.size:012d}").as_dict()))

	def test_done_again_nothing_more_goes(self):
		self.remove()
		self.assertEqual(self.remove(), 0)

	def test_a_removal_that_was_stopped_is_ended(self):
		with patch.object(retention, "_delete", lambda upto, commit: 0):
			self.remove()
		self.assertGreater(self.remove(), 0)
		self.assertFalse(frappe.db.exists(EVENT, {"seq": ("between", (1, self.size))}))


class TestLongValues(RetentionTestCase):
	"""They are told whole, and no period is kept for them alone."""

	LONG = 7 * 10**6  # in base64 more than half a line

	def work(self):
		comment = {"doctype": "Comment", "comment_type": "Info", "reference_doctype": "Role"}
		values = {**comment, "reference_name": "Guest", "content": "x" * self.LONG}
		self.comment = frappe.get_doc(values).insert()
		return super().work()

	def of_the_comment(self) -> list[str]:
		filters = {"reference_name": self.comment.name, "verb": "create"}
		return frappe.get_all(EVENT, filters, pluck="name", order_by="seq")

	def export_and_remove(self) -> None:
		self.given(_exports=RETAINED_EXPORTS, _fault=RETAINED_FAULT)
		self.exported(payloads=True)
		self.remove()

	def test_what_fits_in_a_line_is_exported_and_goes(self):
		self.export_and_remove()
		self.assertEqual(self.of_the_comment(), [])

	def test_only_what_fits_in_no_line_stays_and_can_be_read(self):
		[event] = self.of_the_comment()
		with patch.object(encoding, "LONGEST", 2**16), patch.object(encoding, "SURELY_FITS", 2**13):
			self.export_and_remove()
			self.assertEqual(self.remove(), 0)
		left = frappe.get_all(
			EVENT, [["seq", ">", 0], ["seq", "<=", self.size]], pluck="name", order_by="seq"
		)
		self.assertEqual(left, [event])
		self.assertEqual(payload.read(event)["content/after"], "x" * self.LONG)
		# The record of the export was put there by hand, above; nothing else is found.
		self.assertEqual({one[1] for one in self.new(rebuild=True)}, {"Audit Export"})


class TestRefusal(RetentionTestCase):
	def test_events_are_kept_for_ever_unless_somebody_says_else(self):
		self.given(_old=RETAINED_OLD)
		self.assertEqual(self.remove(), 0)

	def test_what_no_anchor_has_stays(self):
		Intruder().change("Audit Anchor Receipt", f"test-{self.size}", size=self.size - 1)
		self.assertIn("No anchor", self.refusal())

	def test_what_is_in_no_export_stays(self):
		self.given(_exports=list)
		self.assertIn("in no export with values that stands", self.refusal())

	def test_what_is_only_in_an_export_without_values_stays(self):
		self.given(_exports=RETAINED_EXPORTS)
		name = self.exported(payloads=False)
		self.assertRegex(self.refusal(), r"in no export with values .* \d{4}-\d\d-\d\d .* With Values ticked")
		Intruder().change("Audit Export", name, include_payloads=1)
		self.given(_fault=RETAINED_FAULT)
		self.assertIn("holds the values of 0 events", self.refusal())

	def test_what_is_in_an_export_with_values_may_go(self):
		self.given(_exports=RETAINED_EXPORTS, _fault=RETAINED_FAULT)
		self.exported(payloads=True)
		self.assertGreater(self.remove(), 0)

	def test_a_gap_between_exports_ends_what_may_go(self):
		self.export.first_seq = log.removed_to() + 5
		self.assertIn("in no export with values that stands", self.refusal())

	def test_an_export_whose_file_is_gone_is_none(self):
		self.given(_fault=RETAINED_FAULT)
		self.assertIn("is not at", self.refusal())

	def test_an_export_whose_file_was_changed_is_none(self):
		path = Path(frappe.get_site_path("private", f"{frappe.generate_hash()}.gz")).resolve()
		path.write_bytes(gzip.compress(b"{}"))
		self.addCleanup(path.unlink)
		self.export.file_path = str(path)
		self.given(_fault=RETAINED_FAULT)
		self.assertIn("not the one that was made", self.refusal())
		self.export.file_sha256 = retention._digest(path)
		self.assertIn("does not verify", self.refusal())

	def test_open_findings_keep_their_evidence(self):
		Intruder().change("Case", self.worked.name, priority="Low")
		self.reconcile()
		self.assertIn("Explain them first", self.refusal())

	def test_what_was_not_reconciled_yet_stays(self):
		sealer.seal()
		self.given(_old=lambda: self.size + 1_000_000)
		self.assertIn("has not read these events", self.refusal())

	def test_a_record_that_differs_at_the_last_moment_stops_it(self):
		Intruder().change("Case", self.worked.name, priority="Low")
		with self.assertRaises(frappe.ValidationError):
			self.remove()
		self.assertTrue(frappe.db.exists(EVENT, {"seq": self.size}))
