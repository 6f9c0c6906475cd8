"""Formulas are kept out of every file for spreadsheets, where its rows are written."""

import json
from contextlib import contextmanager

import frappe
import openpyxl
from frappe.core.doctype.data_import.importer import ImportFile
from frappe.core.doctype.prepared_report.prepared_report import PreparedReport
from frappe.desk import utils as desk
from frappe.utils import csvutils, xlsxutils

from govcrm.domain.spreadsheets import neutral, restored
from govcrm.wrapping import wrap

CSV_OF_REPORT = "frappe.core.doctype.prepared_report.prepared_report.convert_json_to_csv"


def install() -> None:
	wrap(csvutils.UnicodeWriter, "writerow", _neutral_row)
	wrap(desk, "get_csv_bytes", _neutral_rows)
	wrap(xlsxutils, "make_xlsx", _neutral_book)
	wrap(PreparedReport, "get_prepared_data", _neutral_report)
	wrap(ImportFile, "read_content", _restored_rows)


def _neutral_row(write):
	"""`UnicodeWriter`: Data Import and its refused rows, Data Export, reports by mail, `to_csv`, `bench export-csv`."""
	return lambda self, row: write(self, [neutral(value) for value in row])


def _neutral_rows(make):
	"""`get_csv_bytes`: lists and reports."""
	return lambda data, csv_params: make([[neutral(value) for value in row] for row in data], csv_params)


def _neutral_book(make):
	"""`make_xlsx`, which takes tags and control characters out of a text first: the sheet gets what is left.

	A text that begins with "=" would be a formula to openpyxl. Numbers stay numbers.
	"""

	def make_xlsx(data, sheet_name, wb=None, column_widths=None):
		book = openpyxl.Workbook(write_only=True) if wb is None else wb
		with _neutral_sheets(book):
			return make(data, sheet_name, book, column_widths)

	return make_xlsx


@contextmanager
def _neutral_sheets(book):
	"""Sheets made of the book meanwhile take no formula."""
	create = book.create_sheet

	def create_sheet(*args, **kwargs):
		sheet = create(*args, **kwargs)
		append = sheet.append
		sheet.append = lambda row: append([neutral(value) for value in row])
		return sheet

	book.create_sheet = create_sheet
	try:
		yield
	finally:
		del book.create_sheet


def _neutral_report(read):
	"""A prepared report that Frappe 15 turns to CSV: its writer is Python's, so that the rows are made neutral before it."""

	def get_prepared_data(self, with_file_name=False):
		found = read(self, with_file_name)
		if not with_file_name or not found or getattr(frappe.local, "job", {}).get("method") != CSV_OF_REPORT:
			return found
		content, name = found
		report = json.loads(content)
		report["result"] = [_neutral_values(row) for row in report.get("result") or []]
		return json.dumps(report).encode(), name

	return get_prepared_data


def _neutral_values(row):
	return {key: neutral(value) for key, value in row.items()} if isinstance(row, dict) else row


def _restored_rows(read):
	"""What Data Import reads: a file that was exported here gives back the texts that were exported."""

	def read_content(self, content, extension):
		return [[restored(value) for value in row] for row in read(self, content, extension) or []]

	return read_content
