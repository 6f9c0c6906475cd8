"""An import killed at any moment goes on where it was, and makes nothing twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe
from frappe.utils import get_bench_path

from govcrm.casework.importing import mappings
from govcrm.tests import GovCRMTestCase
from govcrm.tests.import_files import boston_rows, write_csv

MAPPING = "Killed Import"
MADE = ("Program Version", "Agency Program", "Agency Department")
ROWS, KILLS, PATIENCE = 1500, 4, 120


class TestKill(GovCRMTestCase):
	"""Other processes see only what is committed, so this test commits, and cleans up after itself."""

	def setUp(self):
		super().setUp()
		self.addCleanup(self.clean_up)
		self.kept = {doctype: names_of(doctype) for doctype in MADE}
		self.clean_up()
		self.folder = Path(self.enterContext(TemporaryDirectory()))
		mappings.seed_mappings()
		mapping = frappe.copy_doc(frappe.get_doc("Request Import Mapping", "Boston 311"))
		mapping.update({"mapping_name": MAPPING, "source": MAPPING, "workflow": "Fix-it Request"})
		mapping.insert()
		frappe.db.commit()

	def clean_up(self) -> None:
		frappe.db.rollback()
		requests = frappe.get_all("Service Request", {"source": MAPPING}, ["name", "case"], limit=0)
		cases = [row.case for row in requests]
		for start in range(0, len(requests), 500):
			part = slice(start, start + 500)
			for doctype in ("Case Event", "Case Deadline", "Case Deadline Event"):
				frappe.db.delete(doctype, {"case": ["in", cases[part]]})
			frappe.db.delete("Case", {"name": ["in", cases[part]]})
			frappe.db.delete("Service Request", {"name": ["in", [row.name for row in requests[part]]]})
		for name in frappe.get_all("Request Import", {"mapping": MAPPING}, pluck="name"):
			frappe.delete_doc("Request Import", name, force=True)
		frappe.delete_doc("Request Import Mapping", MAPPING, force=True, ignore_missing=True)
		for doctype in MADE:
			if new := names_of(doctype) - self.kept[doctype]:
				frappe.db.delete(doctype, {"name": ["in", list(new)]})
		frappe.db.commit()
		frappe.clear_cache()

	def test_counts_are_exact_however_often_it_is_killed(self):
		rows = boston_rows(ROWS, seed=9)
		for number in (7, 700, 1400):
			rows[number]["open_dt"] = "never"
		path = write_csv(self.folder / "rows.csv", rows)
		killed = sum(self.kill_on_the_way(path) for _ in range(KILLS))
		self.assertGreaterEqual(killed, 2, "the import ended before it could be killed")
		output = self.finish(path)
		self.assert_exact(rows, output)

	def assert_exact(self, rows: list[dict], output: str) -> None:
		good = {row["case_enquiry_id"] for row in rows if row["open_dt"] != "never"}
		requests = frappe.get_all("Service Request", {"source": MAPPING}, ["source_id", "case"], limit=0)
		self.assertEqual(sorted(row.source_id for row in requests), sorted(good), output)
		cases = [row.case for row in requests]
		self.assertEqual(len(set(cases)), len(good))
		closed = sum(1 for row in rows if row["closed_dt"] and row["case_enquiry_id"] in good)
		self.assertEqual(frappe.db.count("Case", {"name": ["in", cases]}), len(good))
		self.assertEqual(frappe.db.count("Case Event", {"case": ["in", cases]}), len(good) + closed)
		self.assert_one_clock_for_each_promise(cases)
		self.assert_record_tells_all()

	def assert_one_clock_for_each_promise(self, cases: list[str]) -> None:
		versions = frappe.get_all("Program Version", {"deadline_policy": ["is", "set"]}, pluck="name")
		filters = {"name": ["in", cases], "program_version": ["in", versions]}
		promised = frappe.get_all("Case", filters, pluck="name", limit=0)
		clocks = frappe.get_all("Case Deadline", {"case": ["in", cases]}, pluck="case", limit=0)
		self.assertTrue(promised)
		self.assertEqual(sorted(clocks), sorted(promised))

	def assert_record_tells_all(self) -> None:
		record = frappe.get_last_doc("Request Import", {"mapping": MAPPING})
		self.assertEqual(frappe.db.count("Request Import", {"mapping": MAPPING}), 1)
		counts = (record.rows_read, record.rows_imported, record.rows_skipped, record.rows_failed)
		self.assertEqual(counts, (ROWS, ROWS - 3, 0, 3))
		self.assertEqual(record.status, "Completed with Errors")
		file = frappe.get_doc("File", {"file_url": record.error_file})
		self.assertEqual(len(Path(file.get_full_path()).read_text("utf-8-sig").splitlines()), 1 + 3)

	def kill_on_the_way(self, path: Path) -> bool:
		"""Start the import, kill it soon after it has got further; tell whether it was still running."""
		before = self.imported()
		process = self.start(path)
		until = time.monotonic() + PATIENCE
		while process.poll() is None and self.imported() <= before and time.monotonic() < until:
			time.sleep(0.02)
		running = process.poll() is None
		if running:
			os.killpg(process.pid, signal.SIGKILL)
		process.communicate()
		return running

	def finish(self, path: Path) -> str:
		process = self.start(path)
		output, _ = process.communicate(timeout=PATIENCE)
		self.assertEqual(process.returncode, 0, output)
		frappe.db.rollback()
		return output

	def imported(self) -> int:
		frappe.db.rollback()  # see what others have committed since
		return frappe.db.count("Service Request", {"source": MAPPING})

	def start(self, path: Path) -> subprocess.Popen:
		command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
		return subprocess.Popen(
			[*command, "govcrm-import", str(path), "--mapping", MAPPING, "--batch", "40"],
			cwd=Path(get_bench_path(), "sites"),
			stdout=subprocess.PIPE,
			stderr=subprocess.STDOUT,
			text=True,
			start_new_session=True,
		)


def names_of(doctype: str) -> set[str]:
	return set(frappe.get_all(doctype, pluck="name", limit=0))
