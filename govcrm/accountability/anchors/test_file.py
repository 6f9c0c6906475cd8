"""A file elsewhere holds every checkpoint, and what is done to it is seen."""

import json
import os

import frappe

from govcrm.accountability.anchors import kinds
from govcrm.tests.anchoring import AnchorTestCase, make_anchor, receipts_of, seal


class TestFile(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.path = self.folder / "anchors" / "log.ndjson"
		self.path.parent.mkdir()
		self.checkpoint = seal()
		self.anchor = make_anchor("File", path=str(self.path))

	def findings(self) -> list[str]:
		told = {"kind": "Log Damaged", "reference_name": self.anchor.name}
		return frappe.get_all("Audit Finding", told, pluck="detail", order_by="creation")

	def test_each_checkpoint_is_one_line_of_the_file(self):
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		second = seal()
		self.assert_taken(self.run_job(self.anchor), second)
		lines = [json.loads(line) for line in self.path.read_text().splitlines()]
		self.assertEqual(
			[line["checkpoint"] for line in lines], [self.checkpoint.checkpoint, second.checkpoint]
		)
		self.assertEqual(lines[1], {"t": "c", "checkpoint": second.checkpoint, "signature": second.signature})

	def test_in_a_folder_the_file_is_named_by_the_log(self):
		anchor = make_anchor("File", anchor_name="Folder", path=str(self.path.parent))
		self.assert_taken(self.run_job(anchor), self.checkpoint)
		self.assertTrue((self.path.parent / f"checkpoints-{self.checkpoint.origin}.ndjson").is_file())

	def test_a_place_inside_the_bench_or_without_a_folder_is_refused(self):
		inside = frappe.get_site_path("private", "anchor.ndjson")
		link = self.folder / "link"
		link.symlink_to(frappe.utils.get_bench_path())
		places = (
			(os.path.abspath(inside), "outside the bench"),
			(str(link / "sites" / "x"), "outside the bench"),
			(inside, "whole path"),
			("", "whole path"),
			("/nowhere/at/all", "no folder"),
		)
		for path, words in places:
			with self.assertRaisesRegex(frappe.ValidationError, words):
				make_anchor("File", anchor_name="Wrong", path=path)

	def test_a_file_that_holds_something_else_is_left_alone(self):
		self.path.write_text("export PATH=/bin\n")
		self.assert_fails(self.anchor, "holds something else")
		self.assertEqual(self.path.read_text(), "export PATH=/bin\n")

	def test_a_shortened_file_is_a_finding_and_is_written_on(self):
		self.run_job(self.anchor)
		self.path.write_text("")
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		self.assertRegex(
			self.findings()[0], f"no longer holds the checkpoint of {self.checkpoint.size} events"
		)
		self.run_job(self.anchor)
		self.assertEqual(len(self.findings()), 1)

	def test_a_removed_and_a_rewritten_file_are_findings(self):
		self.run_job(self.anchor)
		self.path.unlink()
		self.run_job(self.anchor)
		self.assertEqual(len(self.findings()), 1)
		second = seal()
		self.run_job(self.anchor)
		self.path.write_text(self.path.read_text().replace(second.signature[:8], "00000000"))
		self.run_job(self.anchor)
		self.assertEqual(len(self.findings()), 2)

	def test_a_line_of_a_larger_log_is_refused_until_it_is_explained(self):
		line = seal(events=1000).line()
		frappe.db.rollback()
		self.path.write_text(line + "\n")
		self.checkpoint, self.anchor = seal(), make_anchor("File", path=str(self.path))
		self.assert_fails(self.anchor, "put back to an older state, or replaced")
		self.assertEqual(len(self.findings()), 1)
		self.assertEqual(self.path.read_text(), line + "\n")
		frappe.db.set_value(
			"Audit Finding",
			{"reference_name": self.anchor.name},
			"status",
			"Explained",
			update_modified=False,
		)
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		self.assertEqual(len(self.path.read_text().splitlines()), 2)

	def test_a_line_that_was_cut_off_is_ended_before_the_next_begins(self):
		self.run_job(self.anchor)
		with open(self.path, "a") as file:
			file.write('{"t":"c","check')
		second = seal()
		self.assert_taken(self.run_job(self.anchor), second)
		self.assertEqual(json.loads(self.path.read_text().splitlines()[-1])["checkpoint"], second.checkpoint)

	def test_a_disk_of_the_site_itself_is_a_worry(self):
		anchor = self.anchor
		anchor.path = str(os.path.abspath(frappe.get_site_path("x")))
		self.assertIn("same disk", kinds.of(anchor).worry())

	def test_a_folder_that_went_away_is_told(self):
		self.path.parent.rmdir()
		self.assert_fails(self.anchor, "no folder")
		self.assertEqual(receipts_of(self.anchor), [])
