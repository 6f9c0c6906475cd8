import frappe
from frappe.model.workflow import get_transitions

from govcrm.domain.workflow import check, from_dict
from govcrm.setup import seed
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_program, make_user, make_version
from govcrm.workflows import designers, guard, snapshot, sync


def draw(name="Test Workflow", **changes):
	"""A copy of the shipped fix-it workflow under another name, not saved."""
	workflow = frappe.copy_doc(frappe.get_doc("Workflow", "Fix-it Request"))
	workflow.update({"workflow_name": name, **changes})
	return workflow


def row(workflow, state):
	return next(one for one in workflow.states if one.state == state)


class TestWorkflowGuard(GovCRMTestCase):
	def assert_refused(self, workflow, text):
		with self.assertRaises(guard.UnsoundWorkflow) as refused:
			workflow.save()
		self.assertIn(text, str(refused.exception))

	def test_a_sound_copy_is_saved(self):
		self.assertEqual(draw().insert().name, "Test Workflow")

	def test_a_dead_end_is_refused_with_the_state_named(self):
		workflow = draw().insert()
		workflow.transitions = [one for one in workflow.transitions if one.state != "In Progress"]
		self.assert_refused(workflow, "A case in state In Progress could never be closed")

	def test_a_state_without_category_is_refused(self):
		workflow = draw()
		row(workflow, "On Hold").state_category = ""
		self.assert_refused(workflow, "State On Hold has no category")

	def test_a_disabled_role_is_refused(self):
		frappe.db.set_value("Role", "Case Supervisor", "disabled", 1)
		self.assert_refused(draw(), "for the role Case Supervisor, which does not exist")

	def test_names_in_the_message_are_shown_as_text(self):
		workflow = draw()
		workflow.transitions[0].condition = "<b>bold</b>"
		self.assert_refused(workflow, "Start Work")
		workflow.transitions[0].condition = "'<img>' +"
		with self.assertRaises(guard.UnsoundWorkflow) as refused:
			workflow.save()
		self.assertNotIn("<img>", str(refused.exception))

	def test_it_cannot_be_made_active(self):
		self.assert_refused(draw(is_active=1), "stays inactive")

	def test_cases_are_never_submitted_by_a_workflow(self):
		workflow = draw()
		row(workflow, "Cancelled").doc_status = "1"
		self.assert_refused(workflow, "never submitted")

	def test_a_state_may_not_set_who_sees_or_works_a_case(self):
		for field in (
			"confidentiality",
			"department",
			"assignee",
			"program_version",
			"state_category",
			"nonsense",
		):
			workflow = draw()
			row(workflow, "Resolved").update({"update_field": field, "update_value": "Public"})
			self.assert_refused(workflow, "Resolved")

	def test_a_state_may_set_the_outcome(self):
		workflow = draw()
		row(workflow, "Resolved").update({"update_field": "outcome", "update_value": "Repaired"})
		self.assertTrue(workflow.insert())

	def test_the_state_field_is_that_of_the_case(self):
		self.assert_refused(draw(workflow_state_field="status"), "workflow_state")

	def test_the_builder_may_begin_with_an_empty_one(self):
		empty = {"doctype": "Workflow", "workflow_name": "Empty", "document_type": "Case"}
		self.assertTrue(frappe.get_doc(empty).insert())

	def test_workflows_of_other_documents_are_left_alone(self):
		workflow = draw(document_type="ToDo", is_active=1)
		for one in workflow.states:
			one.state_category = ""
		guard.check_case_workflow(workflow)  # saving it would add a column to ToDo

	def test_one_in_use_is_not_deleted(self):
		draw().insert()
		version = make_version(make_program("GUARD"), publish=False, workflow="Test Workflow")
		with self.assertRaises(frappe.LinkExistsError) as refused:
			frappe.delete_doc("Workflow", "Test Workflow")
		self.assertIn(version.name, str(refused.exception))

	def test_one_that_nobody_uses_is_deleted(self):
		draw().insert()
		frappe.delete_doc("Workflow", "Test Workflow")
		self.assertFalse(frappe.db.exists("Workflow", "Test Workflow"))


class TestDesigners(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		designers.grant()
		make_user("designer@example.org", "Program Designer")
		frappe.set_user("designer@example.org")

	def test_a_program_designer_draws_workflows_of_cases(self):
		workflow = draw().insert()
		workflow.states[0].message = "Hello"
		workflow.save()
		workflow.delete()

	def test_a_program_designer_draws_no_others(self):
		todo = draw(document_type="ToDo")
		self.assertRaises(frappe.PermissionError, todo.insert)
		case = draw().insert()
		case.document_type = "ToDo"
		self.assertRaises(frappe.PermissionError, case.save)

	def test_a_program_designer_takes_over_no_others(self):
		draw().insert()
		frappe.db.set_value("Workflow", "Test Workflow", "document_type", "ToDo")
		workflow = frappe.get_doc("Workflow", "Test Workflow")
		self.assertRaises(frappe.PermissionError, workflow.delete)
		workflow.document_type = "Case"
		self.assertRaises(frappe.PermissionError, workflow.save)

	def test_the_builder_opens_for_designers_and_still_for_system_managers(self):
		custom = frappe.get_doc("Custom Role", {"page": designers.BUILDER})
		self.assertLessEqual({"System Manager", *designers.DESIGNERS}, {row.role for row in custom.roles})

	def test_revoking_leaves_frappe_as_it_was(self):
		frappe.set_user("Administrator")
		designers.revoke()
		self.assertFalse(frappe.db.exists("Custom DocPerm", {"parent": ["in", list(designers.RIGHTS)]}))
		self.assertFalse(frappe.db.exists("Custom Role", {"page": designers.BUILDER}))


class TestSync(GovCRMTestCase):
	def test_the_shipped_workflows_are_there_and_inactive(self):
		for definition in sync.definitions():
			workflow = frappe.get_doc("Workflow", definition["name"])
			self.assertEqual((workflow.document_type, workflow.is_active), ("Case", 0))

	def test_what_the_agency_changed_is_kept(self):
		workflow = frappe.get_doc("Workflow", "Permit")
		workflow.states[0].message = "Edited here"
		workflow.save()
		frappe.db.set_value("Workflow State", "On Hold", "style", "Danger")
		for definition in sync.definitions():
			sync.sync_workflow(definition)
		self.assertEqual(frappe.get_doc("Workflow", "Permit").states[0].message, "Edited here")
		self.assertEqual(frappe.db.get_value("Workflow State", "On Hold", "style"), "Danger")

	def test_what_is_missing_is_made_as_it_was_shipped(self):
		frappe.delete_doc("Workflow", "Complaint")
		definition = next(one for one in sync.definitions() if one["name"] == "Complaint")
		sync.sync_workflow(definition)
		self.assertEqual(from_dict(snapshot.take("Complaint")), from_dict(definition))

	def test_what_the_agency_deleted_does_not_come_back_with_the_next_migrate(self):
		frappe.delete_doc("Workflow", "Complaint")
		seed.seed()
		self.assertFalse(frappe.db.exists("Workflow", "Complaint"))


class TestSnapshot(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		self.version = make_version(make_program("SNAP"), workflow=draw().insert().name)

	def test_a_published_version_keeps_its_workflow_when_the_record_is_redrawn(self):
		workflow = frappe.get_doc("Workflow", "Test Workflow")
		workflow.transitions[0].action = "Put on Hold"
		workflow.transitions[0].next_state = "On Hold"
		workflow.transitions.pop(1)
		workflow.save()
		self.assertEqual(snapshot.load(self.version.name).transitions[0].action, "Start Work")

	def test_it_is_a_workflow_that_frappe_can_read(self):
		workflow = snapshot.load(self.version.name)
		case = frappe.new_doc("Case", name="CASE-TEST", workflow_state="New")
		case.flags.ignore_permissions = True  # asks for the transitions only; no case is stored
		case.check_permission = lambda *args: None
		case.set("__islocal", None)
		make_user("boss@example.org", "Case Supervisor")
		frappe.set_user("boss@example.org")
		self.addCleanup(frappe.set_user, "Administrator")
		self.assertEqual([one["action"] for one in get_transitions(case, workflow=workflow)], ["Cancel"])

	def test_it_is_built_once_and_again_after_a_change(self):
		first = snapshot.load(self.version.name)
		self.assertIs(snapshot.load(self.version.name), first)
		frappe.db.set_value("Program Version", self.version.name, "legal_basis", "City Code 1")
		self.assertIsNot(snapshot.load(self.version.name), first)

	def test_the_checker_finds_it_sound(self):
		self.assertEqual(check(snapshot.model(self.version.name)), [])

	def test_a_draft_has_none(self):
		draft = make_version(make_program("SNAP2"), publish=False)
		self.assertRaises(snapshot.NotPublished, snapshot.load, draft.name)
