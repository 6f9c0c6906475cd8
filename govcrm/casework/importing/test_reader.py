"""CSV files as other programs write them."""

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

from govcrm.casework.importing import ImportRefused
from govcrm.casework.importing.reader import open_csv
from govcrm.tests import GovCRMTestCase


class TestReader(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		self.path = Path(self.enterContext(TemporaryDirectory()), "file.csv")

	def read(self, content: bytes, *expected: str):
		self.path.write_bytes(content)
		file = open_csv(self.path, expected)
		return file, list(file.rows())

	def test_encodings_are_found_by_mark_or_by_what_decodes(self):
		for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"):
			with self.subTest(encoding):
				_file, rows = self.read("name\nÉcole – 5 Rue\n".encode(encoding), "name")
				self.assertEqual(rows[0].values, {"name": "École – 5 Rue"})

	def test_the_delimiter_is_the_one_that_gives_the_expected_titles(self):
		for delimiter in ",;\t|":
			with self.subTest(delimiter):
				text = delimiter.join(("id", "a,b;c", "name")).replace("a,b;c", '"a,b;c|d"')
				file, rows = self.read(f"{text}\n1{delimiter}2{delimiter}3\n".encode(), "id", "name")
				self.assertEqual((file.delimiter, rows[0].values["name"]), (delimiter, "3"))

	def test_titles_are_found_without_regard_to_case_and_spaces(self):
		file, rows = self.read(b" ID ,Open_DT\n1,2\n", "id", "open_dt")
		self.assertEqual(file.header, ("id", "open_dt"))
		self.assertEqual(rows[0].values, {"id": "1", "open_dt": "2"})

	def test_lines_are_those_of_the_file_also_after_empty_lines_and_line_breaks_in_values(self):
		_file, rows = self.read(b'id,text\r\n1,"a\r\nb\r\nc"\r\n\r\n2,d\r\n3\r\n', "id")
		self.assertEqual(
			[(row.line, row.values["id"], row.fits) for row in rows],
			[(2, "1", True), (6, "2", True), (7, "3", False)],
		)

	def test_what_is_no_csv_file_is_refused_with_what_to_do(self):
		contents = {
			b"": "empty",
			b" \r\n ": "empty",
			b"PK\x03\x04rest": "Save it as CSV",
			gzip.compress(b"id\n1\n"): "GZIP",
			b"id\x00\x01\x02": "no text",
			b"\xff\xfei": "UTF|utf",
		}
		for content, reason in contents.items():
			with self.subTest(content), self.assertRaisesRegex(ImportRefused, reason):
				self.read(content, "id")

	def test_bytes_of_no_known_encoding_are_refused(self):
		with self.assertRaisesRegex(ImportRefused, "UTF-8"):
			self.read(b"id\n\x81\x8d\x8f\n", "id")

	def test_a_needed_column_that_is_there_twice_is_refused(self):
		with self.assertRaisesRegex(ImportRefused, "more than once: id"):
			self.read(b"id,ID,other,other\n", "id")

	def test_a_quote_never_closed_is_told_with_its_line(self):
		with self.assertRaisesRegex(ImportRefused, "broken at line 3"):
			self.read(b'id\n1\n"' + b"x\n" * 700_000, "id")

	def test_a_missing_file_is_refused(self):
		with self.assertRaisesRegex(ImportRefused, "cannot be read"):
			open_csv(self.path)
