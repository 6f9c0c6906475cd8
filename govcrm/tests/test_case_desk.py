"""What the form and the list of cases ask."""

import frappe

from govcrm.api.casework import services
from govcrm.api.desk import get_chart
from govcrm.casework.form import form_facts
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_department, make_published_program, make_task, make_user


class TestForm(CaseTestCase):
	def test_the_form_knows_what_may_be_done(self):
		facts = form_facts(self.case(ALICE))
		self.assertEqual(
			[row["action"] for row in facts["actions"]], ["Start Work", "Put on Hold", "Resolve", "Decline"]
		)
		self.assertEqual(facts["verbs"], ["accept", "refer", "add_task"])

	def test_it_says_what_stands_in_the_way(self):
		case = self.case(ALICE)
		make_task(case, "Inspect", required=1)
		self.assertIn("Inspect", form_facts(case)["blocking"][0])

	def test_a_reader_is_offered_nothing(self):
		case = make_case()
		frappe.set_user(BOB)
		facts = form_facts(frappe.get_doc("Case", case.name))
		self.assertEqual((facts["actions"], facts["verbs"]), ([], []))


class TestBulk(CaseTestCase):
	def test_only_actions_that_all_share_are_offered(self):
		first, second = self.case(), self.case(ALICE)
		first.take_action("Start Work")
		found = [row["action"] for row in services.shared_actions([first.name, second.name])]
		self.assertEqual(found, ["Put on Hold", "Resolve", "Decline"])

	def test_one_refusal_leaves_the_others_done(self):
		first, second = self.case(), self.case(ALICE)
		make_task(first, "Inspect", required=1)
		result = services.apply_to_selected([first.name, second.name], "Resolve", {"reason": "Filled"})
		self.assertEqual(result["done"], [second.name])
		self.assertIn("Inspect", result["failed"][first.name])
		self.assertEqual(first.reload().state_category, "Open")

	def test_a_case_out_of_reach_is_refused(self):
		case = make_case(department=make_department("Water").name)
		frappe.set_user(ALICE)
		result = services.apply_to_selected([case.name], "Start Work", {})
		self.assertEqual(list(result["failed"]), [case.name])


class TestCharts(CaseTestCase):
	def test_no_chart_counts_what_the_reader_may_not_see(self):
		chart = {"type": "Heatmap", "chart_type": "Count", "document_type": "Case", "based_on": "creation"}
		frappe.set_user(ALICE)
		self.assertRaises(frappe.ValidationError, get_chart, chart=chart)


class TestSearch(CaseTestCase):
	def test_only_who_works_on_cases_is_offered(self):
		make_user("clerk@example.org", "Intake Agent")
		frappe.set_user(SUE)
		found = [row[0] for row in services.workers("example.org", 0, 50)]
		self.assertIn(BOB, found)
		self.assertNotIn("clerk@example.org", found)


class TestPeople(CaseTestCase):
	def test_only_who_may_see_a_request_learns_who_asked(self):
		make_published_program("POTHOLE")
		citizen = frappe.get_doc({"doctype": "Citizen", "first_name": "Ann", "last_name": "Lee"}).insert()
		request = {"doctype": "Service Request", "program": "POTHOLE", "citizen": citizen.name}
		request = frappe.get_doc({**request, "address_string": "1 Main St"}).insert()
		frappe.set_user(ALICE)
		self.assertEqual([row["name"] for row in services.people(request.case)], ["Ann Lee"])
		frappe.set_user(BOB)
		self.assertEqual(services.people(request.case), [])
