"""Numbers of citizens: the last characters for everybody, the whole for who says why."""

import json
import re

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.access import subjects
from govcrm.accountability.trail import payload
from govcrm.constituents import revealing
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB
from govcrm.tests.factories import make_citizen, make_published_program, make_request, make_user, make_worker

IVY, RITA = "ivy.intake@example.org", "rita.records@example.org"
NUMBER, WHY = "123-45-6789", "The tax office asks for it."
REVEAL = "govcrm.api.intake.reveal_identifier"


class TestRevealing(AskingTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user(IVY, "Intake Agent")
		make_user(RITA, "Records Officer")
		numbers = [{"identifier_type": "Social Security", "value": NUMBER}]
		self.citizen = make_citizen(identifiers=numbers)
		self.row = self.citizen.identifiers[0].name
		for user in (IVY, RITA):
			frappe.cache().delete_value(f"govcrm:reveal:{user}")
		frappe.set_user(IVY)

	def reveal(self, reason: str = WHY, citizen: str | None = None):
		return self.call(REVEAL, citizen=citizen or self.citizen.name, identifier=self.row, reason=reason)

	def test_who_says_why_is_told_and_it_is_recorded_before(self):
		self.assertEqual(self.reveal().message, NUMBER)
		event = frappe.get_last_doc("Audit Event", {"verb": "reveal", "reference_name": self.citizen.name})
		said = payload.read(event)
		self.assertEqual((said["reason"], said["detail/ends_with"]), (WHY, "789"))
		self.assertNotIn("6789", json.dumps(said))

	def test_who_does_not_say_why_is_told_nothing(self):
		for reason in ("", " ", "x"):
			answer = self.reveal(reason)
			self.assertNotIn(NUMBER, answer.text)
			self.assertGreaterEqual(answer.status, 400)

	def test_a_role_that_only_keeps_records_is_told_nothing(self):
		frappe.set_user(RITA)
		self.refused(self.reveal())

	def test_who_works_a_case_of_theirs_is_told_until_a_year_after_its_end(self):
		frappe.set_user("Administrator")
		make_worker(ALICE)
		make_worker(BOB, "Water")
		request = make_request(make_published_program().name, citizen=self.citizen.name, anonymous=0)
		self.assertEqual(self.told_to(ALICE), NUMBER)
		self.refused(self.told_to(BOB))
		for days, is_told in ((300, True), (400, False)):
			closed = {"status": "Closed", "closed_datetime": add_days(now_datetime(), -days)}
			frappe.db.set_value("Service Request", request.name, closed)
			frappe.db.set_value("Case", request.case, "closed_datetime", closed["closed_datetime"])
			self.assertEqual(self.told_to(ALICE) == NUMBER, is_told, days)

	def test_who_works_no_case_of_theirs_is_told_nothing(self):
		frappe.set_user("Administrator")
		make_worker(ALICE)
		self.assertTrue(frappe.has_permission("Citizen", doc=self.citizen.name, user=ALICE))
		self.refused(self.told_to(ALICE))

	def told_to(self, user: str):
		"""The number, or the refusal."""
		frappe.set_user(user)
		subjects.forget()
		answer = self.reveal()
		return answer.message if answer.status == 200 else answer

	def test_a_citizen_that_is_not_there_is_answered_as_one_that_is_not_for_you(self):
		frappe.set_user(RITA)
		mine, none = self.reveal(), self.reveal(citizen="CIT-none")
		self.assertEqual(mine.status, none.status)
		self.assertEqual(_told(mine).replace(self.citizen.name, "CIT-none"), _told(none))

	def test_who_copies_the_register_is_stopped(self):
		for _each in range(revealing.AT_MOST):
			revealing.reveal(self.citizen.name, self.row, WHY)
		answer = self.reveal()
		self.assertEqual(answer.status, 429)
		self.assertNotIn(NUMBER, answer.text)

	def test_no_record_list_or_form_tells_more_than_the_end(self):
		stored = frappe.db.get_value("Citizen Identifier", self.row, ["value_encrypted", "value_hash"])
		fields = json.dumps(["name", "identifiers.last_characters"])
		answers = (
			self.ask(f"/api/resource/Citizen/{self.citizen.name}"),
			self.call("frappe.desk.form.load.getdoc", doctype="Citizen", name=self.citizen.name),
			self.call("frappe.client.get_list", doctype="Citizen", fields=fields),
			self.call("frappe.client.save", doc=frappe.get_doc("Citizen", self.citizen.name).as_json()),
		)
		for answer in answers:
			for secret in (NUMBER, "123456789", *stored):
				self.assertNotIn(secret, answer.text, answer)
		self.assertIn("789", answers[0].text)

	def test_the_cipher_text_and_the_hash_are_not_asked_for_by_lists(self):
		for field in ("value_encrypted", "value_hash"):
			args = {"doctype": "Citizen Identifier", "parent": "Citizen", "fields": json.dumps([field])}
			answer = self.call("frappe.client.get_list", **args)
			self.assertNotIn(frappe.db.get_value("Citizen Identifier", self.row, field), answer.text)

	def test_saving_the_form_keeps_the_number(self):
		doc = self.call("frappe.client.get", doctype="Citizen", name=self.citizen.name).message
		doc["city"] = "Elsewhere"
		self.call("frappe.client.save", doc=json.dumps(doc))
		self.assertEqual(self.reveal().message, NUMBER)


def _told(answer) -> str:
	"""Without the number that Frappe gives to each error."""
	return re.sub(r"[0-9a-f]{32,}", "", answer.text)
