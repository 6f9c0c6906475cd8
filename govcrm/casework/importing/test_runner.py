"""What an import does with good rows, bad rows, rows it knows, and files it cannot take."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import frappe

from govcrm.casework.importing import ImportRefused, documents, mappings
from govcrm.casework.importing.faults import ErrorFile
from govcrm.casework.importing.reader import open_csv
from govcrm.casework.importing.runner import Run, only_one
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_published_program
from govcrm.tests.import_files import boston_rows, write_csv

MAPPING, SOURCE = "Boston 311", "Town of Nowhere"


class ImportTestCase(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		mappings.seed_mappings()
		self.folder = Path(self.enterContext(TemporaryDirectory()))
		self.rows = boston_rows(12)

	def new_run(self, mapping=MAPPING, path: Path | None = None, **options) -> Run:
		path = path or write_csv(self.folder / "rows.csv", self.rows)
		loaded = mappings.load(mapping)
		if mapping == MAPPING:  # the site may hold real requests
			loaded = replace(loaded, source=SOURCE)
		errors = options.pop("errors", None) or ErrorFile(self.folder / "errors.csv")
		return Run(open_csv(path, loaded.titles), loaded, errors, **{"dry_run": False, **options})

	def run_import(self, **options) -> Run:
		run = self.new_run(**options)
		run.execute()
		return run

	def run_text(self, mapping: str, text: str, **options) -> Run:
		path = self.folder / "text.csv"
		path.write_text(text, encoding="utf-8")
		return self.run_import(mapping=mapping, path=path, **options)

	def request(self, row: dict, source: str = SOURCE):
		return frappe.get_doc("Service Request", {"source": source, "source_id": row["case_enquiry_id"]})

	def reasons(self, run: Run) -> list[tuple]:
		return [(line, column, reason) for line, _id, column, _value, reason in run.errors.sample]


class TestGoodRows(ImportTestCase):
	def test_a_closed_request_arrives_closed_with_its_own_times_and_department(self):
		row = self.rows[0]
		row |= {"open_dt": "2011-07-01 01:32:33", "target_dt": "", "closed_dt": "2013-07-02 05:00:00"}
		row |= {"case_status": "Closed", "department": "BPS_", "source": "Self Service"}
		self.run_import()
		request = self.request(row)
		case = frappe.get_doc("Case", request.case)
		self.assertEqual((request.status, request.department, request.channel), ("Closed", "BPS_", "Web"))
		self.assertEqual(request.requested_datetime, datetime(2011, 7, 1, 1, 32, 33))
		self.assertEqual(request.updated_datetime, datetime(2013, 7, 2, 5))
		self.assertIsNone(request.expected_datetime)
		self.assertEqual((case.state_category, case.department), ("Closed", "BPS_"))
		self.assertEqual(
			(case.opened_datetime, case.closed_datetime),
			(request.requested_datetime, datetime(2013, 7, 2, 5)),
		)

	def test_an_open_request_arrives_open_in_the_first_state(self):
		row = self.rows[0] | {"case_status": "Open", "closed_dt": ""}
		self.rows = [row]
		self.run_import()
		case = frappe.get_doc("Case", self.request(row).case)
		self.assertEqual(
			(case.state_category, case.workflow_state, case.closed_datetime), ("Open", "New", None)
		)

	def test_missing_programs_belong_to_the_department_with_most_of_their_rows_and_are_for_staff(self):
		for row, department in zip(self.rows, ["PARK", *["ISD"] * 11], strict=True):
			row |= {"type": "Rodent  Activity (new)", "department": department}
		self.run_import()
		program = frappe.get_doc("Agency Program", "RODENT_ACTIVITY_NEW")
		self.assertEqual((program.program_name, program.department), ("Rodent Activity (new)", "ISD"))
		self.assertFalse(program.is_public)
		self.assertEqual(self.request(self.rows[0]).department, "PARK")

	def test_a_program_the_site_has_is_found_by_name_and_by_code(self):
		make_published_program("RATS", version={"effective_from": "2010-01-01"}, program_name="Rat Trouble")
		self.rows[0]["type"], self.rows[1]["type"] = "rat trouble", "Rats"
		self.run_import()
		self.assertEqual({self.request(row).program for row in self.rows[:2]}, {"RATS"})

	def test_history_makes_no_mail_no_task_no_to_do_and_no_notice(self):
		frappe.flags.mute_emails = False  # as it is outside of tests
		doctypes = (
			"Email Queue",
			"Notification Log",
			"ToDo",
			"Case Task",
			"Communication",
			"Webhook Request Log",
		)
		before = {doctype: frappe.db.count(doctype) for doctype in doctypes}
		with patch("frappe.sendmail") as sendmail:
			self.run_import()
			self.run_import(bulk=False, path=write_csv(self.folder / "b.csv", boston_rows(20)[12:]))
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in doctypes}, before)
		sendmail.assert_not_called()
		self.assertFalse(frappe.flags.in_patch or frappe.flags.mute_emails)

	def test_a_run_repeated_makes_nothing_twice(self):
		self.run_import(limit=5)
		tally = self.run_import().tally
		self.assertEqual((tally.rows_read, tally.rows_imported, tally.rows_skipped), (12, 7, 5))
		self.assertEqual(self.run_import().tally.rows_skipped, 12)
		self.assertEqual(frappe.db.count("Service Request", {"source": SOURCE}), 12)

	def test_of_two_rows_with_one_number_the_first_counts(self):
		self.rows[3]["case_enquiry_id"] = self.rows[2]["case_enquiry_id"]
		tally = self.run_import().tally
		self.assertEqual((tally.rows_imported, tally.rows_skipped), (11, 1))

	def test_a_run_that_goes_on_passes_over_what_was_read(self):
		run = self.new_run(batch=5)
		run.tally.rows_read = 10
		run.execute()
		self.assertEqual((run.tally.rows_read, run.tally.rows_imported), (12, 2))

	def test_open311_columns_are_taken_and_times_with_an_offset_told_in_the_zone_of_the_site(self):
		text = (
			"service_request_id,service_code,service_name,status,requested_datetime,updated_datetime,lat,long\n"
			"638344,006,Curb repair,closed,2010-04-14T06:37:38-08:00,2010-04-15T06:37:38-08:00,37.76,-122.43\n"
		)
		run = self.run_text("Open311 Bulk", text)
		self.assertEqual(run.tally.rows_imported, 1, run.errors.sample)
		request = frappe.get_doc("Service Request", {"source": "Open311", "source_id": "638344"})
		self.assertEqual((request.program, request.status), ("006", "Closed"))
		self.assertEqual((request.closed_datetime - request.requested_datetime).days, 1)

	def test_the_generic_mapping_needs_three_columns_and_makes_no_programs(self):
		make_published_program("RATS", version={"effective_from": "2010-01-01"})
		run = self.run_text(
			"Generic", "reference;service;requested\n1;RATS;2011-07-01 08:00\n2;Mice;2011-07-01\n"
		)
		self.assertEqual((run.tally.rows_imported, run.tally.rows_failed), (1, 1))
		self.assertIn("no such program", run.errors.sample[0][-1])

	def test_a_caller_is_found_or_written_down_and_a_row_without_one_is_anonymous(self):
		make_published_program("RATS", version={"effective_from": "2010-01-01"})
		run = self.run_text(
			"Generic",
			"reference,service,requested,first name,last name,phone\n"
			"1,RATS,2011-07-01,Ada,Quill,+1 617 555 0142\n"
			"2,RATS,2011-07-02,Ada,Quill,617-555-0142\n"
			"3,RATS,2011-07-02,,,\n",
		)
		self.assertEqual(run.tally.rows_imported, 3, run.errors.sample)
		found = frappe.get_all(
			"Service Request", {"source": "Import"}, ["citizen", "anonymous"], order_by="source_id"
		)
		self.assertEqual([row.anonymous for row in found], [0, 0, 1])
		self.assertEqual(frappe.db.get_value("Citizen", found[0].citizen, "full_name"), "Ada Quill")


class TestBadRows(ImportTestCase):
	def test_each_bad_row_is_told_with_line_column_and_reason_and_the_rest_is_imported(self):
		self.rows[1]["open_dt"] = "yesterday"
		self.rows[4] |= {"closed_dt": "2011-01-01 00:00:00", "case_status": "Closed"}
		self.rows[7]["case_title"] = "two\nlines"  # later line numbers move
		self.rows[9]["latitude"] = "north"
		self.rows[10]["location"] = "x" * 141
		run = self.run_import()
		self.assertEqual((run.tally.rows_imported, run.tally.rows_failed), (8, 4))
		told = [(line, column) for line, column, _reason in self.reasons(run)]
		self.assertEqual(told, [(3, "open_dt"), (6, "closed_dt"), (12, "latitude"), (13, "location")])

	def test_a_row_with_too_many_values_is_refused(self):
		path = write_csv(self.folder / "rows.csv", self.rows[:1])
		path.write_text(path.read_text(encoding="utf-8") + "1,2,3\n", encoding="utf-8")
		run = self.run_import(path=path)
		self.assertEqual([(line, column) for line, column, _ in self.reasons(run)], [(3, "")])

	def test_a_day_before_the_first_version_of_a_program_is_refused(self):
		make_published_program("RATS", version={"effective_from": "2020-01-01"})
		self.rows = [self.rows[0] | {"type": "Rats"}]
		self.assertEqual([column for _, column, _ in self.reasons(self.run_import())], ["open_dt"])

	def test_what_only_the_controller_objects_to_is_told_and_spoils_no_other_row(self):
		with patch.object(
			documents, "insert_request", side_effect=frappe.ValidationError("<b>No</b> such luck")
		):
			self.rows[2]["case_title"] = "1 < 2"  # markup goes by the controller
			run = self.run_import()
		self.assertEqual(run.tally.rows_imported, 11)
		self.assertEqual(self.reasons(run), [(4, "", "No such luck")])

	def test_a_row_the_database_refuses_is_found_and_the_rest_of_its_batch_imported(self):
		self.run_import(limit=1)
		# As if another process had brought it after we looked.
		with patch("govcrm.casework.importing.sifting.Sieve.known", return_value=set()):
			run = self.run_import()
		self.assertEqual((run.tally.rows_imported, run.tally.rows_failed), (11, 1))
		self.assertEqual(frappe.db.count("Service Request", {"source": SOURCE}), 12)

	def test_the_error_file_holds_no_formula_and_opens_in_a_spreadsheet(self):
		self.rows[0]["open_dt"] = '=HYPERLINK("http://x")'
		self.rows[1]["open_dt"] = "@SUM(1)"
		run = self.run_import()
		raw = run.errors.path.read_bytes()
		self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
		values = [row["Value"] for row in csv.DictReader(raw.decode("utf-8-sig").splitlines())]
		self.assertEqual(values, ['\'=HYPERLINK("http://x")', "'@SUM(1)"])

	def test_an_error_file_is_cut_back_to_what_the_checkpoint_knows(self):
		path = self.folder / "errors.csv"
		self.rows[0]["open_dt"] = "x"
		size = self.run_import().errors.size
		path.write_bytes(path.read_bytes() + b"99,lost,half a li")
		self.rows[1]["open_dt"] = "y"
		run = self.new_run(errors=ErrorFile(path, size))
		run.tally.rows_read = 1
		run.execute()
		lines = [row["Line"] for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]
		self.assertEqual(lines, ["2", "3"])


class TestRefusal(ImportTestCase):
	def test_a_header_that_lacks_columns_is_one_error_that_names_them(self):
		with self.assertRaisesRegex(ImportRefused, "case_status, closed_dt"):
			self.new_run(path=self.cut_file("case_status", "closed_dt"))

	def cut_file(self, *left_out: str) -> Path:
		path = self.folder / "cut.csv"
		columns = [column for column in self.rows[0] if column not in left_out]
		with path.open("w", newline="") as file:
			writer = csv.DictWriter(file, columns, extrasaction="ignore")
			writer.writeheader()
			writer.writerows(self.rows)
		return path

	def test_a_dry_run_writes_nothing_at_all(self):
		self.rows[1]["open_dt"] = "yesterday"
		doctypes = (
			"Service Request",
			"Case",
			"Case Event",
			"Agency Program",
			"Program Version",
			"Agency Department",
		)
		before = {doctype: frappe.db.count(doctype) for doctype in doctypes}
		writes = frappe.db.transaction_writes
		run = self.run_import(dry_run=True, errors=ErrorFile())
		self.assertEqual((run.tally.rows_imported, run.tally.rows_failed), (11, 1))
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in doctypes}, before)
		self.assertEqual(frappe.db.transaction_writes, writes)
		self.assertFalse((self.folder / "errors.csv").exists())

	def test_a_mapping_that_makes_programs_needs_a_sound_workflow(self):
		self.rows[0]["type"] = "Made Nowhere Else"
		frappe.db.set_value("Request Import Mapping", MAPPING, "workflow", None)
		with self.assertRaisesRegex(ImportRefused, "workflow"):
			self.run_import(dry_run=True)

	def test_only_one_import_runs_at_a_time(self):
		with only_one(), self.assertRaisesRegex(ImportRefused, "under way"):
			self.run_import()

	def test_an_unknown_mapping_is_told_with_the_known_ones(self):
		with self.assertRaisesRegex(ImportRefused, "Boston 311"):
			mappings.load("Chicago")
