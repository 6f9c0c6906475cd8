"""Methods that are turned back, whatever a request names; how much of one is read; replies that cannot be."""

import time
from unittest.mock import patch

import frappe

from govcrm.gate import leading, replies, sizes
from govcrm.gate.test_gate import OTHER, OWN, GateTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_user

ALERT, HOOK = "gate-alert", "gate-hook"
UNREAD = "frappe.utils.goal.get_monthly_goal_graph_data"
COMMENT = "frappe.desk.form.utils.add_comment"
OF_GUESTS = "frappe.website.doctype.web_form.web_form.accept"


class StoredTestCase(GateTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")
		make_user(BOB, "System Manager")
		recipients = [{"receiver_by_role": "System Manager"}]
		said = {
			"subject": "{{ doc.subject }}",
			"message": "{{ doc.subject }}",
			"channel": "Email",
			"event": "New",
		}
		alert = {"doctype": "Notification", "name": ALERT, "document_type": "Case", "recipients": recipients}
		frappe.get_doc({**alert, **said}).insert(set_name=ALERT)
		hook = {"doctype": "Webhook", "webhook_doctype": "Case", "webhook_docevent": "on_update"}
		sent = {"request_structure": "JSON", "webhook_json": '{"subject": "{{ doc.subject }}"}'}
		hook |= {**sent, "request_url": "http://localhost", "request_method": "POST"}
		self.hook = frappe.get_doc(hook).insert(set_name=HOOK).name
		frappe.set_user(BOB)


class TestStoredRecords(StoredTestCase):
	def test_a_method_of_a_stored_alert_is_turned_back(self) -> None:
		for member in ("preview_message", "preview_subject", "preview_meets_condition"):
			self._turned_back("Notification", ALERT, member)

	def test_a_method_of_a_stored_webhook_is_turned_back(self) -> None:
		for member in ("preview_request_body", "preview_meets_condition", "generate_preview"):
			self._turned_back("Webhook", self.hook, member)

	def _turned_back(self, doctype: str, name: str, member: str) -> None:
		args = {"preview_document": self.shut}
		for answer in (
			self.call("run_doc_method", dt=doctype, dn=name, method=member, args=args),
			self.ask(f"/api/resource/{doctype}/{name}", "POST", run_method=member, **args),
			self.ask(f"/api/v2/document/{doctype}/{name}/method/{member}", "POST", **args),
		):
			self.assertNotEqual(answer.status, 200, answer)
			self.assertNotIn(OTHER, answer.text)

	def test_a_method_of_another_app_is_not_asked_of_what_leads_to_cases(self) -> None:
		with patch("govcrm.gate.functions.of_document", return_value="other_app.alerts.Alert.preview"):
			asked = {"dt": "Notification", "dn": ALERT, "method": "get_documents_for_today"}
			self.refused(self.call("run_doc_method", **asked), "is not asked about Case")

	def test_a_method_of_another_app_goes_on_where_no_case_is_meant(self) -> None:
		for method in ("other_app.people.Person.greet", *leading.OF_OPEN_FORMS):
			with patch("govcrm.gate.functions.of_document", return_value=method):
				answer = self.call("run_doc_method", dt="User", dn=BOB, method="get_fullname")
			self.assertNotIn("is not asked about", answer.text)
			self.assertNotIn("Administrator only", answer.text)


class TestSizes(GateTestCase):
	def test_what_frappe_would_not_call_is_not_read(self) -> None:
		with patch("govcrm.gate.check.governed.named_in") as read:
			self.refused(self.call("frappe.get_all", doctype="Case"), "no method that you may call")
			frappe.set_user("Guest")
			self.refused(self.call(UNREAD, doctype="Case"), "no method that you may call")
		read.assert_not_called()

	def test_a_guest_has_no_more_read_than_a_form_holds(self) -> None:
		frappe.set_user("Guest")
		long, many = "x" * (sizes.OF_GUESTS[0] + 1), ["x"] * (sizes.OF_GUESTS[1] + 1)
		for args in ({"data": long}, {"data": frappe.as_json(many)}, {"web_form": "x", "data": [many]}):
			began = time.monotonic()
			answer = self.call(OF_GUESTS, **args)
			self.assertEqual(answer.status, 403, answer)
			self.assertIn("not let through", answer.text)
			self.assertLess(time.monotonic() - began, 1)

	def test_a_long_form_is_read_whole(self) -> None:
		lines = [{"item": f"row {number}", "note": "tab"} for number in range(1000)]
		answer = self.call(UNREAD, data=frappe.as_json([*lines, {"doctype": "Case"}]))
		self.refused(answer, "is not asked about")
		self.assertNotIn("not let through", self.call(UNREAD, data=frappe.as_json(lines)).text)


class TestReplies(GateTestCase):
	def setUp(self) -> None:
		super().setUp()
		replies.install()

	def test_a_reply_that_cannot_be_read_is_not_sent(self) -> None:
		with patch.object(replies, "_hidden", side_effect=ValueError("a secret")):
			answer = self.ask(f"/api/resource/Case/{self.own}")
		self.assertEqual(answer.status, 500)
		for word in (OWN, "a secret", "Traceback"):
			self.assertNotIn(word, answer.text)
		self.assertIn("cannot be checked", answer.text)

	def test_what_was_asked_for_with_a_reply_that_cannot_be_read_was_not_done(self) -> None:
		"""The request ends with an error, after which Frappe rolls back, and not after its commit."""
		about = {"reference_doctype": "Case", "reference_name": self.own}
		with patch.object(replies, "_hidden", side_effect=ValueError("a secret")):
			answer = self.call(COMMENT, **about, content="Seen today", comment_email=BOB, comment_by="Bob")
		self.assertEqual(answer.status, 500, answer)
		self.assertIn("was not done", answer.text)
		self.assertNotIn("Seen today", answer.text)
