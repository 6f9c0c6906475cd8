"""Pages of the website that show records, by every address that leads to them."""

import frappe

from govcrm.gate import website
from govcrm.gate.test_gate import ADMIN, GateTestCase
from govcrm.tests.canaries.asking import Ask, Asker, Heard
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_request, make_user

MISSING = "CASE-00000-NONE"
FORM = "gate-form-of-notes"


class TestPages(GateTestCase):
	def setUp(self) -> None:
		super().setUp()
		website.install()
		frappe.set_user("Administrator")
		make_user(ADMIN, "Agency Administrator")
		self.request = make_request().name

	def pages(self, user: str, *asks: Ask) -> list[Heard]:
		with Asker() as asker:
			return [asker.ask(ask, user) for ask in asks]

	def test_the_page_of_a_list_shows_and_filters_no_scoped_records(self) -> None:
		for user in (ADMIN, BOB, "Guest"):
			for path in ("/list", "/list.html"):
				for more in ({}, {"sensitive_answers": '["is", "not set"]'}, {"txt": "a"}):
					ask = Ask(path, {"doctype": "Service Request", **more})
					(heard,) = self.pages(user, ask)
					self.assertEqual(heard.status, 403, (user, ask))
					self.assertNotIn(self.request.encode(), heard.body)

	def test_the_page_of_another_list_is_shown(self) -> None:
		frappe.get_doc({"doctype": "Note", "title": "gate-note", "public": 1}).insert()
		(heard,) = self.pages(BOB, Ask("/list", {"doctype": "Note"}))
		self.assertEqual(heard.status, 200)
		self.assertIn(b"gate-note", heard.body)

	def test_a_print_is_answered_alike_whether_there_is_such_a_record(self) -> None:
		for path in ("/printview", "/printview.html"):
			asks = [Ask(path, {"doctype": "Case", "name": name}) for name in (self.shut, MISSING, self.own)]
			shut, missing, own = self.pages(BOB, *asks)
			self.assertEqual((shut.status, missing.status, own.status), (403, 403, 200))
			self.assertEqual(
				shut.body.replace(self.shut.encode(), b"").decode(),
				missing.body.replace(MISSING.encode(), b"").decode(),
			)

	def test_a_form_of_the_website_offers_no_records_that_one_may_not_read(self) -> None:
		self.make_form()
		method = "frappe.website.doctype.web_form.web_form.get_form_data"
		for user in ("Guest", BOB):
			frappe.set_user(user)
			answer = self.call(method, doctype="Note", web_form_name=FORM)
			self.assertEqual(answer.status, 200, answer)
			self.assertNotIn(self.shut, answer.text)
			self.assertEqual(self.own in answer.text, user == BOB)

	def make_form(self) -> None:
		field = {"fieldname": "case", "fieldtype": "Link", "options": "Case", "label": "Case"}
		form = frappe.get_doc(
			{
				"doctype": "Web Form",
				"name": FORM,
				"title": FORM,
				"route": FORM,
				"doc_type": "Note",
				"published": 1,
				"allow_multiple": 1,
				"web_form_fields": [{**field, "allow_read_on_all_link_options": 1}],
			}
		)
		form.db_insert()
		for row in form.web_form_fields:
			row.update({"parent": FORM, "parentfield": "web_form_fields", "parenttype": "Web Form"})
			row.db_insert()
