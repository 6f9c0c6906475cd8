"""What a save answers and takes, tried as somebody with few rights."""

from unittest.mock import patch

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from govcrm.gate import replies
from govcrm.gate.test_gate import GateTestCase
from govcrm.tests.factories import make_citizen, make_user


class TestSaving(GateTestCase):
	def test_the_reply_to_a_save_holds_no_field_that_one_may_not_read(self) -> None:
		frappe.set_user("Administrator")
		phone = {"channel": "Phone", "value": "+15551234567"}
		name = make_citizen(last_name="Secretive", contact_points=[phone]).name
		frappe.set_user(make_user("gate-clerk@example.org", "Intake Agent").name)
		saved = {"preferred_language": "en"}
		for ask in (
			lambda: self.ask(f"/api/resource/Citizen/{name}", "PUT", **saved),
			lambda: self.call("frappe.client.set_value", doctype="Citizen", name=name, fieldname=saved),
		):
			self.assertIn("Secretive", ask().text)
			with patch("frappe.model.meta.Meta.get_permlevel_access", return_value=[0]):
				answer = ask()
			self.assertEqual(answer.message["name"], name)
			self.assertNotIn("Secretive", answer.text)
			self.assertNotIn("5551234567", answer.text)

	def test_by_no_verb_a_reply_holds_such_a_field(self) -> None:
		"""By GET too methods of documents are run, and Frappe sends the document."""

		frappe.set_user("Administrator")
		citizen = make_citizen(last_name="Secretive")
		frappe.set_user(make_user("gate-clerk@example.org", "Intake Agent").name)
		for verb in ("GET", "POST", "PUT", "DELETE"):
			reply = Response(frappe.as_json({"docs": [citizen.as_dict()]}), mimetype="application/json")
			with patch("frappe.model.meta.Meta.get_permlevel_access", return_value=[0]):
				replies.withhold(reply, Request(EnvironBuilder(method=verb).get_environ()))
			self.assertIn(citizen.name, reply.get_data(as_text=True))
			self.assertNotIn("Secretive", reply.get_data(as_text=True), verb)

	def test_a_record_is_given_its_name_here(self) -> None:
		frappe.set_user(make_user("gate-clerk@example.org", "Intake Agent").name)
		values = {"name": "EVIL", "citizen_type": "Person", "first_name": "Kim", "last_name": "Kin"}
		self.refused(self.ask("/api/resource/Citizen", "POST", **values), "given their names")
		self.refused(self.ask("/api/v2/document/Citizen", "POST", **values), "given their names")
		answer = self.ask("/api/resource/Citizen", "POST", data=frappe.as_json(values))
		self.refused(answer, "given their names")
		values.pop("name")
		self.assertEqual(self.ask("/api/resource/Citizen", "POST", **values).status, 200)
