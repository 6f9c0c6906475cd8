"""Reports that show what somebody else may see, tried as those who may make them."""

from unittest.mock import patch

import frappe
from frappe.core.doctype.report.report import Report

from govcrm.exports import install
from govcrm.gate.test_gate import OTHER, OWN, GateTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_user

OF_USERS = "Permitted Documents For User"


class TestReaders(GateTestCase):
	def setUp(self) -> None:
		super().setUp()
		install()
		frappe.set_user("Administrator")
		make_user(BOB, "System Manager")
		columns = frappe.as_json({"fields": [["name", "Case"], ["subject", "Case"]], "filters": []})
		values = {"report_name": "Gate", "ref_doctype": "Case", "is_standard": "No", "json": columns}
		frappe.get_doc({"doctype": "Report", "report_type": "Report Builder", **values}).insert()
		frappe.set_user(BOB)

	def mail(self, user: str, report: str = "Gate", **values: str):
		kind = frappe.db.get_value("Report", report, "report_type")
		values = {"report_type": kind, "format": "CSV", "frequency": "Daily", "no_of_rows": 100, **values}
		mail = {"doctype": "Auto Email Report", "report": report, "user": user, "email_to": BOB, **values}
		return frappe.get_doc(mail)

	def test_nobody_lists_the_records_that_another_may_see(self) -> None:
		for user, found in (("Administrator", 403), (BOB, 200)):
			filters = frappe.as_json({"user": user, "doctype": "Case"})
			answer = self.call("frappe.desk.query_report.run", report_name=OF_USERS, filters=filters)
			self.assertEqual(answer.status, found, answer)
			self.assertNotIn(OTHER, answer.text)

	def test_nobody_has_a_report_mailed_with_the_rows_of_another(self) -> None:
		for report in ("Gate", OF_USERS):
			with self.assertRaises(frappe.PermissionError):
				self.mail("Administrator", report, filters="{}").insert()
		mail = self.mail(BOB).insert()
		with self.assertRaises(frappe.PermissionError):
			mail.update({"user": "Administrator"}).save()

	def test_a_report_that_is_mailed_to_another_is_not_downloaded(self) -> None:
		download = "frappe.email.doctype.auto_email_report.auto_email_report.download"
		frappe.set_user("Administrator")
		others = self.mail("Administrator").insert()
		frappe.set_user(BOB)
		self.refused(self.call(download, name=others.name))
		own = self.call(download, name=self.mail(BOB).insert().name)
		self.assertIn(OWN, own.text)
		self.assertNotIn(OTHER, own.text)

	def test_by_the_clock_a_report_is_run_as_its_reader(self) -> None:
		mail = self.mail(BOB).insert()
		frappe.set_user("Administrator")
		frappe.local.request = None
		content = frappe.get_doc("Auto Email Report", mail.name).get_report_content()
		self.assertEqual(frappe.session.user, "Administrator")
		self.assertIn(OWN, str(content))
		self.assertNotIn(OTHER, str(content))

	def test_by_the_clock_a_program_too_is_run_as_its_reader(self) -> None:
		"""Reports that are programs see whoever is logged in, and by the clock that is Administrator."""
		mail, run_as = self.mail(BOB).insert(), []

		def get_data(report, **_words) -> tuple[list, list]:
			run_as.append(frappe.session.user)
			return [], []

		frappe.set_user("Administrator")
		frappe.local.request = None
		with patch.object(Report, "get_data", get_data):
			frappe.get_doc("Auto Email Report", mail.name).get_report_content()
		self.assertEqual((run_as, frappe.session.user), ([BOB], "Administrator"))

	def test_a_query_over_cases_is_not_mailed(self) -> None:
		frappe.set_user("Administrator")
		values = {"report_name": "Query", "ref_doctype": "ToDo", "is_standard": "No"}
		query = {"report_type": "Query Report", "query": "select name, subject from `tabCase`"}
		frappe.get_doc({"doctype": "Report", **values, **query}).insert()
		mail = self.mail(BOB, "Query", filters="{}").insert()
		frappe.local.request = None
		with self.assertRaisesRegex(frappe.PermissionError, "past the rules"):
			mail.get_report_content()
