"""How cases end: with their tasks, their parts in other departments, and their requests."""

import frappe
from frappe.model.workflow import WorkflowTransitionError

from govcrm.casework.verbs.guarded import BlockedError
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_department, make_published_program, make_task


class TestClosing(CaseTestCase):
	def test_closing_says_how_it_ended(self):
		case = self.case(ALICE)
		case.close("Repaired", "Filled", "Thank you", action="Resolve")
		self.assertEqual((case.state_category, case.outcome, case.reason), ("Closed", "Repaired", "Filled"))
		self.assertTrue(case.closed_datetime)

	def test_an_outcome_named_like_an_action_says_which_way(self):
		case = self.case(ALICE)
		case.close("Decline", "Private land", "Not ours")
		self.assertEqual(case.workflow_state, "Not Actionable")

	def test_two_ways_to_close_want_a_choice(self):
		with self.assertRaisesRegex(WorkflowTransitionError, "Resolve"):
			self.case(ALICE).close("Done", "Filled", "Thank you")

	def test_open_required_tasks_are_named(self):
		case = self.case(ALICE)
		task = make_task(case, "Inspect", required=1)
		with self.assertRaisesRegex(BlockedError, "Inspect"):
			case.close("Resolve", "Filled", "Thank you")
		task.complete("Fine")
		case.close("Resolve", "Filled", "Thank you")

	def test_a_task_keeps_the_case_out_of_its_state(self):
		case = self.case(ALICE)
		make_task(case, "Bring tools", required_for_state="In Progress")
		self.assertRaises(BlockedError, case.take_action, "Start Work")

	def test_reopening_continues_with_the_same_assignee(self):
		case = self.case(SUE)
		case.accept()
		case.close("Resolve", "Filled", "Thank you")
		self.assertFalse(frappe.db.exists("ToDo", {"reference_name": case.name, "status": "Open"}))
		case.reopen("Open again after rain")
		self.assertEqual((case.state_category, case.assignee, case.closed_datetime), ("Open", SUE, None))
		self.assertTrue(frappe.db.exists("ToDo", {"reference_name": case.name, "status": "Open"}))

	def test_a_task_that_need_not_be_done_ends_with_the_case(self):
		case = self.case(SUE)
		task = make_task(case, assigned_to=SUE)
		case.close("Resolve", "Filled", "Thank you")
		self.assertEqual(task.reload().status, "Cancelled")
		self.assertFalse(frappe.db.exists("ToDo", {"reference_name": task.name, "status": "Open"}))

	def test_cancelling_cancels_open_tasks(self):
		case = self.case(SUE)
		task = make_task(case, required=1)
		case.cancel("Filed twice")
		self.assertEqual(case.state_category, "Cancelled")
		self.assertEqual(task.reload().status, "Cancelled")


class TestRequests(CaseTestCase):
	"""What the citizens who asked are told."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program("POTHOLE")
		request = frappe.get_doc(
			{
				"doctype": "Service Request",
				"program": "POTHOLE",
				"anonymous": 1,
				"address_string": "1 Main St",
			}
		)
		self.service_request = request.insert()
		frappe.set_user(SUE)
		self.its_case = frappe.get_doc("Case", request.case)

	def test_closing_closes_the_requests_with_the_answer(self):
		self.its_case.close("Resolve", "Filled", "Thank you, it is filled.")
		request = self.service_request.reload()
		self.assertEqual((request.status, request.status_notes), ("Closed", "Thank you, it is filled."))
		self.assertEqual(request.closed_datetime, self.its_case.closed_datetime)

	def test_nobody_who_asked_is_left_without_an_answer(self):
		for act in (
			lambda: self.its_case.close("Resolve", "Filled"),
			lambda: self.its_case.take_action("Resolve", "Filled"),
			lambda: self.its_case.cancel("Twice"),
		):
			with self.assertRaisesRegex(frappe.MandatoryError, self.service_request.name):
				act()

	def test_reopening_opens_them_again(self):
		self.its_case.close("Resolve", "Filled", "Thank you")
		self.its_case.reopen("Again")
		request = self.service_request.reload()
		self.assertEqual((request.status, request.closed_datetime), ("Open", None))


class TestParts(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.parent = self.case(SUE)
		frappe.get_cached_doc("GovCRM Settings")

	def refer(self, department: str = "Water"):
		return frappe.get_doc("Case", self.parent.refer(department, "Is the main sound?", "POTHOLE"))

	def end(self, part, action: str = "Resolve"):
		frappe.set_user("Administrator")
		frappe.get_doc("Case", part.name).take_action(action, "Sound")
		frappe.set_user(SUE)

	def close_parent(self):
		self.parent = frappe.get_doc("Case", self.parent.name)
		self.parent.close("Resolve", "Filled", "Thank you")

	def test_the_other_department_works_a_case_of_its_own(self):
		part = self.refer()
		self.assertEqual((part.department, part.parent_case), ("Water", self.parent.name))
		self.assertTrue(frappe.has_permission("Case", "write", part.name, user=BOB))
		self.assertFalse(frappe.has_permission("Case", "read", self.parent.name, user=BOB))

	def test_the_asking_department_can_read_the_part(self):
		part = self.refer()
		self.assertTrue(frappe.has_permission("Case", "read", part.name, user=ALICE))

	def test_the_parent_waits_for_its_parts(self):
		part = self.refer()
		with self.assertRaisesRegex(BlockedError, part.name):
			self.close_parent()
		self.end(part)
		self.close_parent()

	def test_any_part_will_do_and_the_others_go_on_alone(self):
		first, second = self.refer(), self.refer_to_fire()
		self.parent.db_set("join_rule", "Any")
		self.end(first)
		self.close_parent()
		self.assertEqual(second.reload().holds_parent, 0)
		self.assertIn("detach", self.events(second))
		self.assertEqual(second.state_category, "Open")

	def refer_to_fire(self):
		frappe.set_user("Administrator")
		make_department("Fire")
		frappe.set_user(SUE)
		return self.refer("Fire")

	def test_waiting_for_fewer_parts_is_for_supervisors(self):
		self.refer()
		frappe.set_user(ALICE)
		parent = frappe.get_doc("Case", self.parent.name)
		parent.join_rule = "Any"
		self.assertRaises(frappe.PermissionError, parent.save)
		frappe.set_user(SUE)
		parent = frappe.get_doc("Case", self.parent.name)
		parent.join_rule = "Any"
		parent.save()

	def test_the_parent_learns_when_its_last_part_ends(self):
		self.end(self.refer())
		self.assertEqual(self.events(self.parent)[-2:], ["part_ended", "parts_complete"])

	def test_a_cancelled_part_blocks_no_parent(self):
		self.end(self.refer(), "Cancel")
		self.close_parent()

	def test_a_part_of_a_dissolved_department_blocks_no_parent(self):
		self.refer()
		frappe.set_user("Administrator")
		water = frappe.get_doc("Agency Department", "Water")
		water.active = 0
		water.save()
		frappe.set_user(SUE)
		self.close_parent()

	def test_a_released_part_blocks_no_parent(self):
		part = self.refer()
		self.parent.release_part(part.name, "Not needed")
		self.close_parent()

	def test_only_a_part_of_this_case_can_be_released(self):
		self.assertRaises(frappe.ValidationError, self.parent.release_part, self.parent.name, "x")

	def test_cancelling_the_parent_sets_its_parts_free(self):
		part = self.refer()
		self.parent.cancel("Filed twice")
		self.assertEqual((part.reload().holds_parent, part.state_category), (0, "Open"))

	def test_a_department_cannot_be_made_to_wait_for_itself(self):
		part = self.refer()
		self.assertRaises(frappe.ValidationError, self.parent.refer, "Public Works", "x", "POTHOLE")
		frappe.set_user(BOB)
		self.assertRaises(frappe.ValidationError, part.refer, "Public Works", "x", "POTHOLE")

	def test_a_program_that_does_not_exist_is_refused_in_words(self):
		self.assertRaises(frappe.ValidationError, self.parent.refer, "Water", "Look", "NO-SUCH")

	def test_a_department_out_of_service_is_asked_nothing(self):
		frappe.set_user("Administrator")
		make_department("Dissolved", active=0)
		self.assertRaises(frappe.ValidationError, self.refer, "Dissolved")
