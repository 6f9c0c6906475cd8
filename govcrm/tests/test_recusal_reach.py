"""What a recusal keeps from somebody: the case, its parts, all that answers a person, whatever they hold besides."""

import random

import frappe
from frappe.utils import today

from govcrm.access import exceptions, subjects
from govcrm.casework import form
from govcrm.constituents import lookup
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_citizen, make_published_program, make_request, make_task, make_worker
from govcrm.tests.test_access import put, put_case


class TestFromACitizen(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.kin = make_citizen()
		make_published_program()
		self.request = make_request(citizen=self.kin.name, anonymous=0)
		self.matter = frappe.get_doc("Case", self.request.case)

	def recuse(self, user: str = ALICE, **values):
		words = {"doctype": "Recusal", "user": user, "citizen": self.kin.name, "relation": "Family"}
		done = frappe.get_doc({**words, "reason": "Her brother.", **values}).insert()
		subjects.forget()
		return done

	def sees(self, doc, user: str = ALICE) -> bool:
		opened = bool(frappe.has_permission(doc.doctype, "read", doc=doc.name, user=user))
		before, _ = frappe.session.user, frappe.set_user(user)
		listed = bool(frappe.get_list(doc.doctype, {"name": doc.name}))
		frappe.set_user(before)
		self.assertEqual(listed, opened)
		return opened

	def test_the_person_their_requests_and_the_cases_that_answer_them_are_not_there(self):
		self.assertTrue(all(map(self.sees, (self.kin, self.request, self.matter))))
		self.recuse()
		self.assertFalse(any(map(self.sees, (self.kin, self.request, self.matter))))
		self.assertTrue(self.sees(self.request, SUE))

	def test_nor_what_somebody_asks_on_their_behalf_or_what_they_ask_later(self):
		self.recuse()
		other = make_citizen()
		later = make_request(
			anonymous=0, citizen=other.name, representative=self.kin.name, representation_authority="Employer"
		)
		self.assertFalse(self.sees(later))

	def test_nobody_takes_what_they_ask_for_under_a_second_record(self):
		kin = lookup.find_or_make({"first_name": "Ada", "last_name": "Kin", "phone": "617-555-0199"})
		self.recuse(citizen=kin)
		frappe.set_user(ALICE)
		for details in ({"first_name": "ADA", "last_name": "Kin"}, {}):
			with self.assertRaisesRegex(frappe.PermissionError, "somebody else"):
				lookup.find_or_make({**details, "phone": "(617) 555-0199"})
		self.assertTrue(
			lookup.find_or_make({"first_name": "Bo", "last_name": "Tenant", "phone": "617-555-0199"})
		)

	def test_a_supervisor_recuses_people_of_their_own_departments_alone(self):
		frappe.set_user(SUE)
		with self.assertRaisesRegex(frappe.PermissionError, "departments that you supervise"):
			self.recuse(BOB)
		with self.assertRaisesRegex(frappe.PermissionError, "departments that you supervise"):
			self.recuse("Administrator")
		recusal = self.recuse(ALICE)
		make_worker("walt@example.org", "Water", supervisor=True)
		frappe.set_user("walt@example.org")
		recusal.valid_to = today()
		with self.assertRaises(frappe.PermissionError):
			recusal.save()

	def test_it_covers_the_record_that_the_citizen_was_merged_into(self):
		other = make_citizen(first_name="Kimberly")
		self.recuse()
		frappe.db.set_value("Citizen", self.kin.name, "merged_into", other.name)
		subjects.forget()
		self.assertFalse(self.sees(other))

	def test_a_part_that_one_is_recused_from_is_not_named_on_the_whole(self):
		whole = self.case(as_user="Administrator")
		part = self.case(as_user="Administrator", parent_case=whole.name)
		frappe.db.set_value("Case", part.name, "parent_case", whole.name)
		put("Recusal", user=ALICE, case=part.name)
		subjects.forget()
		frappe.set_user(ALICE)
		self.assertEqual(form.parts(whole), [])
		frappe.set_user(SUE)
		self.assertEqual([row.name for row in form.parts(whole)], [part.name])

	def test_the_recusal_itself_is_kept_from_the_recused(self):
		recusal = self.recuse(SUE)
		self.assertFalse(self.sees(recusal, SUE))

	def test_a_recusal_from_a_person_says_how_they_are_related(self):
		with self.assertRaises(frappe.MandatoryError):
			self.recuse(relation="")
		with self.assertRaises(frappe.MandatoryError):
			self.recuse(case=self.matter.name)
		with self.assertRaises(frappe.MandatoryError):
			self.recuse(citizen=None)


class TestBothEnds(CaseTestCase):
	def test_the_cases_closed_to_a_user_are_those_that_say_they_are(self):
		"""On a random town: parts of parts, people merged into others, requests for oneself and for others."""
		chance = random.Random(20261123)
		people = [put("Citizen", citizen_type="Person") for _ in range(12)]
		for one in people[6:]:
			frappe.db.set_value("Citizen", one.name, "merged_into", chance.choice(people[:6]).name)
		cases = [put_case() for _ in range(10)]
		cases += [put_case(parent_case=chance.choice(cases).name) for _ in range(10)]
		cases += [put_case(parent_case=chance.choice(cases[10:]).name) for _ in range(5)]
		for _ in range(30):
			field = chance.choice(("citizen", "representative"))
			put("Service Request", case=chance.choice(cases).name, **{field: chance.choice(people).name})
		users = [f"u{number}@example.org" for number in range(6)]
		for user in users[:5]:
			put("Recusal", user=user, citizen=chance.choice(people).name)
			put("Recusal", user=user, case=chance.choice(cases).name)
		closed = {(user, case) for user in users for case in exceptions.closed_to(user)["recused"]}
		said = {(user, case.name) for case in cases for user in exceptions.kept_from(case.name)}
		self.assertEqual(closed, said)
		self.assertTrue(closed)

	def test_a_task_on_a_part_of_the_case_is_taken_away(self):
		whole = self.case(as_user="Administrator")
		part = self.case(as_user="Administrator")
		frappe.db.set_value("Case", part.name, "parent_case", whole.name)
		task = make_task(part, assigned_to=ALICE)
		frappe.set_user(SUE)
		frappe.get_doc({"doctype": "Recusal", "user": ALICE, "case": whole.name, "reason": "Kin."}).insert()
		self.assertIsNone(frappe.db.get_value("Case Task", task.name, "assigned_to"))
