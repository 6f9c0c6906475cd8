import frappe
from frappe.model.workflow import WorkflowPermissionError, WorkflowTransitionError
from frappe.utils import add_days, getdate, now_datetime, today

from govcrm.casework import events
from govcrm.casework.holds import end_due_holds
from govcrm.casework.opening import build_case, open_case
from govcrm.casework.verbs.transitionable import MovedMeanwhileError
from govcrm.tests.casework import ALICE, BOB, CaseTestCase
from govcrm.tests.factories import make_case, make_published_program


class TestOpening(CaseTestCase):
	def request(self, **values):
		program = make_published_program("TREE", {"checklist": [{"title": "Look", "due_days": 3}]}, **values)
		return frappe._dict(
			program=program.name,
			program_version=program.current_version,
			department=program.department,
			requested_datetime=now_datetime(),
			address_string="1 Main St",
			channel="Phone",
			flags=frappe._dict(),
		)

	def test_a_case_starts_in_the_first_state_of_its_workflow(self):
		case = open_case(self.request())
		self.assertEqual((case.workflow_state, case.state_category), ("New", "Open"))
		self.assertEqual(self.events(case), ["open"])

	def test_a_case_takes_the_name_its_request_gave_it(self):
		request = self.request()
		request.case = "CASE-GIVEN"
		self.assertEqual(open_case(request).name, "CASE-GIVEN")

	def test_the_checklist_becomes_tasks(self):
		case = open_case(self.request())
		task = frappe.get_last_doc("Case Task", {"case": case.name})
		self.assertEqual((task.title, task.status, task.required), ("Look", "Assigned", 1))
		self.assertEqual(task.due, add_days(getdate(case.opened_datetime), 3))

	def test_the_place_is_in_the_subject_only_where_the_program_allows_it(self):
		self.assertEqual(build_case(self.request(place_in_subject=1)).subject, "Tree: 1 Main St")
		frappe.db.set_value("Agency Program", "TREE", "place_in_subject", 0)
		frappe.clear_document_cache("Agency Program", "TREE")
		self.assertEqual(build_case(frappe._dict(self.request_again())).subject, "Tree")

	def request_again(self):
		version = frappe.db.get_value("Agency Program", "TREE", "current_version")
		return {
			"program": "TREE",
			"program_version": version,
			"address_string": "1 Main St",
			"flags": frappe._dict(),
		}

	def test_history_arrives_closed_at_its_own_time_and_without_tasks(self):
		request = self.request()
		request.update(channel="Import", closed_datetime=now_datetime())
		case = open_case(request)
		self.assertEqual((case.workflow_state, case.state_category), ("Resolved", "Closed"))
		self.assertEqual(self.events(case), ["open", "close"])
		self.assertFalse(frappe.db.exists("Case Task", {"case": case.name}))


class TestTransitions(CaseTestCase):
	def test_an_action_moves_the_case_and_leaves_an_event(self):
		case = self.case(ALICE)
		case.take_action("Start Work")
		event = self.last_event(case)
		self.assertEqual(
			(event.action, event.from_state, event.to_state), ("Start Work", "New", "In Progress")
		)
		self.assertEqual(event.actor, ALICE)

	def test_a_new_category_needs_a_reason(self):
		self.assertRaises(frappe.MandatoryError, self.case(ALICE).take_action, "Put on Hold")

	def test_a_role_that_the_workflow_does_not_name_cannot_act(self):
		self.assertRaises(WorkflowTransitionError, self.case(ALICE).take_action, "Cancel", "no need")

	def test_an_action_of_another_state_is_refused_with_those_possible(self):
		with self.assertRaisesRegex(WorkflowTransitionError, "Start Work"):
			self.case(ALICE).take_action("Reopen", "again")

	def test_who_may_only_read_cannot_act(self):
		case = make_case()
		frappe.set_user(BOB)
		self.assertRaises(frappe.PermissionError, frappe.get_doc("Case", case.name).take_action, "Start Work")

	def test_a_stale_copy_is_refused(self):
		case = self.case(ALICE)
		stale = frappe.get_doc("Case", case.name)
		case.take_action("Start Work")
		self.assertRaises(MovedMeanwhileError, stale.take_action, "Start Work")

	def test_what_a_client_makes_up_is_not_believed(self):
		case = make_case()
		frappe.set_user(BOB)
		forged = frappe.get_doc({**case.as_dict(), "department": "Water", "assignee": BOB})
		self.assertRaises(frappe.PermissionError, forged.take_action, "Start Work")

	def test_fields_of_verbs_cannot_be_edited(self):
		for field, value in (("workflow_state", "Resolved"), ("department", "Water"), ("assignee", BOB)):
			case = self.case()
			case.set(field, value)
			self.assertRaises(frappe.PermissionError, case.save)

	def test_other_fields_can(self):
		case = self.case(ALICE)
		case.priority = "Urgent"
		case.save()
		self.assertEqual(frappe.db.get_value("Case", case.name, "priority"), "Urgent")

	def test_events_are_neither_rewritten_nor_deleted(self):
		event = self.last_event(self.open_and_start())
		event.reason = "another"
		self.assertRaises(frappe.PermissionError, event.save)
		self.assertRaises(frappe.PermissionError, event.delete)

	def open_and_start(self):
		case = self.case(ALICE)
		case.take_action("Start Work")
		frappe.set_user("Administrator")
		return case


class TestWaiting(CaseTestCase):
	def test_waiting_says_for_what_and_until_when(self):
		case = self.case(ALICE)
		case.wait_for("Parts ordered", until=add_days(today(), 10))
		self.assertEqual((case.state_category, case.waiting_reason), ("Waiting", "Parts ordered"))

	def test_a_wait_lasts_1_to_120_days(self):
		for days in (0, 121, -1):
			self.assertRaises(frappe.ValidationError, self.case(ALICE).wait_for, "x", add_days(today(), days))

	def test_resuming_clears_the_wait(self):
		case = self.case(ALICE)
		case.wait_for("Parts ordered")
		case.resume("They came")
		self.assertEqual((case.state_category, case.waiting_reason), ("Open", None))

	def test_a_wait_ends_by_itself_on_its_day(self):
		case = self.case(ALICE)
		case.wait_for("Parts ordered", until=add_days(today(), 1))
		frappe.set_user("Administrator")
		end_due_holds()
		self.assertEqual(case.reload().state_category, "Waiting")
		case.db_set("waiting_until", today())
		self.assertEqual(end_due_holds(), {})
		self.assertEqual(case.reload().state_category, "Open")
		self.assertEqual(self.last_event(case).actor, "Administrator")


class TestWorkflowRecord(CaseTestCase):
	"""What Frappe's Workflow says about states and transitions is honoured."""

	def change_workflow(self, change) -> None:
		"""Redraw the copy the version pins, as if it had been published so."""
		make_published_program("POTHOLE")
		version = frappe.get_doc("Program Version", "POTHOLE-v1")
		pinned = frappe.parse_json(version.workflow_snapshot)
		change(pinned)
		version.db_set("workflow_snapshot", frappe.as_json(pinned))
		frappe.clear_document_cache("Program Version", version.name)

	def test_a_state_can_set_a_field(self):
		def set_priority(pinned):
			pinned["states"][1].update(update_field="priority", update_value="High")

		self.change_workflow(set_priority)
		case = self.case(ALICE)
		case.take_action("Start Work")
		self.assertEqual(case.reload().priority, "High")

	def test_a_condition_is_asked(self):
		def only_urgent(pinned):
			pinned["transitions"][0]["condition"] = "doc.priority == 'Urgent'"

		self.change_workflow(only_urgent)
		self.assertRaises(WorkflowTransitionError, self.case(ALICE).take_action, "Start Work")
		frappe.set_user("Administrator")
		self.case(ALICE, priority="Urgent").take_action("Start Work")

	def test_self_approval_is_refused_at_the_act(self):
		def second_signature(pinned):
			pinned["transitions"][0]["allow_self_approval"] = 0

		self.change_workflow(second_signature)
		case = self.case(ALICE)
		case.accept()
		self.assertRaises(WorkflowPermissionError, case.take_action, "Start Work")


class TestEvents(CaseTestCase):
	def test_one_writer_fills_who_when_and_where_from(self):
		case = self.case(ALICE)
		event = events.write(case, "note", reason="Looked at it")
		self.assertEqual((event.actor, event.from_state, event.to_state), (ALICE, "New", "New"))
