from unittest.mock import patch

import frappe

from govcrm.access import facts
from govcrm.casework.form import form_facts
from govcrm.gate import existence
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_worker


class TestFacts(CaseTestCase):
	def test_a_form_reads_the_level_of_its_case_once(self) -> None:
		case = self.case(SUE)
		with patch.object(frappe.db, "get_value", wraps=frappe.db.get_value) as asked:
			form_facts(case)
		level = [call for call in asked.call_args_list if "confidentiality" in str(call)]
		self.assertEqual(len(level), 1)

	def test_outside_of_what_only_looks_on_the_database_is_asked_anew(self) -> None:
		case = self.case(SUE)
		with facts.read_once():
			before = facts.case_facts(case.name)
			frappe.db.set_value("Case", case.name, "confidentiality", "Restricted")
			self.assertEqual(facts.case_facts(case.name), before)
		self.assertEqual(facts.case_facts(case.name).confidentiality, "Restricted")

	def test_what_looks_on_within_what_looks_on_ends_nothing(self) -> None:
		case = self.case(SUE)
		with facts.read_once():
			before = facts.case_facts(case.name)
			with facts.read_once():
				pass
			frappe.db.set_value("Case", case.name, "confidentiality", "Restricted")
			self.assertEqual(facts.case_facts(case.name), before)


class TestFormRequest(AskingTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_worker(ALICE)
		self.matter = make_case()
		frappe.set_user(ALICE)

	def open_form(self) -> int:
		return self.call("frappe.desk.form.load.getdoc", doctype="Case", name=self.matter.name).status

	def test_a_form_with_all_that_it_brings_along_reads_the_level_of_its_case_once(self) -> None:
		with patch.object(facts, "_stored", wraps=facts._stored) as asked:
			self.assertEqual(self.open_form(), 200)
		self.assertGreater(asked.call_count, 2, "Frappe asked only once, and there was nothing to keep")
		self.assertEqual(len([fields for fields in self.read_of_case() if "confidentiality" in fields]), 1)

	def test_that_a_case_is_there_and_whose_it_is_are_one_query(self) -> None:
		read = self.read_of_case()
		self.assertEqual(read.count(("department", "confidentiality", "name")), 1)
		self.assertNotIn(["name"], read)

	def read_of_case(self) -> list:
		"""What a request for the form reads of the case by name, one set of fields for each query."""
		with patch.object(frappe.db, "get_value", wraps=frappe.db.get_value) as asked:
			self.assertEqual(self.open_form(), 200)
		calls = [call.args for call in asked.call_args_list if call.args[:2] == ("Case", self.matter.name)]
		return [fields for _doctype, _name, fields, *_more in calls]

	def test_a_name_in_other_letters_opens_nothing_that_its_reader_is_kept_from(self) -> None:
		frappe.set_user("Administrator")
		recusal = {"user": ALICE, "case": self.matter.name, "reason": "A neighbour."}
		frappe.get_doc({"doctype": "Recusal", **recusal}).insert()
		frappe.set_user(ALICE)
		for name in (self.matter.name, self.matter.name.lower()):
			self.assertFalse(existence.may_know("Case", name), name)

	def test_the_next_request_reads_it_anew(self) -> None:
		self.assertEqual(self.open_form(), 200)
		frappe.db.set_value("Case", self.matter.name, "confidentiality", "Sealed")
		self.assertEqual(self.open_form(), 403)
		frappe.db.set_value("Case", self.matter.name, "confidentiality", "Internal")
		self.assertTrue(frappe.has_permission("Case", "read", doc=self.matter.name))
