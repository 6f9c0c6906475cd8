"""The bulk path leaves exactly what the controllers leave, row by row and column by column."""

import csv
import unittest
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import frappe

from govcrm.casework.importing import mappings
from govcrm.casework.importing.faults import ErrorFile
from govcrm.casework.importing.reader import open_csv
from govcrm.casework.importing.runner import Run
from govcrm.tests import GovCRMTestCase
from govcrm.tests.import_files import boston_rows, real_file, write_csv

# Names and the times of writing differ between any two insertions.
OWN = {"name", "creation", "modified", "case", "case_deadline", "source"}
ODD = [
	{"case_title": "<b>bold</b><script>alert(1)</script>"},
	{"case_title": "2 < 3 > 1 & so on"},
	{"case_title": "two\nlines"},
	{"location": "x" * 140},
	{"latitude": "0", "longitude": "0"},
	{"latitude": "-33.4489", "longitude": "151.2093000"},
	{"target_dt": "2011-07-01T00:00:00.123456"},
	{"department": "no q"},
	{"type": "  STREET light outages "},
]


class TestSameRecords(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		mappings.seed_mappings()
		self.folder = Path(self.enterContext(TemporaryDirectory()))
		self.mapping = mappings.load("Boston 311")

	def test_invented_rows_with_all_oddities_become_the_same_records(self):
		rows = boston_rows(240)
		for row, odd in zip(rows, ODD, strict=False):
			row.update(odd)
		self.assert_same(write_csv(self.folder / "rows.csv", rows), len(rows))

	def test_real_rows_become_the_same_records(self):
		if not (path := real_file()):
			raise unittest.SkipTest("no real requests: set GOVCRM_SHARED_DATA to the folder that holds them")
		with path.open(encoding="utf-8", newline="") as file:
			rows = list(islice(csv.DictReader(file), 0, None, 130))
		self.assertGreaterEqual(len(rows), 200)
		self.assert_same(write_csv(self.folder / "real.csv", rows), len(rows))

	def assert_same(self, path: Path, count: int) -> None:
		first = self.growth(path, "bulk", bulk=True)
		second = self.growth(path, "singly", bulk=False)
		events, more = (growth.pop("tabAudit Event") for growth in (first, second))
		self.assertEqual(first, second)
		self.assertLess(events, 1.1 * count)  # one each, but for the odd rows, which go by the controllers
		self.assertGreater(more, 3 * count)  # those leave one for each record that they save
		self.assertEqual(first["tabService Request"], count)
		self.assert_equal_columns(count)

	def growth(self, path: Path, source: str, *, bulk: bool) -> dict[str, int]:
		"""Import, and tell how many rows each table of the site gained beside what was missing."""
		run = self.new_run(path, source, bulk=bulk, dry_run=False)
		run.make_missing(run.survey())
		before = table_sizes()
		run.execute()
		self.assertEqual(run.tally.rows_failed, 0, run.errors.sample)
		return {table: size - before[table] for table, size in table_sizes().items() if size != before[table]}

	def new_run(self, path: Path, source: str, **options) -> Run:
		mapping = replace(self.mapping, source=source)
		return Run(open_csv(path, mapping.titles), mapping, ErrorFile(), **options)

	def assert_equal_columns(self, count: int) -> None:
		bulk, singly = requests_of("bulk"), requests_of("singly")
		self.assertEqual(bulk.keys(), singly.keys())
		self.assertEqual(len(bulk), count)
		for source_id, request in bulk.items():
			mine, theirs = records_of(request), records_of(singly[source_id])
			self.assertEqual(mine.items() - theirs.items(), theirs.items() - mine.items(), source_id)
			self.assertEqual(mine.keys(), theirs.keys(), source_id)


def table_sizes() -> dict[str, int]:
	tables = [table for table in frappe.db.get_tables(cached=False) if table.startswith("tab")]
	return {table: frappe.db.count(table[3:]) for table in tables}


def requests_of(source: str) -> dict[str, dict]:
	rows = rows_where("Service Request", source=source)
	return {row["source_id"]: row for row in rows}


def records_of(request: dict) -> dict[tuple, object]:
	"""Every column of all records of a request, but for those that are their own."""
	found = {"Service Request": request, "Case": rows_where("Case", name=request["case"])[0]}
	found |= {row["verb"]: row for row in rows_where("Case Event", case=request["case"])}
	found |= {("clock", row["milestone"]): row for row in rows_where("Case Deadline", case=request["case"])}
	found |= {("clock", row["kind"]): row for row in rows_where("Case Deadline Event", case=request["case"])}
	return {
		(record, column): value
		for record, row in found.items()
		for column, value in row.items()
		if column not in OWN
	}


def rows_where(doctype: str, **equal) -> list[dict]:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select("*")
	for column, value in equal.items():
		query = query.where(table[column] == value)
	return query.run(as_dict=True)
