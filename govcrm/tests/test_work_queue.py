"""Taking the next case: in which order, and what nobody is given."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime

from govcrm.casework.queues.pulling import NothingToTake, pull_next
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import (
	make_case,
	make_department,
	make_profile,
	make_request,
	make_skill,
	make_user,
	make_worker,
)


class TestNextItem(CaseTestCase):
	def waiting(self, **values):
		"""A case that nobody has; what its clocks say is set by hand."""
		set_later = {name: values.pop(name) for name in ("next_due", "opened_datetime") if name in values}
		case = make_case(**values)
		if set_later:
			frappe.db.set_value("Case", case.name, set_later)
		return case.name

	def pull(self, user: str = ALICE, department: str | None = None) -> str:
		frappe.set_user(user)
		return pull_next(department)

	def refusal(self, user: str = ALICE, department: str | None = None) -> str:
		with self.assertRaises(NothingToTake) as raised:
			self.pull(user, department)
		return str(raised.exception)

	def test_what_is_due_first_comes_first_and_what_is_never_due_last(self):
		now = now_datetime()
		undated_new = self.waiting(opened_datetime=now)
		undated_old = self.waiting(opened_datetime=add_to_date(now, days=-9), priority="Low")
		later = self.waiting(next_due=add_to_date(now, days=2), priority="Urgent")
		sooner = self.waiting(next_due=add_to_date(now, days=1), priority="Low")
		taken = [self.pull() for _ in range(4)]
		self.assertEqual(taken, [sooner, later, undated_old, undated_new])

	def test_priority_decides_among_what_is_due_at_the_same_moment(self):
		due = add_to_date(now_datetime(), days=1)
		names = {
			priority: self.waiting(next_due=due, priority=priority)
			for priority in ("Low", "Urgent", "Medium", "High")
		}
		taken = [self.pull() for _ in range(4)]
		self.assertEqual(taken, [names[priority] for priority in ("Urgent", "High", "Medium", "Low")])

	def test_more_cases_than_are_read_at_once_come_in_order_all_the_same(self):
		start = now_datetime()
		names = [self.waiting(next_due=add_to_date(start, hours=hour)) for hour in range(12)]
		for name in names[:11]:
			frappe.db.set_value("Case", name, "assignee", SUE)
		self.assertEqual(self.pull(), names[11])

	def test_taking_makes_the_todo_the_participation_and_the_event(self):
		name = self.waiting()
		self.pull()
		case = frappe.get_doc("Case", name)
		self.assertEqual(case.assignee, ALICE)
		self.assertTrue(frappe.db.exists("ToDo", {"reference_name": name, "allocated_to": ALICE}))
		self.assertTrue(frappe.db.exists("Case Participant", {"case": name, "user": ALICE}))
		self.assertIn("accept", self.events(case))

	def test_nothing_of_other_departments_is_given(self):
		self.waiting()
		make_department("Water")
		self.assertIn("No case waits", self.refusal(BOB))
		with self.assertRaises(frappe.PermissionError):
			self.pull(BOB, "Public Works")

	def test_what_is_restricted_is_given_to_supervisors_alone(self):
		name = self.waiting(confidentiality="Restricted")
		self.assertIn("No case waits", self.refusal())
		self.assertEqual(self.pull(SUE), name)

	def test_what_waits_or_is_closed_or_taken_is_not_given(self):
		for values in ({"state_category": "Waiting"}, {"state_category": "Closed"}, {"assignee": SUE}):
			frappe.db.set_value("Case", self.waiting(), values)
		self.refusal()

	def test_a_skill_that_is_missing_is_named(self):
		skill = make_skill("Electrical")
		name = self.waiting(service_code="WIRING", version={"required_skills": [{"skill": skill}]})
		self.assertIn("1 need the skill Electrical", self.refusal())
		make_profile(ALICE, skills=[{"skill": skill}])
		self.assertEqual(self.pull(), name)

	def test_nobody_takes_what_they_are_recused_from(self):
		name = self.waiting()
		frappe.get_doc(
			{"doctype": "Recusal", "user": ALICE, "case": name, "reason": "The neighbour."}
		).insert()
		self.assertNotIn("recused", self.refusal())  # nor told that there is anything
		self.assertEqual(self.pull(SUE), name)

	def test_nobody_takes_more_than_their_limit(self):
		first, second = self.waiting(), self.waiting()
		make_profile(ALICE, max_open_cases=1)
		self.pull()
		self.assertIn("your limit is 1", self.refusal())
		left = ({first, second} - {frappe.db.get_value("Case", {"assignee": ALICE})}).pop()
		self.assertEqual(self.pull(SUE), left)

	def test_what_it_locks_are_rows_neither_grouped_nor_counted(self):
		"""PostgreSQL refuses the lock otherwise."""
		self.waiting()
		make_profile(ALICE, max_open_cases=1)
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as sql:
			self.pull()
		said = [str(call.args[0]).upper() for call in sql.call_args_list]
		locking = [query for query in said if "FOR UPDATE" in query]
		self.assertEqual(bool(locking), frappe.db.db_type != "sqlite")
		self.assertEqual([query for query in locking if "GROUP BY" in query or "COUNT(" in query], [])

	def test_a_case_is_kept_for_who_speaks_the_citizens_language_while_there_is_somebody(self):
		speaker = make_worker("pia@example.org").name
		make_profile(speaker, languages=[{"language": "es"}])
		values = {"doctype": "Citizen", "first_name": "Rosa", "preferred_language": "es"}
		citizen = frappe.get_doc(values).insert().name
		make_case()  # makes the program
		frappe.db.delete("Case")
		name = make_request(citizen=citizen, anonymous=0).case
		self.assertIn("kept for somebody who speaks es", self.refusal())
		frappe.set_user("Administrator")
		frappe.get_doc("User", speaker).update({"enabled": 0}).save()
		self.assertEqual(self.pull(), name)

	def test_cases_that_wait_do_not_count_against_the_limit(self):
		frappe.db.set_value("Case", self.waiting(), {"assignee": ALICE, "state_category": "Waiting"})
		make_profile(ALICE, max_open_cases=1)
		name = self.waiting()
		self.assertEqual(self.pull(), name)

	def test_who_is_no_caseworker_takes_nothing(self):
		self.waiting()
		make_user("clerk@example.org", "Intake Agent")
		with self.assertRaises(frappe.ValidationError):
			self.pull("clerk@example.org")
