"""Who is recused from a case is given no part of it, by whatever way."""

import frappe
from frappe.desk.form import assign_to
from frappe.utils import add_days, today

from govcrm.casework.form import form_facts
from govcrm.casework.queues import giving, recusals
from govcrm.gate import links
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_department, make_profile, make_task, make_worker


class RecusalTestCase(CaseTestCase):
	def recuse(self, case, user: str = ALICE, **values):
		said = {"doctype": "Recusal", "user": user, "case": case.name, "reason": "Her brother asked."}
		return frappe.get_doc({**said, **values}).insert()

	def assignee(self, case) -> str | None:
		return frappe.db.get_value("Case", case.name, "assignee")

	def refuses(self, act) -> None:
		with self.assertRaisesRegex(frappe.PermissionError, "recused"):
			act()

	def is_not_there(self, act) -> None:
		"""What the recused person is told is what anybody is who may not see the case."""
		with self.assertRaises(frappe.PermissionError) as refusal:
			act()
		self.assertNotIn("recused", str(refusal.exception))


class TestNoWay(RecusalTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.its_case = self.case()
		self.recuse(self.its_case)

	def as_user(self, user: str):
		frappe.set_user(user)
		return frappe.get_doc("Case", self.its_case.name)

	def test_by_taking_it(self):
		self.is_not_there(self.as_user(ALICE).accept)

	def test_by_a_supervisor(self):
		case = self.as_user(SUE)
		self.refuses(lambda: case.assign(ALICE))

	def test_by_the_sidebar(self):
		self.as_user(SUE)
		words = {"assign_to": [ALICE], "doctype": "Case", "name": self.its_case.name}
		self.refuses(lambda: assign_to.add(words))

	def test_by_an_assignment_rule(self):
		self.refuses(lambda: self.as_user("Administrator").assign_by_rule(ALICE))

	def test_by_the_method_of_the_department(self):
		works = make_department()
		works.update({"assignment_method": "Given By Load"}).save()
		case = self.as_user("Administrator")
		giving.give_out(case)
		self.assertIsNone(self.assignee(case))
		self.assertIn("Alice is recused", self.last_event(case).detail)

	def test_by_the_choice_of_an_escalation(self):
		self.assertIsNone(giving.choose(self.its_case))

	def test_by_a_task(self):
		task = make_task(self.its_case)
		frappe.set_user(SUE)
		self.refuses(lambda: task.assign(ALICE))
		self.refuses(lambda: make_task(self.its_case, assigned_to=ALICE))
		frappe.set_user(ALICE)
		self.is_not_there(frappe.get_doc("Case Task", task.name).start)
		self.refuses(lambda: frappe.get_doc("Case Task", task.name).assign_by_rule(ALICE))

	def test_by_acting_on_it_without_having_it(self):
		case = self.as_user(ALICE)
		self.is_not_there(lambda: case.close("Resolve", "My brother is right.", status_notes="Granted."))
		self.is_not_there(lambda: case.refer("Public Works", "Agree with my brother."))
		task = make_task(self.its_case)
		self.is_not_there(lambda: frappe.get_doc("Case Task", task.name).complete("He is right."))

	def test_by_what_the_form_offers(self):
		facts = form_facts(self.as_user(ALICE))
		self.assertEqual((facts["actions"], facts["verbs"]), ([], []))
		self.assertTrue(form_facts(self.as_user(SUE))["actions"])

	def test_as_a_deputy(self):
		works = make_department()
		works.update({"assignment_method": "Given In Turn"}).save()
		make_worker("ann@example.org")
		make_profile("ann@example.org", away_from=today(), deputy=ALICE)
		case = self.as_user("Administrator")
		giving.give_out(case)
		self.assertIsNone(self.assignee(case))


class TestRecusal(RecusalTestCase):
	def test_the_case_is_taken_from_who_has_it_with_an_event(self):
		case = self.case(as_user=SUE)
		case.assign(ALICE)
		self.recuse(case)
		self.assertIsNone(self.assignee(case))
		event = self.last_event(case)
		self.assertEqual((event.verb, event.detail), ("take_away", ALICE))
		self.assertIn("recused", event.reason)
		self.assertFalse(frappe.db.exists("Case Participant", {"case": case.name, "user": ALICE}))
		todo = {"reference_name": case.name, "allocated_to": ALICE, "status": "Open"}
		self.assertFalse(frappe.db.exists("ToDo", todo))

	def test_open_tasks_are_taken_away_as_well(self):
		case = self.case(as_user=SUE)
		task = make_task(case, assigned_to=ALICE)
		self.recuse(case)
		self.assertIsNone(frappe.db.get_value("Case Task", task.name, "assigned_to"))
		self.assertFalse(frappe.db.exists("Case Participant", {"case": case.name, "user": ALICE}))

	def test_it_binds_between_its_days(self):
		case = self.case(as_user=SUE)
		days = ((-3, -1, False), (-1, 0, True), (0, None, True), (1, 5, False))
		for first, last, bound in days:
			frappe.db.delete("Recusal", {"case": case.name})
			ends = {"valid_to": add_days(today(), last)} if last is not None else {}
			self.recuse(case, valid_from=add_days(today(), first), **ends)
			self.assertEqual(ALICE in recusals.recused_on(case.name), bound, (first, last))

	def test_one_that_begins_later_takes_effect_on_its_day(self):
		case = self.case(as_user=SUE)
		case.assign(ALICE)
		later = self.recuse(case, valid_from=add_days(today(), 2))
		self.assertEqual(self.assignee(case), ALICE)
		frappe.db.set_value("Recusal", later.name, "valid_from", today())
		recusals.begin_due()
		self.assertIsNone(self.assignee(case))

	def test_one_whose_day_passed_while_no_scheduler_ran_takes_effect_later(self):
		case = self.case(as_user=SUE)
		case.assign(ALICE)
		task = make_task(case, assigned_to=ALICE)
		later = self.recuse(case, valid_from=add_days(today(), 2))
		frappe.db.set_value("Recusal", later.name, "valid_from", add_days(today(), -1))
		recusals.begin_due()
		self.assertIsNone(self.assignee(case))
		self.assertIsNone(frappe.db.get_value("Case Task", task.name, "assigned_to"))
		self.assertEqual(recusals.not_carried_out(), [])

	def test_who_is_recused_while_it_is_closed_does_not_get_it_back(self):
		case = self.case(as_user=SUE)
		case.assign(ALICE)
		case.close("Resolve", "Filled", status_notes="The hole is filled.")
		self.recuse(case)
		self.assertEqual(self.assignee(case), ALICE)  # she did it
		frappe.get_doc("Case", case.name).reopen("It is open again")
		self.assertIsNone(self.assignee(case))
		todo = {"reference_name": case.name, "allocated_to": ALICE, "status": "Open"}
		self.assertFalse(frappe.db.exists("ToDo", todo))

	def test_one_recuses_oneself_and_has_it_ended_by_somebody_else(self):
		case = self.case(as_user=SUE)
		case.assign(SUE)
		own = self.recuse(case, SUE, valid_from=add_days(today(), -5))
		self.assertIsNone(self.assignee(case))
		with self.assertRaises(frappe.PermissionError):
			own.update({"valid_to": add_days(today(), -1)}).save()
		make_worker("sam@example.org", supervisor=True)
		frappe.set_user("sam@example.org")
		frappe.get_doc("Recusal", own.name).update({"valid_to": today()}).save()

	def test_it_is_ended_and_never_deleted_or_rewritten(self):
		recusal = self.recuse(self.case(as_user=SUE))
		with self.assertRaises(frappe.PermissionError):
			recusal.update({"reason": "Another reason"}).save()
		recusal.reload()
		recusal.update({"valid_to": add_days(today(), 1)}).save()
		frappe.set_user("Administrator")
		with self.assertRaises(frappe.PermissionError):
			frappe.delete_doc("Recusal", recusal.name)

	def test_it_does_not_end_before_it_begins_and_stands_once(self):
		case = self.case(as_user=SUE)
		with self.assertRaises(frappe.ValidationError):
			self.recuse(case, valid_from=today(), valid_to=add_days(today(), -1))
		self.recuse(case)
		with self.assertRaises(frappe.ValidationError):
			self.recuse(case)

	def test_only_supervisors_enter_one_and_only_for_their_cases(self):
		case = self.case(as_user=ALICE)
		with self.assertRaises(frappe.PermissionError):
			self.recuse(case, BOB)
		frappe.set_user(SUE)
		links.install()
		with self.assertRaises(frappe.LinkValidationError):
			self.recuse(self.case(department=make_department("Water").name))
