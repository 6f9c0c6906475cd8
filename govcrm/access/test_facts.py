from unittest.mock import patch

import frappe

from govcrm.access import facts
from govcrm.casework.form import form_facts
from govcrm.tests.casework import SUE, CaseTestCase


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
