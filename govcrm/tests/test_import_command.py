"""`bench govcrm-import` as an operator types it."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe
from frappe.utils import get_bench_path

from govcrm.casework.importing import mappings
from govcrm.tests import GovCRMTestCase
from govcrm.tests.import_files import boston_rows, write_csv


class TestImportCommand(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		mappings.seed_mappings()
		frappe.db.commit()  # the command is another process; what is seeded belongs to the site
		self.folder = Path(self.enterContext(TemporaryDirectory()))

	def run_command(self, *arguments: str) -> subprocess.CompletedProcess:
		command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
		return subprocess.run(
			[*command, "govcrm-import", *arguments],
			cwd=Path(get_bench_path(), "sites"),
			env={**os.environ, "PWD": str(self.folder)},
			capture_output=True,
			text=True,
			timeout=120,
		)

	def test_a_dry_run_tells_refused_rows_and_leaves_no_record(self):
		rows = boston_rows(5)
		rows[2]["open_dt"] = "never"
		write_csv(self.folder / "rows.csv", rows)
		before = frappe.db.count("Request Import")
		done = self.run_command("rows.csv", "--mapping", "Boston 311", "--dry-run", "--errors", "bad.csv")
		self.assertEqual(done.returncode, 0, done.stderr)
		self.assertIn("5 rows read, 4 can be imported", done.stdout)
		self.assertIn("open_dt", done.stderr)
		self.assertIn("never", (self.folder / "bad.csv").read_text("utf-8-sig"))
		frappe.db.rollback()
		self.assertEqual(frappe.db.count("Request Import"), before)

	def test_a_file_that_cannot_be_imported_ends_with_one_line_and_no_traceback(self):
		(self.folder / "other.csv").write_text("a,b\n1,2\n")
		done = self.run_command("other.csv", "--mapping", "Generic")
		self.assertEqual(done.returncode, 1)
		self.assertIn("lacks these columns", done.stderr)
		self.assertNotIn("Traceback", done.stderr)

	def test_a_missing_file_is_told(self):
		self.assertIn(
			"There is no file nowhere.csv", self.run_command("nowhere.csv", "--mapping", "Generic").stderr
		)
