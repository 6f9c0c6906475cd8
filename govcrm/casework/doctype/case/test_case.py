import calendar

import frappe
from frappe.cache_manager import clear_doctype_map
from frappe.desk.form import assign_to
from frappe.model.workflow import WorkflowPermissionError, WorkflowTransitionError
from frappe.utils import add_days, getdate, now_datetime, today

from govcrm.api.casework import services
from govcrm.casework import events
from govcrm.casework.form import form_facts
from govcrm.casework.holds import end_due_holds
from govcrm.casework.opening import build_case, open_case
from govcrm.casework.verbs.guarded import BlockedError
from govcrm.casework.verbs.transitionable import MovedMeanwhileError
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import (
	make_case,
	make_department,
	make_published_program,
	make_task,
	make_worker,
)

ALICE, SUE, BOB = "alice@example.org", "sue@example.org", "bob@example.org"


class CaseTestCase(GovCRMTestCase):
	"""Alice works in Public Works, Sue supervises it, Bob works at Water."""

	def setUp(self) -> None:
		super().setUp()
		make_worker(ALICE)
		make_worker(SUE, supervisor=True)
		make_worker(BOB, "Water")

	def case(self, as_user: str | None = None, **values):
		case = make_case(**values)
		frappe.set_user(as_user or frappe.session.user)
		return frappe.get_doc("Case", case.name)

	def events(self, case) -> list[str]:
		return frappe.get_all("Case Event", {"case": case.name}, pluck="verb", order_by="creation, name")

	def last_event(self, case):
		return frappe.get_last_doc("Case Event", {"case": case.name})


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
		rule = frappe.get_doc(
			{
				"doctype": "Assignment Rule",
				"name": "Potholes",
				"document_type": "Case",
				"assign_condition": "priority == 'Urgent'",
				"rule": "Round Robin",
				"description": "x",
				"users": [{"user": BOB}],
				"assignment_days": [{"day": day} for day in calendar.day_name],
			}
		)
		self.addCleanup(clear_doctype_map, "Assignment Rule", "Case")
		rule.insert()
		case = make_case(priority="Urgent")
		self.assertEqual(case.reload().assignee, BOB)


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

	def test_a_department_out_of_service_takes_no_cases(self):
		make_department("Dissolved", active=0)
		self.assertRaises(frappe.ValidationError, self.case(SUE).transfer, "Dissolved", "x")

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

	def test_opening_a_case_to_more_eyes_is_for_supervisors(self):
		for user, refused in ((ALICE, True), (SUE, False)):
			frappe.set_user("Administrator")
			case = self.case(user)
			case.confidentiality = "Public"
			if refused:
				self.assertRaises(frappe.PermissionError, case.save)
			else:
				case.save()


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

	def test_a_department_out_of_service_is_asked_nothing(self):
		frappe.set_user("Administrator")
		make_department("Dissolved", active=0)
		self.assertRaises(frappe.ValidationError, self.refer, "Dissolved")


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


class TestEvents(CaseTestCase):
	def test_one_writer_fills_who_when_and_where_from(self):
		case = self.case(ALICE)
		event = events.write(case, "note", reason="Looked at it")
		self.assertEqual((event.actor, event.from_state, event.to_state), (ALICE, "New", "New"))
