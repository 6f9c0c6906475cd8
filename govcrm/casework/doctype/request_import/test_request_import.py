"""The form: who may start an import, of which file, and what it then shows."""

from unittest.mock import patch

import frappe

from govcrm.casework.importing import jobs, mappings
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user
from govcrm.tests.import_files import HEADER, boston_rows

ADMIN, CLERK = "importer@example.org", "clerk@example.org"


class TestRequestImport(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		mappings.seed_mappings()
		make_user(ADMIN, "Agency Administrator")
		make_user(CLERK, "Intake Agent")
		frappe.set_user(ADMIN)

	def make_import(self, rows: list[dict], **values):
		lines = [",".join(HEADER), *(",".join(f'"{row[c]}"' for c in HEADER) for row in rows)]
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "history.csv", "content": "\n".join(lines), "is_private": 1}
		).insert()
		self.addCleanup(file.delete_file_data_content)
		values = {"mapping": "Boston 311", "file": file.file_url, **values}
		return frappe.get_doc({"doctype": "Request Import", **values}).insert()

	def rows(self, count: int = 3) -> list[dict]:
		rows = boston_rows(count)
		for row in rows:
			row["case_title"] = "Pothole"
		return rows

	def test_the_first_rows_are_shown_as_the_mapping_reads_them(self):
		rows = self.rows()
		rows[1]["open_dt"] = "never"
		preview = self.make_import(rows).preview()
		self.assertEqual([row["line"] for row in preview["rows"]], [2, 3, 4])
		self.assertEqual(preview["rows"][0]["values"]["source_id"], rows[0]["case_enquiry_id"])
		self.assertTrue(preview["rows"][1]["faults"][0].startswith("open_dt: "))
		self.assertEqual(preview["missing"], [])

	def test_a_file_of_other_columns_shows_which_are_missing(self):
		self.assertIn("reference", self.make_import(self.rows(), mapping="Generic").preview()["missing"])

	def test_a_check_leaves_counts_and_refused_rows_and_the_import_is_still_to_be_started(self):
		rows = self.rows()
		rows[1]["open_dt"] = "never"
		doc = self.make_import(rows)
		before = frappe.db.count("Service Request")
		self.run_job(doc, dry_run=True)
		self.assertEqual((doc.status, doc.rows_read, doc.rows_imported), ("Completed with Errors", 3, 2))
		self.assertEqual(frappe.db.count("Service Request"), before)
		self.assertTrue(frappe.get_doc("File", {"file_url": doc.error_file}).has_permission("read"))
		self.assertTrue(doc.is_free())

	def test_an_import_makes_the_requests_in_the_name_of_who_started_it(self):
		doc = self.make_import(self.rows())
		self.run_job(doc, dry_run=False)
		self.assertEqual((doc.status, doc.rows_imported + doc.rows_skipped), ("Completed", 3))
		self.assertFalse(doc.is_free())
		with self.assertRaisesRegex(frappe.ValidationError, "has been imported"):
			doc.start(dry_run=False)

	def test_a_file_that_cannot_be_imported_leaves_the_reason(self):
		doc = self.make_import(self.rows(), mapping="Generic")
		with self.assertRaises(frappe.ValidationError):
			self.run_job(doc, dry_run=True)
		doc.reload()
		self.assertEqual(doc.status, "Failed")
		self.assertIn("reference", doc.message)

	def run_job(self, doc, *, dry_run: bool) -> None:
		"""What the worker does, without its commits."""
		self.addCleanup(jobs.error_path(doc.name).unlink, missing_ok=True)
		with patch("frappe.db.commit"), patch("frappe.db.rollback", side_effect=self.keep):
			jobs.run_job(doc.name, dry_run)
		doc.reload()

	def keep(self, save_point: str | None = None) -> None:
		"""A rollback to a save point only: the test itself stands in the same transaction."""

	def test_starting_puts_one_job_in_the_queue(self):
		doc = self.make_import(self.rows())
		with patch("frappe.enqueue") as enqueue:
			doc.start(dry_run=True)
		self.assertEqual(doc.status, "Queued")
		self.assertEqual(enqueue.call_args.kwargs["job_id"], f"request_import::{doc.name}")

	def test_who_may_not_write_imports_can_neither_make_nor_start_nor_see_one(self):
		doc = self.make_import(self.rows())
		frappe.set_user(CLERK)
		for act in (doc.start, doc.preview, lambda: self.make_import(self.rows())):
			with self.assertRaises(frappe.PermissionError):
				act()

	def test_the_address_of_a_file_one_may_not_read_is_refused(self):
		frappe.set_user("Administrator")
		secret = frappe.get_doc(
			{"doctype": "File", "file_name": "secret.csv", "content": "a,b\n1,2", "is_private": 1}
		).insert()
		self.addCleanup(secret.delete_file_data_content)
		frappe.set_user(ADMIN)
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc(
				{"doctype": "Request Import", "mapping": "Generic", "file": secret.file_url}
			).insert()

	def test_an_import_needs_a_file(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Attach the file"):
			frappe.get_doc({"doctype": "Request Import", "mapping": "Generic"}).insert()
