"""A case opened to one person by name: asked for, given, ended, opened in an emergency, reviewed."""

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, nowdate

from govcrm.access import subjects
from govcrm.api.casework import ask_access, open_in_emergency
from govcrm.casework.grants import reviewing
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_task, make_user

PETRA, ORDER = "petra.privacy@example.org", "Order of the county court"


def in_days(days: float) -> str:
	return str(add_to_date(now_datetime(), hours=24 * days))


class GrantTestCase(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user(PETRA, "Privacy Officer")
		self.matter = self.case(confidentiality="Restricted")

	def reads(self, user: str, ptype: str = "read") -> bool:
		"""By the form and by the list, which must say the same."""
		subjects.forget()
		opened = bool(frappe.has_permission("Case", ptype, doc=self.matter.name, user=user))
		if ptype == "read":
			before, _ = frappe.session.user, frappe.set_user(user)
			listed = frappe.get_list("Case", {"name": self.matter.name}, pluck="name")
			frappe.set_user(before)
			self.assertEqual(bool(listed), opened)
		return opened

	def open_to(self, user: str = BOB, by: str = SUE, **more):
		frappe.set_user(by)
		words = {"opens": "Read", "reason": "He knew the pipe.", "authority": ORDER, "valid_to": in_days(3)}
		name = frappe.get_doc("Case", self.matter.name).open_to(user, **{**words, **more})
		return frappe.get_doc("Case Access Grant", name)

	def refuses(self, act, words: str = "", error=frappe.ValidationError) -> None:
		with self.assertRaisesRegex(error, words):
			act()

	def told(self, user: str) -> str:
		return " ".join(frappe.get_all("Notification Log", {"for_user": user}, pluck="subject"))


class TestGiving(GrantTestCase):
	def test_the_person_reads_the_case_and_does_not_work_it(self):
		self.assertFalse(self.reads(BOB))
		self.open_to()
		self.assertTrue(self.reads(BOB))
		self.assertFalse(self.reads(BOB, "write"))

	def test_one_who_may_work_it_works_it(self):
		self.open_to(opens="Work")
		self.assertTrue(self.reads(BOB, "write"))

	def test_it_ends_by_the_clock(self):
		grant = self.open_to()
		frappe.db.set_value("Case Access Grant", grant.name, "valid_to", in_days(-0.01))
		self.assertFalse(self.reads(BOB))

	def test_a_day_is_meant_to_its_end(self):
		grant = self.open_to(valid_to=add_days(nowdate(), 2))
		self.assertEqual(str(grant.valid_to), f"{add_days(nowdate(), 2)} 23:59:59")

	def test_it_is_ended_before_its_time_by_who_decides_or_by_the_person(self):
		for ends in (SUE, BOB):
			grant = self.open_to()
			frappe.set_user(ends)
			grant.end("The pipe is found.")
			self.assertFalse(self.reads(BOB))
			self.assertEqual(grant.reload().status, "Ended")

	def test_the_history_tells_who_opened_it_to_whom_and_why(self):
		self.open_to()
		event = self.last_event(self.matter)
		self.assertEqual((event.verb, event.actor, event.reason), ("open_to", SUE, "He knew the pipe."))
		self.assertIn("Bob", event.detail)

	def test_only_who_decides_gives_it(self):
		self.open_to(ALICE, opens="Work")
		self.refuses(lambda: self.open_to(BOB, by=ALICE), "Only a supervisor", frappe.PermissionError)
		self.refuses(lambda: self.open_to(ALICE, by=BOB), error=frappe.PermissionError)
		self.open_to(BOB, by=PETRA)

	def test_nobody_opens_a_case_to_themselves(self):
		self.refuses(lambda: self.open_to(PETRA, by=PETRA), "themselves", frappe.PermissionError)

	def test_it_needs_an_end_a_reason_an_authority_and_a_person_who_may_have_it(self):
		make_user("clerk@example.org", "Intake Agent")
		for words, more in (
			("at most 366 days", {"valid_to": in_days(400)}),
			("a moment to come", {"valid_to": in_days(-1)}),
			("a moment to come", {"valid_to": "tomorrow"}),
			("a moment to come", {"valid_to": "2099-01-01 10:00:00+02:00"}),
			("Say until when", {"valid_to": ""}),
			("Say why", {"reason": " "}),
			("on whose authority", {"authority": ""}),
			("Read or Work", {"opens": "Everything"}),
			("cannot be given this", {"user": "clerk@example.org"}),
			("cannot be given this", {"user": PETRA, "opens": "Work"}),
		):
			with self.subTest(words):
				self.refuses(lambda more=more: self.open_to(**more), words)

	def test_who_works_it_for_a_time_makes_nothing_of_it_last(self):
		grant = self.open_to(opens="Work")
		task = make_task(self.matter)
		frappe.set_user(BOB)
		matter, lasting = frappe.get_doc("Case", self.matter.name), "for a time"
		self.refuses(matter.accept, lasting, frappe.PermissionError)
		self.refuses(lambda: make_task(self.matter, assigned_to=BOB), lasting, frappe.PermissionError)
		self.refuses(frappe.get_doc("Case Task", task.name).start, lasting, frappe.PermissionError)
		grant.end("Done.")
		self.assertFalse(self.reads(BOB))

	def test_another_spelling_of_ones_name_is_ones_name(self):
		for spelt in (PETRA.upper(), f"{PETRA} "):
			with self.assertRaises((frappe.PermissionError, frappe.ValidationError)):
				self.open_to(spelt, by=PETRA)
		self.assertFalse(frappe.db.exists("Case Access Grant", {"user": PETRA}))

	def test_one_stands_at_a_time_for_a_person(self):
		first, second = self.open_to(opens="Work"), self.open_to()
		self.assertEqual(first.reload().status, "Ended")
		self.assertFalse(self.reads(BOB, "write"))
		frappe.set_user(SUE)
		second.end("Done.")
		self.assertFalse(self.reads(BOB))

	def test_recusal_goes_before_it(self):
		self.open_to()
		frappe.set_user(SUE)
		frappe.get_doc(
			{"doctype": "Recusal", "user": BOB, "case": self.matter.name, "reason": "His brother."}
		).insert()
		self.assertFalse(self.reads(BOB))
		self.refuses(self.open_to, "recused", frappe.PermissionError)

	def test_it_is_never_written_changed_or_deleted_by_hand(self):
		grant = self.open_to()
		frappe.set_user("Administrator")
		more = {"doctype": "Case Access Grant", "case": self.matter.name, "user": ALICE, "reason": "Me too."}
		self.refuses(frappe.get_doc(more).insert, "buttons", frappe.PermissionError)
		grant.valid_to = in_days(300)
		self.refuses(grant.save, "buttons", frappe.PermissionError)
		self.refuses(
			lambda: frappe.delete_doc("Case Access Grant", grant.name), "End it", frappe.PermissionError
		)


class TestAsking(GrantTestCase):
	def ask(self, user: str = BOB, case: str | None = None) -> str:
		frappe.set_user(user)
		return ask_access(case or self.matter.name, "Read", "I was there.")

	def asked(self):
		return frappe.get_last_doc("Case Access Grant", {"case": self.matter.name, "status": "Asked"})

	def test_those_who_decide_are_told_and_give_or_refuse(self):
		self.ask()
		self.assertFalse(self.reads(BOB))
		self.assertIn("asks for access", self.told(SUE))
		frappe.set_user(SUE)
		self.asked().give(in_days(1), ORDER)
		self.assertTrue(self.reads(BOB))

	def test_a_refusal_says_why_and_is_told(self):
		self.ask()
		frappe.set_user(SUE)
		grant = self.asked()
		self.refuses(lambda: grant.refuse(""), "Say why")
		grant.refuse("Not his matter.")
		self.assertFalse(self.reads(BOB))
		self.assertIn("not granted: Not his matter.", self.told(BOB))
		self.refuses(lambda: grant.give(in_days(1), ORDER), "decided already")

	def test_the_answer_is_the_same_whether_there_is_such_a_case_or_not(self):
		there, missing = self.ask(), self.ask(case="CASE-26-327-NOTTHERE")
		self.assertEqual(there.replace(self.matter.name, ""), missing.replace("CASE-26-327-NOTTHERE", ""))
		self.assertEqual(frappe.db.count("Case Access Grant", {"user": BOB}), 1)

	def test_who_is_recused_is_answered_alike_and_nobody_is_asked(self):
		there = self.ask()
		frappe.set_user(SUE)
		frappe.db.delete("Case Access Grant", {"user": BOB})
		frappe.get_doc(
			{"doctype": "Recusal", "user": BOB, "case": self.matter.name, "reason": "His brother."}
		).insert()
		self.assertEqual(self.ask(), there)
		self.assertFalse(frappe.db.exists("Case Access Grant", {"user": BOB}))

	def test_what_the_copy_of_a_caller_says_is_not_believed(self):
		self.ask()
		frappe.set_user(SUE)
		grant = self.asked()
		grant.user, other = SUE, self.case(as_user=SUE, confidentiality="Restricted")
		grant.case = other.name
		grant.give(in_days(1), ORDER)
		stored = frappe.get_doc("Case Access Grant", grant.name)
		self.assertEqual((stored.user, stored.case), (BOB, self.matter.name))

	def test_what_is_wrong_with_the_reason_is_said_whether_there_is_such_a_case_or_not(self):
		frappe.set_user(BOB)
		for name in (self.matter.name, "CASE-26-327-NOTTHERE"):
			for reason in ("\x01", "x" * 20_000):
				self.refuses(lambda name=name, reason=reason: ask_access(name, "Read", reason))
		self.assertFalse(frappe.db.exists("Case Access Grant", {"user": BOB}))

	def test_asking_twice_asks_once(self):
		self.ask()
		self.ask(case=f" {self.matter.name.lower()} ")
		self.assertEqual(frappe.db.count("Case Access Grant", {"user": BOB}), 1)

	def test_who_has_no_role_for_it_is_told_so(self):
		make_user("council@example.org", "Elected Official")
		self.refuses(lambda: self.ask("council@example.org"), "cannot be given this")


class TestEmergencies(GrantTestCase):
	def open(self, user: str, case: str | None = None) -> dict:
		frappe.set_user(user)
		return open_in_emergency(case or self.matter.name, "A child may be in danger.")

	def setUp(self) -> None:
		super().setUp()
		self.helper = make_user("olga.other@example.org", "Case Supervisor").name

	def grant(self):
		return frappe.get_last_doc("Case Access Grant", {"kind": "Emergency"})

	def test_it_opens_for_hours_and_privacy_officers_are_told_at_once(self):
		self.assertFalse(self.reads(self.helper))
		self.open(self.helper)
		self.assertTrue(self.reads(self.helper))
		self.assertFalse(self.reads(self.helper, "write"))
		self.assertIn("in an emergency", self.told(PETRA))
		hours = (self.grant().valid_to - self.grant().valid_from).total_seconds() / 3600
		self.assertEqual(hours, 8)
		frappe.db.set_value("Case Access Grant", self.grant().name, "valid_to", in_days(-0.01))
		self.assertFalse(self.reads(self.helper))

	def test_it_needs_somebody_who_could_review_it(self):
		frappe.get_doc(
			{"doctype": "Recusal", "user": PETRA, "case": self.matter.name, "reason": "Her brother."}
		).insert()
		self.refuses(lambda: self.open(self.helper), "No privacy officer", frappe.PermissionError)
		self.assertFalse(self.reads(self.helper))

	def test_opening_it_again_begins_nothing_anew(self):
		self.assertEqual(self.open(self.helper), self.open(self.helper))
		self.assertEqual(frappe.db.count("Case Access Grant", {"user": self.helper}), 1)

	def test_one_that_was_not_justified_ends(self):
		self.open(self.helper)
		frappe.set_user(PETRA)
		self.grant().review("Not Justified", "No child was named.")
		self.assertFalse(self.reads(self.helper))

	def test_its_hours_have_bounds(self):
		settings = frappe.get_single("GovCRM Settings")
		for field, value in (("emergency_hours", 73), ("emergency_review_days", 31)):
			settings.reload()
			settings.set(field, value)
			self.refuses(settings.save, "from 1 to")

	def test_the_history_shows_it_with_its_reason(self):
		self.open(self.helper)
		event = self.last_event(self.matter)
		self.assertEqual((event.verb, event.reason), ("open_in_emergency", "A child may be in danger."))

	def test_who_may_is_a_setting(self):
		self.refuses(lambda: self.open(BOB), "Your role", frappe.PermissionError)
		frappe.db.set_single_value("GovCRM Settings", "emergency_openers", "Caseworkers and Supervisors")
		self.open(BOB)
		frappe.db.set_single_value("GovCRM Settings", "emergency_openers", "Nobody")
		self.refuses(lambda: self.open(self.helper), "Your role", frappe.PermissionError)

	def test_what_is_sealed_missing_or_barred_is_refused_in_the_same_words(self):
		said = set()
		sealed = self.case(as_user="Administrator")
		frappe.db.set_value("Case", sealed.name, "confidentiality", "Sealed")
		frappe.get_doc(
			{"doctype": "Recusal", "user": self.helper, "case": self.matter.name, "reason": "Kin."}
		).insert()
		for name in (sealed.name, self.matter.name, "CASE-26-327-NOTTHERE"):
			with self.assertRaises(frappe.PermissionError) as refusal:
				self.open(self.helper, name)
			said.add(str(refusal.exception).replace(name, ""))
		self.assertEqual(len(said), 1)
		self.assertFalse(frappe.db.exists("Case Access Grant", {"user": self.helper}))

	def test_it_needs_a_reason(self):
		frappe.set_user(self.helper)
		self.refuses(lambda: open_in_emergency(self.matter.name, ""), "what the emergency is")

	def test_a_privacy_officer_reviews_it_and_nobody_else(self):
		self.open(self.helper)
		for user in (self.helper, SUE):
			frappe.set_user(user)
			self.refuses(
				lambda: self.grant().review("Justified", "Yes."), "privacy officer", frappe.PermissionError
			)
		frappe.set_user(PETRA)
		self.refuses(lambda: self.grant().review("Perhaps", "Hm."), "what the review found")
		self.grant().review("Not Justified", "No child was named.")
		self.assertEqual(self.grant().reviewed_by, PETRA)
		self.assertEqual(self.last_event(self.matter).verb, "review_emergency")
		self.refuses(lambda: self.grant().review("Justified", "After all."), "nothing left")

	def test_an_overdue_review_is_brought_to_mind(self):
		self.open(self.helper)
		reviewing.remind()
		self.assertNotIn("overdue", self.told(PETRA))
		frappe.db.set_value("Case Access Grant", self.grant().name, "review_due", in_days(-1))
		reviewing.remind()
		self.assertIn("overdue", self.told(PETRA))
