import frappe
from frappe.utils import add_days, getdate, today

from govcrm.casework.holds import end_due_holds
from govcrm.gate import links
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case, make_department, make_task, make_worker

ALICE, SUE, BOB = "alice@example.org", "sue@example.org", "bob@example.org"


class TestCaseTask(GovCRMTestCase):
	"""Alice works in Public Works, Sue supervises it, Bob works at Water."""

	def setUp(self) -> None:
		super().setUp()
		make_worker(ALICE)
		make_worker(SUE, supervisor=True)
		make_worker(BOB, "Water")
		self.its_case = make_case()

	def task(self, as_user: str = ALICE, **values):
		task = make_task(self.its_case, **values)
		frappe.set_user(as_user)
		return frappe.get_doc("Case Task", task.name)

	def events(self) -> list[str]:
		return frappe.get_all(
			"Case Event", {"case": self.its_case.name}, pluck="verb", order_by="creation, name"
		)

	# Verbs -------------------------------------------------------------------------------------------------

	def test_who_starts_a_task_that_nobody_has_owns_it(self):
		task = self.task()
		task.start()
		self.assertEqual((task.status, task.assigned_to), ("In Progress", ALICE))
		self.assertEqual(frappe.db.get_value("Case Task", task.name, "assigned_to"), ALICE)

	def test_completing_says_who_when_and_what(self):
		task = self.task()
		task.start()
		task.complete("All sound")
		self.assertEqual((task.status, task.result, task.completed_by), ("Completed", "All sound", ALICE))
		self.assertEqual(frappe.db.get_value("Case Task", task.name, "assigned_to"), ALICE)
		self.assertFalse(frappe.db.exists("ToDo", {"reference_name": task.name, "status": "Open"}))

	def test_every_verb_leaves_an_event_on_the_case(self):
		task = self.task()
		task.start()
		task.hold(add_days(today(), 5), "Frost")
		task.resume()
		task.complete()
		expected = ["task_start", "task_hold", "task_resume", "task_complete"]
		self.assertEqual([verb for verb in self.events() if verb in expected], expected)

	def test_a_verb_out_of_turn_is_refused(self):
		task = self.task()
		task.complete()
		for act in (task.start, task.complete, lambda: task.hold(add_days(today(), 2), "x")):
			self.assertRaises(frappe.ValidationError, act)

	def test_a_document_returned_by_a_verb_can_be_saved_again(self):
		task = self.task()
		task.start()
		task.due = add_days(today(), 3)
		task.save()

	def test_who_cannot_see_the_case_cannot_act(self):
		self.assertRaises(frappe.PermissionError, self.task(BOB).start)

	# Holds -------------------------------------------------------------------------------------------------

	def test_a_hold_lasts_1_to_120_days_and_has_a_reason(self):
		task = self.task()
		for until in (today(), add_days(today(), 121), add_days(today(), -1)):
			self.assertRaises(frappe.ValidationError, task.hold, until, "Frost")
		self.assertRaises(frappe.MandatoryError, task.hold, add_days(today(), 5), " ")

	def test_a_hold_ends_by_itself_on_its_day(self):
		task = self.task()
		task.hold(add_days(today(), 1), "Frost")
		frappe.set_user("Administrator")
		end_due_holds()
		self.assertEqual(task.reload().status, "On Hold")
		task.db_set("hold_until", getdate(today()))
		self.assertEqual(end_due_holds(), {})
		self.assertEqual((task.reload().status, task.hold_until), ("In Progress", None))

	# Who ---------------------------------------------------------------------------------------------------

	def test_who_is_given_a_task_takes_part_in_the_case(self):
		task = self.task(SUE)
		self.assertFalse(frappe.has_permission("Case", "read", self.its_case.name, user=BOB))
		task.assign(BOB)
		self.assertTrue(frappe.has_permission("Case", "read", self.its_case.name, user=BOB))
		self.assertTrue(frappe.has_permission("Case Task", "write", task.name, user=BOB))
		self.assertFalse(frappe.db.exists("DocShare", {"share_name": task.name}))

	def test_whose_task_is_given_on_takes_part_no_longer(self):
		task = self.task(SUE)
		task.assign(BOB)
		task.assign(ALICE)
		self.assertFalse(frappe.has_permission("Case", "read", self.its_case.name, user=BOB))
		self.assertFalse(frappe.db.exists("ToDo", {"allocated_to": BOB, "status": "Open"}))

	def test_a_task_of_another_department_lets_it_take_part(self):
		make_task(self.its_case, assigned_department=make_department("Water").name)
		self.assertTrue(frappe.has_permission("Case", "read", self.its_case.name, user=BOB))

	def test_a_task_moved_to_another_department_takes_the_part_along(self):
		task = make_task(self.its_case, assigned_department=make_department("Water").name)
		task.assigned_department = "Public Works"
		task.save()
		self.assertFalse(frappe.has_permission("Case", "read", self.its_case.name, user=BOB))

	def test_giving_tasks_to_others_is_for_supervisors(self):
		self.assertRaises(frappe.PermissionError, self.task(ALICE).assign, BOB)

	def test_nor_can_others_give_them_by_adding_them(self):
		frappe.set_user(ALICE)
		self.assertRaises(frappe.PermissionError, make_task, self.its_case, assigned_to=BOB)
		self.assertEqual(make_task(self.its_case, assigned_to=ALICE).assigned_to, ALICE)

	def test_who_cannot_work_the_case_cannot_add_tasks_to_it(self):
		frappe.set_user(BOB)
		task = frappe.get_doc({"doctype": "Case Task", "case": self.its_case.name, "title": "Spy"})
		links.install()
		self.assertRaises(frappe.LinkValidationError, task.insert)

	# Gates -------------------------------------------------------------------------------------------------

	def test_what_the_case_waits_for_only_a_supervisor_can_drop(self):
		task = self.task(ALICE, required=1)
		self.assertRaises(frappe.PermissionError, task.cancel, "No need")
		frappe.set_user(SUE)
		task.cancel("No need")
		self.assertEqual(task.status, "Cancelled")

	def test_nor_can_others_make_it_optional(self):
		task = self.task(ALICE, required=1)
		task.required = 0
		self.assertRaises(frappe.PermissionError, task.save)

	def test_fields_of_verbs_cannot_be_edited(self):
		for field, value in (("status", "Completed"), ("assigned_to", BOB), ("completed_by", ALICE)):
			task = self.task()
			task.set(field, value)
			self.assertRaises(frappe.PermissionError, task.save)

	def test_nor_can_they_be_sent_along_with_a_new_task(self):
		task = self.task(completed_by=ALICE, hold_until=add_days(today(), 5))
		self.assertEqual((task.completed_by, task.hold_until), (None, None))

	def test_a_closed_case_takes_no_new_tasks(self):
		frappe.set_user(SUE)
		frappe.get_doc("Case", self.its_case.name).close("Resolve", "Filled", "Thank you")
		self.assertRaises(frappe.ValidationError, make_task, self.its_case)
