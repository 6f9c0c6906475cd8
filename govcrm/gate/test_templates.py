"""Templates that ask for governed records, tried as those who may write one."""

import frappe
from frappe.model import workflow

from govcrm.gate import templates
from govcrm.gate.test_gate import OTHER, OWN, GateTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_user

PREVIEW = "frappe.automation.doctype.auto_repeat.auto_repeat.generate_message_preview"


class WriterTestCase(GateTestCase):
	"""As somebody who may write templates, and may see one of two cases."""

	def setUp(self) -> None:
		super().setUp()
		templates.install()
		frappe.set_user("Administrator")
		make_user(BOB, "System Manager")
		frappe.set_user(BOB)

	def preview(self, template: str):
		frappe.local.jenv = None
		return self.call(PREVIEW, reference_dt="User", reference_doc=BOB, message=template, subject="x")


class TestTemplates(WriterTestCase):
	def test_a_template_lists_what_its_reader_may_see(self) -> None:
		for asked in (
			"frappe.get_all('Case', fields=['name', 'subject'])",
			"frappe.get_all('Case', ['name', 'subject'])",
			"frappe.db.get_all('Case', fields=['name', 'subject'])",
			"frappe.get_list('Case', fields=['name', 'subject'], ignore_permissions=True, user='Administrator')",
		):
			answer = self.preview(f"{{{{ {asked} }}}}")
			self.assertIn(OWN, answer.text, asked)
			self.assertNotIn(OTHER, answer.text, asked)

	def test_a_template_is_told_no_value_of_a_record_that_its_reader_may_not_see(self) -> None:
		for asked, nothing in (
			(f"frappe.db.get_value('Case', '{self.shut}', 'subject')", "None"),
			(f"frappe.db.exists('Case', '{self.shut}')", "None"),
			(f"frappe.db.exists({{'doctype': 'Case', 'name': '{self.shut}'}})", "None"),
			("frappe.db.count('Case')", "1"),
		):
			self.assertEqual(self.preview(f"{{{{ {asked} }}}}").message["message"], nothing, asked)
		value = f"{{{{ frappe.db.get_value('Case', '{self.own}', ['name', 'subject']) }}}}"
		self.assertIn(OWN, self.preview(value).text)

	def test_ways_past_the_rule_are_closed_in_a_template(self) -> None:
		for asked in (
			f"frappe.get_doc('Case', '{self.shut}').subject",
			f"frappe.get_cached_doc('Case', '{self.shut}').subject",
			"frappe.get_last_doc('Case', {'subject': ('like', '%cellar%')}).subject",
			"frappe.db.sql('select subject from `tab' + 'Case`')",
			"frappe.db.sql('select data from tabVersion')",
			"frappe.db.sql('select name from tabUser')",
			"frappe.get_all('ToDo', ['`tabCase`.subject'])",
			"frappe.qb.from_('Case').select('subject').run()",
			"frappe.get_all('ToDo', fields=['`tabCase`.subject'])",
			"frappe.get_all('Case', fields=['name'], order_by='extractvalue(1, subject)')",
			"frappe.new_doc('Case')",
			"frappe.call('frappe.client.get_password', doctype='Case')",
		):
			answer = self.preview(f"{{{{ {asked} }}}}")
			self.assertNotEqual(answer.status, 200, asked)
			self.assertNotIn(OTHER, answer.text, asked)

	def test_what_is_given_and_what_is_not_governed_is_as_ever(self) -> None:
		own = f"{{{{ frappe.get_doc('Case', '{self.own}').subject }}}}"
		self.assertEqual(self.preview(own).message["message"], OWN)
		for asked in (
			f"frappe.db.get_value('User', '{BOB}', 'name')",
			f"frappe.get_all('User', {{'name': '{BOB}'}}, pluck='name')[0]",
			f"frappe.get_doc('User', '{BOB}').get('name')",
		):
			self.assertEqual(self.preview(f"{{{{ {asked} }}}}").message["message"], BOB, asked)

	def test_a_template_that_runs_by_the_clock_asks_for_no_cases(self) -> None:
		frappe.set_user("Administrator")
		frappe.local.request = frappe.local.jenv = None
		with self.assertRaises(frappe.PermissionError):
			frappe.render_template("{{ frappe.get_all('Case') }}", {})

	def test_a_condition_of_a_workflow_is_told_nothing_that_its_reader_may_not_see(self) -> None:
		given = workflow.get_workflow_safe_globals()
		asked = f"frappe.db.get_value('Case', '{self.shut}', 'subject')"
		self.assertIsNone(frappe.safe_eval(asked, given))
		self.assertEqual(
			frappe.safe_eval(f"frappe.db.get_value('Case', '{self.own}', 'subject')", given), OWN
		)
		listed = frappe.safe_eval("[row.name for row in frappe.db.get_list('Case')]", given)
		self.assertNotIn(self.shut, listed)
		self.assertEqual(frappe.safe_eval("frappe.db.get_value('Currency', 'USD', 'name')", given), "USD")
