"""Ways from the text of a template to records past the rule, one test for each; and what prints and pages go on with."""

from unittest.mock import patch

import frappe
from frappe.email.doctype.notification.notification import get_context
from frappe.utils import safe_exec
from frappe.website.serve import get_response_content

from govcrm.gate.test_gate import OTHER, OWN
from govcrm.gate.test_templates import WriterTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_user, make_worker

QUERY = "select name, subject from tabCase"
MANAGER = "gate-website@example.org"
REPORT = str({"doctype": "Report", "report_type": "Query Report", "query": QUERY})
CONSOLE = str({"doctype": "System Console", "type": "SQL", "console": QUERY})
HOOK = {
	"doctype": "Webhook",
	"webhook_doctype": "Case",
	"request_structure": "JSON",
	"condition": "doc.subject",
}


class TemplateTestCase(WriterTestCase):
	def tells_nothing(self, template: str) -> None:
		answer = self.preview(template)
		self.assertNotIn(OTHER, answer.text, template)
		self.assertNotEqual(answer.status, 200, template)

	def rendered(self, template: str) -> str:
		answer = self.preview(template)
		self.assertEqual(answer.status, 200, answer)
		return answer.message["message"]


class TestMembers(TemplateTestCase):
	def test_a_template_runs_no_method_of_a_record(self) -> None:
		for template in (
			f"{{% set made = frappe.get_doc({REPORT}) %}}{{{{ made.execute_query_report({{}}) }}}}",
			f"{{% set made = frappe.get_doc({REPORT}) %}}{{{{ (made|attr('execute_query_report'))({{}}) }}}}",
			f"{{% set made = frappe.get_doc({REPORT}) %}}{{{{ made['execute_query_report']({{}}) }}}}",
			f"{{% set made = frappe.get_doc({CONSOLE}) %}}{{% set done = made.run() %}}{{{{ made.output }}}}",
			f"{{{{ frappe.get_doc('User', '{BOB}').db_get('name') }}}}",
			f"{{{{ frappe.get_doc('User', '{BOB}').reload() }}}}",
			f"{{{{ frappe.get_doc('User', '{BOB}').run_method('validate') }}}}",
		):
			self.tells_nothing(template)

	def test_a_record_that_a_template_holds_does_not_become_another(self) -> None:
		becomes = f"doc.update({{'doctype': 'Case', 'name': '{self.shut}'}})"
		for reads in ("doc.db_get('subject')", "doc.reload().subject", "doc.load_from_db().subject"):
			self.tells_nothing(f"{{% set done = {becomes} %}}{{{{ {reads} }}}}")
		self.tells_nothing("{% set done = doc.update({'name': 'Administrator'}) %}{{ doc.db_get('email') }}")

	def test_a_preview_within_a_record_shows_no_case(self) -> None:
		made = {**HOOK, "preview_document": self.shut, "webhook_json": '{"subject": "{{ doc.subject }}"}'}
		for member in ("preview_request_body", "meets_condition", "as_dict()"):
			template = f"{{% set hook = frappe.get_doc({made}) %}}{{{{ hook.{member} }}}}"
			self.assertNotIn(OTHER, self.preview(template).text, member)
		for member in ("preview_request_body", "preview_meets_condition"):
			template = f"{{% set hook = frappe.get_doc({made}) %}}{{{{ hook.{member}('{self.shut}') }}}}"
			self.assertNotIn(OTHER, self.preview(template).text, member)

	def test_fields_rows_and_formats_are_read_as_ever(self) -> None:
		user = f"frappe.get_doc('User', '{BOB}')"
		self.assertEqual(self.rendered(f"{{{{ {user}.name }}}}"), BOB)
		self.assertEqual(self.rendered(f"{{{{ {user}.get_formatted('name') }}}}"), BOB)
		self.assertEqual(self.rendered(f"{{{{ {user}.roles[0].get('parent') }}}}"), BOB)
		self.assertEqual(self.rendered("{{ doc.meta.get_field('email').fieldname }}"), "email")
		self.assertEqual(self.rendered("{{ frappe.get_meta('User').get_label('email') }}"), "Email")
		case = f"frappe.get_doc('Case', '{self.own}')"
		self.assertEqual(self.rendered(f"{{{{ {case}.get_formatted('subject') }}}}"), OWN)

	def test_another_app_adds_what_its_prints_call(self) -> None:
		hooks = frappe.get_hooks
		called = f"{{{{ frappe.get_doc('User', '{BOB}').get_fullname() }}}}"
		self.tells_nothing(called)
		more = {"govcrm_template_members": ["get_fullname"]}
		with patch.object(
			frappe,
			"get_hooks",
			lambda hook=None, *args, **kwargs: more.get(hook) or hooks(hook, *args, **kwargs),
		):
			self.assertTrue(self.rendered(called))


class TestHandedOut(TemplateTestCase):
	def test_a_template_is_handed_what_reads_and_formats_alone(self) -> None:
		for asked in (
			f"frappe.attach_print('Case', '{self.shut}')",
			f"frappe.get_print('Case', '{self.shut}')",
			"frappe.enqueue('frappe.client.get_list', doctype='Case')",
			f"frappe.rename_doc('User', '{BOB}', 'x')",
			f"frappe.delete_doc('User', '{BOB}')",
			"frappe.make_get_request('http://localhost')",
			"frappe.sendmail(recipients=['x@example.org'], message='x')",
			"frappe.copy_doc(doc)",
			f"frappe.db.set_value('Case', '{self.own}', 'subject', 'x')",
			"frappe.db.commit()",
			"frappe.db.sql('select 1')",
			"FrappeClient('http://localhost')",
			"run_script('x')",
		):
			self.tells_nothing(f"{{{{ {asked} }}}}")

	def test_an_alert_hands_its_template_no_more(self) -> None:
		"""It puts the framework in the place of the one that templates are handed."""
		space = get_context(frappe.get_doc("User", BOB))["frappe"]
		asked = f"frappe.db.get_value('Case', '{self.shut}', 'subject')"
		for template in (f"{{{{ {asked} }}}}", f"{{{{ frappe.get_doc('Case', '{self.shut}').subject }}}}"):
			frappe.local.jenv = None
			try:
				self.assertNotIn(OTHER, frappe.render_template(template, {"frappe": space}))
			except Exception as error:
				self.assertNotIn(OTHER, str(error))

	def test_a_field_that_is_computed_is_told_nothing_that_its_reader_may_not_see(self) -> None:
		shut = f"frappe.db.get_value('Case', '{self.shut}', 'subject')"
		self.assertIsNone(frappe.safe_eval(shut, safe_exec.get_safe_globals()))
		own = f"frappe.db.get_value('Case', '{self.own}', 'subject')"
		self.assertEqual(frappe.safe_eval(own, safe_exec.get_safe_globals()), OWN)

	def test_a_condition_makes_no_other_record_of_the_one_it_is_about(self) -> None:
		record = {"doc": frappe.get_doc("User", BOB)}
		for code in ("doc.update({'name': 'x'})", "doc.reload()", "doc.db_get('name')"):
			with self.assertRaises(AttributeError):
				frappe.safe_eval(code, None, dict(record))
		self.assertEqual(frappe.safe_eval("doc.get('name')", None, dict(record)), BOB)
		self.assertTrue(frappe.safe_eval("doc.name and not doc.is_new()", None, dict(record)))

	def test_by_the_clock_a_template_calls_no_method(self) -> None:
		frappe.set_user("Administrator")
		frappe.local.request = frappe.local.jenv = None
		with self.assertRaises(Exception) as caught:
			frappe.render_template("{{ frappe.call('frappe.client.get_list', doctype='Case') }}", {})
		self.assertIn("does not ask", str(caught.exception) + str(frappe.local.message_log))


class TestSinks(TemplateTestCase):
	def test_a_query_over_cases_is_not_run_from_anywhere(self) -> None:
		report = frappe.get_doc({"doctype": "Report", "report_type": "Query Report", "query": QUERY})
		with self.assertRaises(frappe.PermissionError):
			report.execute_query_report({})

	def test_the_console_is_run_by_the_administrator_from_anywhere(self) -> None:
		console = frappe.get_doc({"doctype": "System Console", "type": "SQL", "console": QUERY})
		with self.assertRaises(frappe.PermissionError):
			console.run()
		self.assertFalse(console.output)

	def test_nobody_lists_what_another_user_may_see(self) -> None:
		report = frappe.get_doc("Report", "Permitted Documents For User")
		for doctype in ("Case", "Comment"):
			with self.assertRaises(frappe.PermissionError):
				report.execute_script_report({"user": "Administrator", "doctype": doctype})
		_columns, rows = report.execute_script_report({"user": BOB, "doctype": "Case"})[:2]
		self.assertNotIn(OTHER, str(rows))
		self.assertIn(OWN, str(rows))


class TestPages(TemplateTestCase):
	def page(self, text: str) -> str:
		frappe.set_user("Administrator")
		make_user(MANAGER, "Website Manager")
		frappe.set_user(MANAGER)
		values = {"title": "Gate", "route": "gate-page", "published": 1, "dynamic_template": 1}
		texts = {"content_type": "HTML", "main_section": text, "main_section_html": text}
		frappe.get_doc({"doctype": "Web Page", **values, **texts}).insert()
		frappe.set_user("Guest")
		frappe.local.jenv = None
		return get_response_content("gate-page")

	def test_a_page_of_the_website_tells_guests_of_no_case(self) -> None:
		ran = f"{{% set made = frappe.get_doc({REPORT}) %}}{{{{ made.execute_query_report({{}}) }}}}"
		self.assertNotIn(OTHER, self.page(ran))

	def test_a_page_of_the_website_is_rendered_as_ever(self) -> None:
		self.assertIn("Welcome, Guest", self.page("<p>Welcome, {{ frappe.session.user }}</p>"))

	def test_prints_with_a_letter_head_are_rendered_as_ever(self) -> None:
		frappe.set_user("Administrator")
		head = {"doctype": "Letter Head", "letter_head_name": "Gate", "source": "HTML"}
		frappe.get_doc({**head, "content": "<p>Town of {{ doc.name }}</p>"}).insert()
		html = "{{ letter_head }}<p>{{ doc.get_formatted('subject') }} {{ frappe.format_date(doc.creation) }}</p>"
		form = {"doctype": "Print Format", "name": "Gate", "doc_type": "Case", "print_format_type": "Jinja"}
		frappe.get_doc({**form, "custom_format": 1, "standard": "No", "html": html}).insert()
		make_worker(BOB, "Water")
		frappe.set_user(BOB)
		for name in ("Standard", "Gate"):
			frappe.local.jenv = None
			asked = {
				"doc": "Case",
				"name": self.own,
				"print_format": name,
				"letterhead": "Gate",
				"no_letterhead": 0,
			}
			answer = self.call("frappe.www.printview.get_html_and_style", **asked)
			self.assertEqual(answer.status, 200, answer)
			self.assertIn(OWN, answer.text)
			self.assertIn(f"Town of {self.own}", answer.text)
