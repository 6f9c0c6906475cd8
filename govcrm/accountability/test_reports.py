"""The reports of auditors, as Frappe runs them: what an act says beside its reason stands in them in words."""

import json
from functools import partial
from unittest.mock import patch

import frappe
from frappe.desk.query_report import run
from frappe.utils import nowdate

from govcrm.accountability import trail
from govcrm.accountability.history import words
from govcrm.accountability.trail import governed
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import CaseTestCase
from govcrm.tests.factories import make_case, make_citizen, make_user

AUDITOR = "reports-auditor@example.org"
DETAIL = {"format": "CSV", "rows": 17}


GONE = "Web Page"  # stands for the DocType of an app that was taken away
# Verb, type and name of what is not always of a record: some have no name, some not even a type.
EVENTS = (
	("log in", None, None),
	("log out", "User", None),
	("migrate", None, None),
	("list", "Case", None),
	("count", "Citizen", None),
	("run report", "Report", "Case Ageing"),
	("export", "Case", None),
	("download", "File", "0123456789"),
	("print", "Case", "CASE-none"),
	("update", GONE, "0123456789"),
	("update", "Role", None),
	("list", "System Settings", "System Settings"),
	("email", GONE, None),
)


class TestReports(AskingTestCase, CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user(AUDITOR, "Agency Auditor")
		self.found = make_case().name

	def test_each_report_tells_its_events(self) -> None:
		trail.record("export", "Case", self.found, detail=DETAIL)
		frappe.get_doc("User", AUDITOR).add_roles("Agency Administrator")
		of_case = {"reference_doctype": "Case", "reference_name": self.found}
		actor = frappe.db.get_value("Audit Actor", {"user": frappe.session.user})
		for name, filters, in_it in (
			("Access To A Record", of_case, "17"),
			("Activity Of A User", {"actor": actor}, "17"),
			("Permission Changes", {}, "Agency Administrator"),
			("Exports", {"verb": "export"}, "17"),
		):
			with self.subTest(name):
				self.assertIn(in_it, self.shown(name, filters))

	def test_each_report_answers_whatever_its_events_are_about(self) -> None:
		for outcome in ("Success", "Denied", "Failed"):
			for verb, doctype, name in EVENTS:
				more = {"subject": f"Site/{doctype}", "reason": "Asked for", "detail": DETAIL}
				trail.record(verb, doctype, name, outcome=outcome, **more)
		actor = frappe.db.get_value("Audit Actor", {"user": frappe.session.user})
		exists = partial(_exists, governed.exists)
		for report, filters in (
			("Access To A Record", {"reference_doctype": "Case", "reference_name": "CASE-none"}),
			("Activity Of A User", {"actor": actor}),
			("Permission Changes", {}),
			("Exports", {}),
			("Out-Of-Band Changes", {}),
		):
			with self.subTest(report), self.set_user(AUDITOR), patch.object(governed, "exists", exists):
				sent = {"report_name": report, "filters": json.dumps(filters)}
				self.assertEqual(self.call("frappe.desk.query_report.run", **sent).status, 200)

	def test_looks_that_are_not_recorded_are_not_missed(self) -> None:
		of_case = {"reference_doctype": "Case", "reference_name": self.found}
		sent = {"report_name": "Access To A Record", "filters": json.dumps(of_case)}
		with self.set_user(AUDITOR):
			self.assertIn("Looks are recorded where", self.call("frappe.desk.query_report.run", **sent).text)

	def test_a_number_that_was_shown_is_among_the_looks_at_its_citizen(self) -> None:
		citizen = make_citizen().name
		trail.record("reveal", "Citizen", citizen, reason="She asked for it", detail={"ends_with": "789"})
		of_citizen = {"reference_doctype": "Citizen", "reference_name": citizen}
		self.assertIn(words.said("reveal"), str(self.rows("Access To A Record", of_citizen)))

	def test_words_are_translated_once_however_many_events_say_them(self) -> None:
		trail.record("export", "Case", self.found, detail=DETAIL)
		once = self.lists_translated()
		for _copy in range(3):
			trail.record("export", "Case", self.found, detail=DETAIL)
		self.assertEqual(self.lists_translated(), once)

	def lists_translated(self) -> tuple[int, int]:
		with (
			patch.object(words, "verbs", wraps=words.verbs) as verbs,
			patch.object(words, "details", wraps=words.details) as details,
		):
			self.assertIn("17", self.shown("Exports", {"verb": "export"}))
		return verbs.call_count, details.call_count

	def shown(self, report: str, filters: dict) -> str:
		"""All that stands in the column *What* for the auditor, from the newest on."""
		return " | ".join(str(row.get("changes")) for row in self.rows(report, filters))

	def rows(self, report: str, filters: dict) -> list[dict]:
		today = nowdate()
		with self.set_user(AUDITOR):
			return run(report, filters={"from_date": today, "to_date": today, **filters})["result"]


def _exists(found, doctype: str) -> bool:
	return doctype != GONE and found(doctype)
