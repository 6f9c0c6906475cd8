"""What is kept of records beside them, and of the audit log, is asked for past no rule, by no query and no template."""

import frappe

from govcrm.gate import governed
from govcrm.gate.test_template_doors import TemplateTestCase
from govcrm.tests.casework import BOB

APART = ("Audit Event", "Audit Key")
LOGS = (
	"Webhook Request Log",
	"Integration Request",
	"Reminder",
	"Milestone",
	"Transaction Log",
	"Submission Queue",
)
MORE = ("Data Import Log", "Event Participants", "Permission Log", "Comment", "comment", "Todo")


class TestKeptElsewhere(TemplateTestCase):
	def test_a_query_over_what_hangs_on_records_is_not_run(self) -> None:
		for table in (*(f"tab{doctype}" for doctype in (*LOGS, *MORE, *APART)), "__Auth", "tabSessions"):
			for query in (f"select * from `{table}`", f'select 1 from "{table.upper()}"'):
				self.assertTrue(governed.read_by(query), query)
				with self.assertRaises(frappe.PermissionError):
					self._report(query).execute_query_report({})
		self.assertTrue(governed.read_by("select table_name from INFORMATION_SCHEMA.tables"))

	def test_a_query_over_anything_else_is_run(self) -> None:
		_columns, rows = self._report("select name from `tabUser` where name = 'Guest'").execute_query_report(
			{}
		)
		self.assertEqual(rows, [["Guest"]])
		self.assertFalse(
			governed.read_by("select address.name from `tabAddress` address, `tabDynamic Link` link")
		)

	def _report(self, query: str):
		return frappe.get_doc({"doctype": "Report", "report_type": "Query Report", "query": query})

	def test_every_satellite_but_those_of_pages_is_known(self) -> None:
		self.assertEqual(set(frappe.get_hooks("govcrm_satellites")) - governed.telling(), governed.ON_PAGES)

	def test_a_template_lists_of_it_what_its_reader_may_see(self) -> None:
		frappe.set_user("Administrator")
		word = "a word about a case"
		values = {"doctype": "Reminder", "remind_at": "2099-01-01 10:00:00", "description": word}
		on = {"reminder_doctype": "Case", "reminder_docname": self.shut, "user": frappe.session.user}
		frappe.get_doc({**values, **on}).insert()
		for reader, may in (("Administrator", True), (BOB, False)):
			frappe.set_user(reader)
			told = word in self.preview("{{ frappe.get_all('Reminder', fields=['description']) }}").text
			self.assertEqual(told, may, reader)

	def test_a_template_lists_no_keys_of_the_audit_log(self) -> None:
		name = frappe.db.get_value("Audit Key", {}, "name")
		self.assertTrue(name)
		self.assertNotIn(name, self.preview("{{ frappe.get_all('Audit Key', pluck='name') }}").text)
