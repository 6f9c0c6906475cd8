import frappe
from frappe.utils import add_days, today

from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_profile, make_skill, make_user

ANN = "ann@example.org"


class TestStaffProfile(CaseTestCase):
	def save(self, by: str, whose: str, /, **values):
		frappe.set_user(by)
		return frappe.get_doc("Staff Profile", whose).update(values).save()

	def refused(self, *args, **values) -> None:
		with self.assertRaises(frappe.PermissionError):
			self.save(*args, **values)

	def wrong(self, words: str, **values) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, words):
			make_profile(ALICE, **values)

	def test_people_enter_their_own_absence_and_deputy(self):
		make_profile(ALICE)
		profile = self.save(ALICE, ALICE, away_from=today(), deputy=BOB)
		self.assertEqual(profile.deputy, BOB)

	def test_people_make_a_profile_of_their_own_to_say_so(self):
		frappe.set_user(ALICE)
		frappe.get_doc({"doctype": "Staff Profile", "user": ALICE, "away_from": today()}).insert()
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Staff Profile", "user": BOB, "away_from": today()}).insert()

	def test_what_people_can_do_is_for_others_to_say(self):
		make_profile(ALICE)
		skills = [{"skill": make_skill()}]
		for values in ({"takes_work": 0}, {"max_open_cases": 1}, {"working_share": 50}, {"skills": skills}):
			self.refused(ALICE, ALICE, **values)
		self.save(SUE, ALICE, max_open_cases=5, skills=skills)
		self.save(ALICE, ALICE, away_from=today())

	def test_a_supervisor_changes_profiles_of_their_own_people_alone(self):
		make_profile(BOB)
		self.refused(SUE, BOB, away_from=today())

	def test_nobody_changes_the_profile_of_another_by_calling_it_their_own(self):
		make_profile(BOB)
		self.refused(ALICE, BOB, user=ALICE, away_from=today(), deputy=SUE)
		self.refused(SUE, BOB, user=ALICE, max_open_cases=1)
		self.assertIsNone(frappe.db.get_value("Staff Profile", BOB, "away_from"))

	def test_a_colleague_changes_nothing_and_an_administrator_everything(self):
		make_profile(BOB)
		self.refused(ALICE, BOB, away_from=today())
		admin = make_user("admin@example.org", "Agency Administrator").name
		self.save(admin, BOB, max_open_cases=3)

	def test_an_absence_has_a_first_day_and_ends_after_it(self):
		self.wrong("from which day", away_to=today())
		self.wrong("before it begins", away_from=today(), away_to=add_days(today(), -1))

	def test_a_deputy_is_somebody_else_who_works_on_cases(self):
		self.wrong("somebody else", deputy=ALICE)
		self.wrong("cannot be given work", deputy=make_user("clerk@example.org", "Intake Agent").name)

	def test_deputies_may_stand_in_for_each_other_but_not_when_all_are_away(self):
		make_profile(BOB, deputy=ALICE, away_from=add_days(today(), 5))
		make_profile(ALICE, deputy=BOB, away_from=today(), away_to=add_days(today(), 4))
		self.wrong("Nobody would be there", away_to=add_days(today(), 5))

	def test_a_working_share_is_more_than_nothing_and_at_most_all(self):
		for share in (0, 101):
			self.wrong("Working Share", working_share=share)
