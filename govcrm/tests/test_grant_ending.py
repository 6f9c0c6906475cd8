"""What was opened to a person by name does not outlive what it rests on."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, getdate

from govcrm.api.casework import ask_access, open_in_emergency
from govcrm.casework.grants import ending
from govcrm.tasks import end_grants
from govcrm.tests.casework import BOB, SUE
from govcrm.tests.factories import make_department, make_user, make_worker
from govcrm.tests.test_case_grants import PETRA, GrantTestCase, in_days

WATER, PARKS, PERCY = "Water", "Parks", "percy.parks@example.org"


class EndingTestCase(GrantTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_worker(PERCY, PARKS, supervisor=True)
		frappe.set_user(SUE)

	def has_ended(self, grant, *words: str) -> None:
		"""Closed, said so, and told in the history of the case with the reason."""
		self.assertFalse(frappe.has_permission("Case", doc=self.matter.name, user=grant.user))
		self.assertEqual(grant.reload().status, "Ended")
		event = self.last_event(self.matter)
		self.assertEqual(event.verb, "end_access")
		for word in words:
			self.assertIn(word, event.reason)
			self.assertIn(word, grant.decision_note)

	def stands(self, grant) -> None:
		self.assertTrue(self.reads(grant.user))
		self.assertEqual(grant.reload().status, "Granted")

	def told_to(self, user: str) -> str:
		"""What the user's own list of notices shows: one that hangs on what they may not read is not there."""
		before, _ = frappe.session.user, frappe.set_user(user)
		shown = frappe.get_list("Notification Log", pluck="subject")
		frappe.set_user(before)
		return " ".join(shown)

	def transfer(self) -> None:
		frappe.set_user(SUE)
		frappe.get_doc("Case", self.matter.name).transfer(PARKS, "The tree is theirs.")


class TestTransfer(EndingTestCase):
	def test_what_the_old_department_opened_ends_with_the_transfer(self):
		reads, works = self.open_to(BOB), self.open_to(PETRA)
		self.transfer()
		self.has_ended(reads, PARKS, "decides anew")
		self.assertEqual(works.reload().status, "Ended")

	def test_the_person_is_told_where_they_can_read_it(self):
		self.open_to()
		self.transfer()
		self.assertIn("no longer open to you", self.told_to(BOB))

	def test_the_new_department_opens_it_again(self):
		self.open_to()
		self.transfer()
		self.stands(self.open_to(by=PERCY))

	def test_what_is_asked_for_waits_for_the_new_department(self):
		frappe.set_user(BOB)
		ask_access(self.matter.name, "Read", "I was there.")
		self.transfer()
		frappe.set_user(PERCY)
		frappe.get_last_doc("Case Access Grant", {"user": BOB}).give(in_days(1), "The park rules.")
		self.assertTrue(self.reads(BOB))

	def test_an_emergency_lasts_its_hours(self):
		frappe.set_user(PERCY)
		open_in_emergency(self.matter.name, "A child may be in danger.")
		make_department("Forests")
		frappe.set_user(SUE)
		frappe.get_doc("Case", self.matter.name).transfer("Forests", "Theirs.")
		self.assertTrue(self.reads(PERCY))


class TestLeaving(EndingTestCase):
	def department(self, user: str = BOB):
		doc = frappe.get_doc("Agency Department", WATER)
		return doc, next(row for row in doc.members if row.user == user)

	def save(self, doc) -> None:
		frappe.set_user("Administrator")
		doc.save()

	def test_it_ends_when_the_person_leaves_their_department(self):
		grant = self.open_to()
		doc, row = self.department()
		doc.remove(row)
		self.save(doc)
		self.has_ended(grant, "Bob", WATER)

	def test_it_ends_after_the_last_day_of_a_membership(self):
		grant = self.open_to()
		frappe.db.set_value("Case Access Grant", grant.name, "valid_from", in_days(-3))
		doc, row = self.department()
		frappe.db.set_value("Department Member", row.name, "to_date", add_days(getdate(), -1))
		end_of_job()
		self.has_ended(grant, "Bob", WATER)

	def test_one_given_after_the_person_left_stands(self):
		grant = self.open_to()
		doc, row = self.department()
		frappe.db.set_value("Department Member", row.name, "to_date", add_days(getdate(), -1))
		end_of_job()
		self.stands(grant)

	def test_another_role_in_the_same_department_is_no_leaving(self):
		grant = self.open_to()
		doc, row = self.department()
		row.role = "Supervisor"
		self.save(doc)
		self.stands(grant)

	def test_a_department_that_is_deleted_is_left_by_all(self):
		make_worker("gus@example.org", "Gas")
		grant = self.open_to("gus@example.org")
		frappe.set_user("Administrator")
		frappe.delete_doc("Agency Department", "Gas")
		self.has_ended(grant, "Gas")


class TestRole(EndingTestCase):
	def test_it_ends_with_the_role_and_does_not_come_back_with_it(self):
		grant = self.open_to()
		frappe.set_user("Administrator")
		frappe.get_doc("User", BOB).remove_roles("Caseworker")
		self.has_ended(grant, "no role")
		make_user(BOB, "Caseworker")
		self.assertFalse(self.reads(BOB))

	def test_it_ends_when_the_person_is_disabled_and_does_not_come_back(self):
		grant = self.open_to()
		frappe.set_user("Administrator")
		for enabled in (0, 1):
			user = frappe.get_doc("User", BOB)
			user.enabled = enabled
			user.save()
		self.has_ended(grant, "not enabled")

	def test_a_role_that_was_taken_past_the_user_is_noticed_by_the_job(self):
		grant = self.open_to()
		frappe.db.delete("Has Role", {"parent": BOB, "role": "Caseworker"})
		frappe.clear_cache(user=BOB)
		end_of_job()
		self.has_ended(grant, "no role")

	def test_other_changes_of_a_user_end_nothing(self):
		grant = self.open_to()
		frappe.set_user("Administrator")
		user = frappe.get_doc("User", BOB)
		user.last_name = "Baker"
		user.save()
		self.stands(grant)


class TestTime(EndingTestCase):
	def test_the_status_of_what_is_over_says_so(self):
		over, standing = self.open_to(), self.open_to(PETRA)
		ended = in_days(-0.01)
		frappe.db.set_value("Case Access Grant", over.name, "valid_to", ended)
		end_of_job()
		self.has_ended(over, "time is over")
		self.assertEqual(str(over.valid_to), ended)
		self.stands(standing)

	def test_what_cannot_be_ended_is_logged_and_keeps_nothing_else(self):
		first, second = self.open_to(), self.open_to(PETRA)
		for grant in (first, second):
			frappe.db.set_value("Case Access Grant", grant.name, "valid_to", in_days(-0.01))
		frappe.db.set_value("Case Access Grant", first.name, "case", "CASE-missing")
		frappe.set_user("Administrator")
		self.assertEqual(list(ending.end_due()), [first.name])
		self.assertEqual(second.reload().status, "Ended")

	def test_the_task_ends_each_by_itself(self):
		grant = self.open_to()
		frappe.db.set_value("Case Access Grant", grant.name, "valid_to", in_days(-0.01))
		carried_out = []
		with patch("govcrm.tasks.alone", lambda act, title: carried_out.append(title)):
			end_grants()
		self.assertEqual(carried_out, [f"Case Access Grant {grant.name}: end"])


def end_of_job() -> None:
	"""As the scheduler does, in the transaction of the test."""
	frappe.set_user("Administrator")
	assert not ending.end_due()
