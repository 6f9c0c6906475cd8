"""Exports show what their reader may read: columns of tables, filters, and nobody else's reports."""

from unittest.mock import patch

import frappe
from frappe.core.doctype.prepared_report import prepared_report
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.desk import query_report
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.exports import askers
from govcrm.exports.test_exports import ExportTestCase
from govcrm.tests.casework import SUE
from govcrm.tests.factories import make_citizen, make_user


class TestColumns(ExportTestCase):
	"""Who may read and export citizens, and not what tells who they are, gets a file without it."""

	READER = "clerk@example.org"
	NUMBER = "617-555-0123"
	TEMPLATE = "frappe.core.doctype.data_import.data_import.download_template"
	EXPORT = "frappe.core.doctype.data_export.exporter.export_data"

	def setUp(self) -> None:
		super().setUp()
		self.citizen = make_citizen(contact_points=[{"channel": "Phone", "value": self.NUMBER}])
		self.point = self.citizen.contact_points[0].value
		make_user(self.READER, "Records Officer")

	def without_level_one(self) -> None:
		frappe.permissions.setup_custom_perms("Citizen")
		frappe.db.delete("Custom DocPerm", {"parent": "Citizen", "role": "Records Officer", "permlevel": 1})
		frappe.clear_cache(doctype="Citizen")
		self.addCleanup(frappe.clear_cache, doctype="Citizen")

	def template(self, **form):
		fields = {"Citizen": ["name", "last_name"], "contact_points": ["channel", "value"]}
		frappe.set_user(self.READER)
		form = {"export_records": "by_filter", "export_filters": {"name": self.citizen.name}, **form}
		answer = self.ask(self.TEMPLATE, doctype="Citizen", export_fields=fields, file_type="CSV", **form)
		return answer["result"]

	def export(self, **form):
		frappe.set_user(self.READER)
		form = {"filters": {"name": self.citizen.name}, **form}
		return self.ask(self.EXPORT, doctype="Citizen", with_data="1", file_type="CSV", **form)["result"]

	def test_a_file_to_import_has_the_columns_of_tables_for_who_may_read_them_alone(self):
		self.assertIn(self.point, self.template())
		self.without_level_one()
		found = self.template()
		self.assertIn(self.citizen.name, found)
		for secret in (self.point, self.citizen.last_name, "Channel", "Value"):
			self.assertNotIn(secret, found)

	def test_data_export_has_the_columns_of_tables_for_who_may_read_them_alone(self):
		self.assertIn(self.point, self.export())
		self.without_level_one()
		found = self.export()
		self.assertIn(self.citizen.name, found)
		for secret in (self.point, self.citizen.last_name, "Citizen Contact Point"):
			self.assertNotIn(secret, found)

	def test_a_column_of_a_readable_table_above_the_level_stays_out(self):
		self.without_level_one()
		make_property_setter("Citizen", "contact_points", "permlevel", 0, "Int")
		for found in (self.template(), self.export()):
			self.assertIn("Phone", found)
			self.assertNotIn(self.point, found)

	def test_an_export_is_not_filtered_by_what_its_reader_may_not_read(self):
		self.without_level_one()
		secret = [["Citizen", "last_name", "like", "K%"]]
		for ask in (lambda: self.template(export_filters=secret), lambda: self.export(filters=secret)):
			with self.assertRaisesRegex(frappe.PermissionError, "last_name"):
				ask()


class TestAskers(ExportTestCase):
	"""`frappe.desk.query_report.run(user=…)`: the client says for whom."""

	def test_a_report_is_filtered_by_the_rights_of_who_is_logged_in(self):
		make_user(SUE, "System Manager")
		frappe.set_user(SUE)
		asked, columns = [], [{"fieldname": "what", "label": "What", "fieldtype": "Data"}]
		with (
			patch.object(query_report, "get_report_result", lambda *_: (columns, [{"what": "x"}])),
			patch.object(query_report, "get_user_match_filters", lambda _, user: asked.append(user) or {}),
		):
			self.ask(
				"frappe.desk.query_report.run",
				report_name="Permitted Documents For User",
				filters={},
				user="Administrator",
			)
		self.assertEqual(asked, [SUE])

	def test_nobody_is_given_the_prepared_report_of_another(self):
		asked = []
		make_user(SUE, "System Manager")
		frappe.set_user(SUE)
		with (
			patch.object(
				prepared_report,
				"get_completed_prepared_report",
				lambda _filters, user, _name: asked.append(user),
			),
			patch.object(frappe.local, "request", Request(EnvironBuilder().get_environ()), create=True),
		):
			query_report.get_prepared_report_result(frappe._dict(report_name="x"), {}, user="Administrator")
		self.assertEqual(asked, [SUE])

	def test_a_job_runs_a_report_for_whom_it_was_asked(self):
		self.assertEqual(askers.asker(SUE), SUE)
