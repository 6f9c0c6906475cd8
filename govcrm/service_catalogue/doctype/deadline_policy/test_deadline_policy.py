import frappe

from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_program, make_version
from govcrm.tests.test_clocks import make_calendar, make_policy, milestone


class TestDeadlinePolicy(GovCRMTestCase):
	def refused(self, words: str, *milestones: dict, **more) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, words):
			make_policy(*milestones, **more)

	def test_what_is_wrong_is_said_with_the_row(self):
		self.refused("row 1: .*whole number", milestone(amount=1.5))
		self.refused("row 2: .*row 1 of the same code", milestone(), milestone())
		self.refused("cannot be used", milestone(condition="import os"))
		self.refused("1 to 99", milestone(warn_at="50, 100"))

	def test_a_step_needs_a_milestone_and_a_user_who_is_there(self):
		step = {"milestone": "unknown", "at_percent": 100, "step": "Notify Supervisors"}
		self.refused("no milestone unknown", escalations=(step,))
		frappe.db.set_value("User", "Guest", "enabled", 0)
		step = {"at_percent": 100, "step": "Reassign", "user": "Guest"}
		self.refused("is disabled", escalations=(step,))

	def test_what_does_not_apply_is_cleared(self):
		policy = make_policy(milestone(stop_state="Resolved", breach_action="Resolve"))
		row = policy.milestones[0]
		self.assertEqual((row.stop_state, row.breach_action), (None, None))

	def test_the_dates_of_the_rows_are_shown(self):
		policy = make_policy(milestone(), milestone("quick", amount=2, unit="Working Hours"))
		found = policy.preview(make_calendar().name, "2026-11-16 08:00:00")
		self.assertEqual([row["label"] for row in found], ["Decision", "Quick"])
		self.assertTrue(all(row["due"] for row in found))


class TestPublishing(GovCRMTestCase):
	def version(self, *milestones: dict, **policy):
		made = make_policy(*milestones, **policy)
		return make_version(make_program(), publish=False, deadline_policy=made.name)

	def defects(self, version) -> str:
		return " ".join(found["message"] for found in version.check_now() if found["part"] == "Deadlines")

	def test_publishing_pins_the_policy(self):
		version = make_version(make_program(), deadline_policy=make_policy(milestone(amount=10)).name)
		policy = frappe.get_doc("Deadline Policy", "Prompt")
		policy.milestones[0].amount = 99
		policy.save()
		pinned = frappe.parse_json(frappe.get_doc("Program Version", version.name).deadline_snapshot)
		self.assertEqual(pinned["milestones"][0]["amount"], 10)

	def test_a_version_without_policy_pins_none(self):
		version = make_version(make_program())
		self.assertIsNone(version.deadline_snapshot)

	def test_a_state_that_the_workflow_lacks_keeps_it_from_being_published(self):
		states = frappe.get_all("Workflow State", {"name": "Inspection"}, order_by="name")
		self.assertTrue(states)
		version = self.version(milestone(stop_event="State Entered", stop_state="Inspection"))
		self.assertIn("Inspection is not in the workflow", self.defects(version))
		self.assertRaises(frappe.ValidationError, version.submit)

	def test_a_deemed_decision_needs_an_action_that_closes(self):
		law = {"on_breach": "Deemed Granted", "nature": "Statutory", "citation": "§ 42"}
		version = self.version(milestone(breach_action="Start Work", **law))
		self.assertIn("Start Work is not in the workflow, or does not close", self.defects(version))

	def test_a_condition_asks_for_questions_of_the_version(self):
		version = self.version(milestone(condition="size == 1"), milestone())
		self.assertIn("asks for size, which is no question", self.defects(version))

	def test_a_sound_policy_has_no_defects(self):
		self.assertEqual(self.defects(self.version(milestone())), "")
