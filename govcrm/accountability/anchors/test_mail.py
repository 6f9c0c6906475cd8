"""A mail that somebody keeps."""

import json
from unittest.mock import patch

import frappe

from govcrm.accountability.anchors import kinds, mail
from govcrm.tests.anchoring import AnchorTestCase, make_anchor, seal


class TestMail(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.checkpoint = seal(events=12)
		self.anchor = make_anchor(
			"E-mail", recipients="auditor@example.org\nclerk@example.org", every_minutes=1440
		)
		self.sent = []
		self.enter(patch.object(frappe, "sendmail", self.send))

	def send(self, **message: object) -> frappe._dict:
		self.sent.append(message)
		return frappe._dict(name="of the queue")

	def test_it_says_in_words_what_it_is_and_carries_the_checkpoint(self):
		receipt = self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		self.assertEqual(receipt.receipt, "of the queue")
		(message,) = self.sent
		self.assertEqual(message["recipients"], ["auditor@example.org", "clerk@example.org"])
		self.assertIn("Please keep this mail", message["message"])
		self.assertIn(self.checkpoint.root, message["message"])
		((attached,),) = [message["attachments"]]
		self.assertEqual(json.loads(attached["fcontent"])["signature"], self.checkpoint.signature)
		self.assertEqual(attached["fname"], f"checkpoint-{self.checkpoint.size:012d}.json")

	def test_it_waits_in_the_queue_and_is_not_sent_in_the_job(self):
		self.run_job(self.anchor)
		self.assertNotIn("now", self.sent[0])
		self.assertNotIn("delayed", self.sent[0])

	def test_wrong_addresses_and_mail_every_minute_are_refused(self):
		for values, words in (
			({"recipients": ""}, "at least one address"),
			({"recipients": "nobody"}, "nobody is not an e-mail address"),
			({"recipients": "a@example.org", "every_minutes": 5}, "every 60 minutes at most"),
		):
			with self.assertRaisesRegex(frappe.ValidationError, words):
				make_anchor("E-mail", **{"anchor_name": "Wrong", "every_minutes": 60, **values})

	def test_a_site_that_sends_no_mail_fails_instead_of_seeming_to_work(self):
		with patch.dict(frappe.local.conf, {"mute_emails": 1}):
			self.assert_fails(self.anchor, "mute_emails")

	def test_a_mail_that_the_queue_could_not_send_is_a_worry(self):
		self.run_job(self.anchor)
		for status, words in (("Sent", ""), ("Error", "could not be sent")):
			with patch.object(frappe.db, "get_value", return_value=status):
				self.assertIn(words, kinds.of(self.anchor).worry())
				self.assertEqual(bool(words), bool(kinds.of(self.anchor).worry()))

	def test_addresses_stand_one_a_line_or_between_commas(self):
		self.anchor.recipients = "a@example.org, b@example.org\n\n c@example.org "
		self.assertEqual(
			mail.Mail(self.anchor).recipients(), ["a@example.org", "b@example.org", "c@example.org"]
		)
