"""The reports of auditors, as Frappe runs them: what an act says beside its reason stands in them in words."""

from unittest.mock import patch

import frappe
from frappe.desk.query_report import run
from frappe.utils import nowdate

from govcrm.accountability import trail
from govcrm.accountability.history import words
from govcrm.tests.casework import CaseTestCase
from govcrm.tests.factories import make_case, make_citizen, make_user

AUDITOR = "reports-auditor@example.org"
DETAIL = {"format": "CSV", "rows": 17}


class TestReports(CaseTestCase):
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
