"""Who works on a case, who may sign, who may see it."""

import calendar

import frappe
from frappe.cache_manager import clear_doctype_map
from frappe.desk.form import assign_to
from frappe.model.workflow import WorkflowPermissionError

from govcrm.casework import participation
from govcrm.gate import links
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import (
	make_case,
	make_department,
	make_published_program,
	make_task,
	make_user,
	make_worker,
)


class TestAssignment(CaseTestCase):
	def test_accepting_makes_a_case_ones_own(self):
		case = self.case(ALICE)
		case.accept()
		self.assertEqual(case.assignee, ALICE)
		self.assertIn("accept", self.events(case))

	def test_an_assignee_has_a_to_do_and_needs_no_share(self):
		case = self.case(SUE)
		case.assign(BOB)
		todo = {"reference_type": "Case", "reference_name": case.name, "status": "Open"}
		self.assertEqual(frappe.get_all("ToDo", todo, pluck="allocated_to"), [BOB])
		self.assertFalse(frappe.db.exists("DocShare", {"share_name": case.name}))
		self.assertTrue(frappe.has_permission("Case", "write", case.name, user=BOB))

	def test_nobody_takes_a_case_from_another(self):
		case = self.case(SUE)
		case.accept()
		frappe.set_user(ALICE)
		self.assertRaises(frappe.ValidationError, frappe.get_doc("Case", case.name).accept)

	def test_assigning_others_is_for_supervisors(self):
		self.assertRaises(frappe.PermissionError, self.case(ALICE).assign, BOB)

	def test_only_who_works_on_cases_can_be_assigned(self):
		self.assertRaises(frappe.ValidationError, self.case(SUE).assign, "Guest")
		self.assertRaises(frappe.ValidationError, self.case(SUE).assign, "nobody@example.org")

	def test_reassigning_ends_the_part_of_the_one_before(self):
		case = self.case(SUE)
		case.assign(BOB)
		case.assign(ALICE)
		rows = frappe.get_all("Case Participant", {"case": case.name, "capacity": "Assignee"}, pluck="user")
		self.assertEqual(rows, [ALICE])
		self.assertFalse(frappe.db.exists("ToDo", {"allocated_to": BOB, "status": "Open"}))


class TestAssignmentInDesk(CaseTestCase):
	"""The sidebar of Desk and Assignment Rules make to-dos; the case follows."""

	def todo(self, case, user: str, **values):
		task = {"assign_to": [user], "doctype": "Case", "name": case.name, "description": "x", **values}
		return assign_to.add(task)

	def rule(self, condition: str = "priority == 'Urgent'", **values):
		"""An Assignment Rule that gives cases to Bob."""
		doc = frappe.get_doc(
			{
				"doctype": "Assignment Rule",
				"name": "Potholes",
				"document_type": "Case",
				"assign_condition": condition,
				"rule": "Round Robin",
				"description": "x",
				"users": [{"user": BOB}],
				"assignment_days": [{"day": day} for day in calendar.day_name],
				**values,
			}
		)
		self.addCleanup(clear_doctype_map, "Assignment Rule", "Case")
		return doc.insert()

	def test_the_sidebar_assigns_as_the_verb_does(self):
		case = self.case(SUE)
		self.todo(case, BOB)
		self.assertEqual(case.reload().assignee, BOB)
		self.assertIn("assign", self.events(case))
		self.assertEqual(frappe.db.count("ToDo", {"reference_name": case.name}), 1)

	def test_it_asks_for_the_same_right(self):
		self.assertRaises(frappe.PermissionError, self.todo, self.case(ALICE), BOB)

	def test_taking_a_case_there_is_accepting_it(self):
		case = self.case(ALICE)
		self.todo(case, ALICE)
		self.assertEqual(case.reload().assignee, ALICE)

	def test_a_rule_of_the_agency_assigns_whoever_saved(self):
		self.rule()
		case = make_case(priority="Urgent")
		self.assertEqual(case.reload().assignee, BOB)

	def test_nobody_takes_a_case_by_naming_a_rule(self):
		rule = self.rule().name
		case = make_case()
		frappe.set_user(BOB)
		todo = {"doctype": "ToDo", "reference_type": "Case", "reference_name": case.name, "description": "x"}
		todo.update(allocated_to=BOB, assignment_rule=rule)
		links.install()
		self.assertRaises(frappe.LinkValidationError, frappe.get_doc(todo).insert)
		self.assertFalse(frappe.has_permission("Case", "read", case.name, user=BOB))

	def test_nor_through_the_sidebar_by_a_rule_that_does_not_apply(self):
		rule = self.rule().name
		self.assertRaises(frappe.PermissionError, self.todo, self.case(ALICE), BOB, assignment_rule=rule)

	def test_a_reader_takes_no_work_from_anybody(self):
		task = make_task(make_case(), assigned_to=SUE)
		frappe.set_user(make_user("auditor@example.org", "Agency Auditor").name)
		for method, values in (
			("remove", {"name": task.name, "assign_to": SUE}),
			("remove_multiple", {"names": frappe.as_json([task.name])}),
			("close", {"name": task.name, "assign_to": frappe.session.user}),
		):
			called = frappe.override_whitelisted_method(f"frappe.desk.form.assign_to.{method}")
			self.assertRaises(frappe.PermissionError, frappe.get_attr(called), doctype="Case Task", **values)
		self.assertEqual(frappe.db.get_value("Case Task", task.name, "assigned_to"), SUE)


class TestSelfApproval(CaseTestCase):
	def test_owner_assignee_and_last_mover_cannot_sign_where_another_must(self):
		case = self.case(ALICE)
		step = {"action": "Sign", "allow_self_approval": 0}
		self.assertTrue(case.may_approve(step))
		case.accept()
		self.assertFalse(case.may_approve(step))
		frappe.set_user(SUE)
		self.assertTrue(case.may_approve(step))
		case.take_action("Start Work")
		self.assertFalse(case.may_approve(step))
		self.assertRaises(WorkflowPermissionError, case.approved, step)

	def test_where_the_workflow_allows_it_they_can(self):
		case = self.case(ALICE)
		case.accept()
		self.assertTrue(case.may_approve({"allow_self_approval": 1}))


class TestTransfer(CaseTestCase):
	def test_a_case_goes_over_with_its_history_and_without_assignee(self):
		case = self.case(SUE)
		case.accept()
		case.transfer("Water", "It is a main")
		self.assertEqual((case.department, case.assignee), ("Water", None))
		self.assertTrue(frappe.has_permission("Case", "write", case.name, user=BOB))
		self.assertFalse(frappe.has_permission("Case", "read", case.name, user=ALICE))

	def test_it_is_a_right_of_supervisors(self):
		self.assertRaises(frappe.PermissionError, self.case(ALICE).transfer, "Water", "x")

	def test_of_supervisors_of_this_department_and_of_no_other(self):
		case = self.case()
		make_worker("una@example.org", "Water", supervisor=True)
		participation.add(case.name, "Assignee", user="una@example.org")
		frappe.set_user("una@example.org")
		case = frappe.get_doc("Case", case.name)
		self.assertTrue(case.has_permission("write"))
		self.assertRaises(frappe.PermissionError, case.transfer, "Water", "Ours")

	def test_a_department_out_of_service_takes_no_cases(self):
		make_department("Dissolved", active=0)
		self.assertRaises(frappe.ValidationError, self.case(SUE).transfer, "Dissolved", "x")

	def test_who_asked_for_a_part_is_the_new_department(self):
		make_department("Fire")
		case = self.case(SUE)
		part = case.refer("Fire", "Is it safe?", "POTHOLE")
		case.transfer("Water", "It is a main")
		self.assertTrue(frappe.has_permission("Case", "read", part, user=BOB))
		self.assertFalse(frappe.has_permission("Case", "read", part, user=ALICE))

	def test_open_tasks_of_the_old_department_go_along(self):
		case = self.case(SUE)
		task = make_task(case, assigned_department="Public Works")
		case.transfer("Water", "It is a main")
		self.assertEqual(task.reload().assigned_department, "Water")


class TestConfidentiality(CaseTestCase):
	def request_of(self, case):
		return frappe.get_doc("Service Request", {"case": case.name})

	def case_of_a_request(self, as_user: str):
		make_published_program("POTHOLE")
		request = frappe.get_doc(
			{
				"doctype": "Service Request",
				"program": "POTHOLE",
				"anonymous": 1,
				"address_string": "1 Main St",
			}
		).insert()
		frappe.set_user(as_user)
		return frappe.get_doc("Case", request.case)

	def test_requests_are_as_confidential_as_their_case(self):
		case = self.case_of_a_request(ALICE)
		case.confidentiality = "Restricted"
		case.save()
		self.assertEqual(self.request_of(case).confidentiality, "Restricted")
		self.assertEqual(self.last_event(case).detail, "Internal → Restricted")

	def test_a_case_never_loses_its_level(self):
		case = self.case(ALICE)
		case.confidentiality = ""
		self.assertRaises(frappe.MandatoryError, case.save)

	def test_opening_a_case_to_more_eyes_is_for_supervisors(self):
		for user, refused in ((ALICE, True), (SUE, False)):
			frappe.set_user("Administrator")
			case = self.case(user)
			case.confidentiality = "Public"
			if refused:
				self.assertRaises(frappe.PermissionError, case.save)
			else:
				case.save()
