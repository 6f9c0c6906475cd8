"""What the acknowledgement of a request says, and what it keeps to itself."""

import frappe

from govcrm.casework.letters import acknowledgement_of
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_published_program, make_user

QUESTIONS = [
	{"code": "size", "label": "How large?", "datatype": "singlevaluelist", "options": "s=Small\nl=Large"},
	{"code": "seen", "label": "Since when?", "datatype": "date"},
	{"code": "lit", "label": "Is it lit?", "datatype": "boolean"},
	{"code": "ill", "label": "What illness?", "datatype": "string", "sensitive": 1},
]
ANSWERS = {"size": "l", "seen": "2026-01-31", "lit": False, "ill": "Asthma"}


class TestAcknowledgement(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_published_program("LETTER-POTHOLE", {"questions": QUESTIONS}, program_name="Pothole repair")
		self.citizen = frappe.get_doc(
			{"doctype": "Citizen", "first_name": "Mona", "last_name": "Quill"}
		).insert()

	def request(self, **values):
		values = {"citizen": self.citizen.name, "answers": frappe.as_json(ANSWERS), **values}
		return frappe.get_doc(
			{"doctype": "Service Request", "program": "LETTER-POTHOLE", "channel": "Phone", **values}
		).insert()

	def test_answers_are_in_words_and_the_sensitive_one_is_not_there(self):
		letter = acknowledgement_of(self.request())
		answers = dict(letter["answers"])
		self.assertEqual(answers["How large?"], "Large")
		self.assertEqual(answers["Is it lit?"], "No")
		self.assertIn("2026", answers["Since when?"])
		self.assertNotIn("Asthma", frappe.as_json(letter))

	def test_the_name_stands_only_where_the_reader_may_know_it(self):
		request = self.request()
		self.assertEqual(acknowledgement_of(request)["addressee"], "Mona Quill")
		frappe.set_user(make_user("letter-auditor@example.org", "Agency Auditor").name)
		self.assertIsNone(acknowledgement_of(request)["addressee"])

	def test_nobody_is_addressed_who_stayed_anonymous(self):
		self.assertIsNone(acknowledgement_of(self.request(citizen=None, anonymous=1))["addressee"])

	def test_the_printed_letter_shows_the_reference(self):
		request = self.request()
		html = frappe.get_print("Service Request", request.name, print_format="Request Acknowledgement")
		self.assertIn(request.name, html)
		self.assertIn("Pothole repair", html)
		self.assertNotIn("Asthma", html)
