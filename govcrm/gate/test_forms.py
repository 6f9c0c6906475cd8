"""What a form is told of rights is what saving would answer."""

import json

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.access import subjects
from govcrm.casework.form import form_facts
from govcrm.casework.grants import deciding
from govcrm.gate import forms
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_department, make_published_program, make_request, make_worker

WHY = {"reason": "She knows the street.", "authority": "Order no. 12"}


class FormTestCase(AskingTestCase):
	"""Bob works at Water; the case is of Public Works, where Sue supervises."""

	def setUp(self) -> None:
		super().setUp()
		forms.install()
		make_worker(ALICE)
		make_worker(SUE, supervisor=True)
		make_worker(BOB, "Water")
		make_published_program()
		self.request = make_request()
		self.matter = frappe.get_doc("Case", self.request.case)
		self.until = add_days(now_datetime(), 7).replace(microsecond=0)

	def open_to_bob(self, opens: str) -> None:
		frappe.set_user(SUE)
		deciding.open_to(self.matter, BOB, opens, valid_to=str(self.until), **WHY)

	def let_department_take_part(self) -> None:
		frappe.set_user("Administrator")
		row = {"case": self.matter.name, "capacity": "Referral", "department": make_department("Water").name}
		frappe.get_doc({"doctype": "Case Participant", "since": now_datetime(), **row}).db_insert()


class TestRightsOfForms(FormTestCase):
	def rights(self, user: str, doctype: str = "Case", name: str | None = None) -> dict:
		frappe.set_user(user)
		answer = self.call("frappe.desk.form.load.getdoc", doctype=doctype, name=name or self.matter.name)
		self.assertEqual(answer.status, 200, answer)
		return json.loads(answer.text)["docinfo"]["permissions"]

	def test_who_may_only_read_a_case_is_told_so_with_its_form(self) -> None:
		self.open_to_bob("Read")
		told = self.rights(BOB)
		self.assertEqual((told["read"], told["write"], told["create"]), (1, 0, 0))

	def test_its_request_is_as_closed_as_the_case(self) -> None:
		self.open_to_bob("Read")
		self.assertEqual(self.rights(BOB, "Service Request", self.request.name)["write"], 0)

	def test_who_works_a_case_may_fill_its_form(self) -> None:
		self.open_to_bob("Work")
		for user in (ALICE, BOB):
			self.assertEqual(self.rights(user)["write"], 1, user)

	def test_what_the_rule_does_not_close_is_told_as_before(self) -> None:
		self.assertEqual(
			self.rights("Administrator", "Agency Department", self.matter.department)["write"], 1
		)


class TestReading(FormTestCase):
	def reading(self, user: str) -> dict | None:
		frappe.set_user(user)
		return form_facts(frappe.get_doc("Case", self.matter.name))["reading"]

	def test_the_form_says_until_when_a_case_is_open_for_reading(self) -> None:
		self.open_to_bob("Read")
		self.assertEqual(self.reading(BOB), {"until": self.until, "emergency": False})

	def test_it_says_nothing_to_who_works_the_case(self) -> None:
		self.open_to_bob("Work")
		self.assertEqual([self.reading(user) for user in (ALICE, BOB)], [None, None])

	def test_it_says_nothing_of_a_department_to_who_looks_on_by_another_role(self) -> None:
		frappe.get_doc("User", BOB).add_roles("Privacy Officer")
		self.addCleanup(subjects.forget)
		subjects.forget()
		frappe.set_user(BOB)
		self.assertTrue(frappe.has_permission("Case", "read", doc=self.matter.name))
		self.assertIsNone(self.reading(BOB))

	def test_who_reads_for_their_department_is_told_that_no_day_ends_it(self) -> None:
		self.let_department_take_part()
		self.assertEqual(self.reading(BOB), {"until": None, "emergency": False})
