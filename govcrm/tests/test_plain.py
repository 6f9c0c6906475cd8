"""What a client sends as text is kept as every database keeps it, or refused with words."""

import datetime

import frappe
from babel.messages.extract import extract_from_file
from frappe.client import insert

from govcrm import plain
from govcrm.accountability.trail import rows
from govcrm.faults import InvalidInput
from govcrm.tests.casework import CaseTestCase
from govcrm.tests.factories import make_published_program

DAY = "date"


def make_citizen(**values):
	return frappe.get_doc(doctype="Citizen", first_name="Dana", last_name="Doe", **values).insert()


class TestPlainValues(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_published_program()

	def request(self, **values) -> frappe._dict:
		"""As the document API of REST takes it: every value as it came in JSON."""
		return insert(
			{
				"doctype": "Service Request",
				"program": "POTHOLE",
				"description": "A hole",
				"anonymous": 1,
				"address_string": "1 Main Street",
				**values,
			}
		)

	def test_a_place_that_is_sent_as_text_is_a_place(self) -> None:
		made = self.request(latitude="42.3", longitude=" -71.06")
		stored = frappe.db.get_value("Service Request", made.name, ["latitude", "longitude"])
		self.assertEqual(stored, (42.3, -71.06))

	def test_text_that_is_no_number_is_refused_by_its_field(self) -> None:
		for value in ("north", "nan", "1e999", "42,3"):
			with self.assertRaises(InvalidInput) as caught:
				self.request(latitude=value, longitude="-71.06")
			(fault,) = caught.exception.faults
			self.assertEqual(fault.field, "latitude")
			self.assertEqual(fault.message, "Latitude: expected a number.")

	def test_translators_find_what_is_expected_of_each_kind(self) -> None:
		texts = {text for _line, text, *_more in extract_from_file("python", plain.__file__)}
		self.assertLessEqual({plain._expected(kind) for kind in plain._FORMS}, texts)

	def test_a_place_that_is_none_is_refused_as_text_too(self) -> None:
		with self.assertRaises(InvalidInput):
			self.request(latitude="142.3", longitude="-71.06")

	def test_a_day_is_kept_in_one_form_and_memory_is_as_the_database(self) -> None:
		for given in (
			"1990-1-5",
			"1990/01/5",
			"1990-01-05",
			"1990-01-05 00:00:00",
			datetime.date(1990, 1, 5),
		):
			citizen = make_citizen(date_of_birth=given)
			table = frappe.qb.DocType("Citizen")
			query = frappe.qb.from_(table).select(table.date_of_birth).where(table.name == citizen.name)
			self.assertEqual(str(query.run()[0][0]), "1990-01-05", given)
			self.assertEqual(rows.of(citizen), rows.one("Citizen", citizen.name), given)

	def test_what_is_no_day_is_refused(self) -> None:
		for given in ("05.01.1990", "1990-13-01", "soon"):
			with self.assertRaises(InvalidInput):
				make_citizen(date_of_birth=given)

	def test_a_time_is_kept_in_one_form(self) -> None:
		day = frappe.utils.getdate()
		made = self.request(requested_datetime=f"{day.year}-{day.month}-{day.day}T0:00")
		self.assertEqual(
			frappe.db.get_value("Service Request", made.name, "requested_datetime"),
			datetime.datetime.combine(day, datetime.time()),
		)

	def test_rows_of_tables_are_settled_as_well(self) -> None:
		calendar = frappe.get_doc("Business Calendar", frappe.get_all("Business Calendar", pluck="name")[0])
		row = calendar.append("holidays", {DAY: "2027-1-5", "title": "x"})
		calendar.run_method("before_validate")
		self.assertEqual(row.get(DAY), "2027-01-05")
