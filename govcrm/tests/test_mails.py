"""Mail that waits: for whom it is when it leaves, whatever held when it was written."""

import email
import email.policy
from unittest.mock import patch

import frappe
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.desk.form import document_follow

from govcrm import mails
from govcrm.access import subjects, telling
from govcrm.accountability.trail import payload
from govcrm.compat import MAJOR
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_citizen, make_user, make_worker
from govcrm.tests.sealing import CANARY, SealedTestCase, places_of

QUEUE = "frappe.email.doctype.email_queue.email_queue"
FETCH = "fetch_outgoing_server" if MAJOR >= 16 else "fetch_smtp_server"
NOTICE = "frappe.desk.doctype.notification_log.notification_log"
SECRET = "The cellar of the mayor"
KIM = "kim@else.example"


class Sending:
	"""Frappe's own sending, with the mail server and its commits left out."""

	def waiting(self, *addresses: str, **values):
		mail = frappe.new_doc("Email Queue", sender="agency@example.org", message=SECRET, **values)
		mail.set_recipients(addresses)
		return mail.insert(ignore_permissions=True)  # tests set the stage

	def sent(self, mail) -> list[str]:
		"""To whom it goes, in order of their names."""
		subjects.forget()
		frappe.flags.mute_emails = False
		told: list[str] = []
		with (
			patch.object(frappe.db, "commit"),
			patch(f"{QUEUE}.SendMailContext.{FETCH}"),
			patch(f"{QUEUE}.SendMailContext.build_message", return_value=b""),
			patch(f"{QUEUE}.get_hook_method", return_value=lambda mail, sender, to, text: told.append(to)),
		):
			frappe.get_doc("Email Queue", mail.name).send()
		return sorted(told)


class TestMails(Sending, CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.matter = make_case(subject=SECRET)
		self.place = {"reference_doctype": "Case", "reference_name": self.matter.name}

	def recuse(self, user: str) -> None:
		values = {"user": user, "case": self.matter.name, "relation": "Family", "reason": "Her brother."}
		frappe.get_doc({"doctype": "Recusal", **values}).insert()

	def test_who_lost_access_after_a_mail_was_queued_is_passed_over(self):
		mail = self.waiting(ALICE, SUE, **self.place)
		self.recuse(ALICE)
		self.assertEqual(self.sent(mail), [SUE])
		mail.reload()
		self.assertEqual((mail.status, mail.error), ("Sent", mails._not_for_them()))
		rows = {row.recipient: (row.status, row.error) for row in mail.recipients}
		self.assertEqual(rows, {ALICE: ("Not Sent", mails._not_for_them()), SUE: ("Sent", None)})

	def test_who_was_passed_over_stands_in_the_audit_log_once(self):
		mail = self.waiting(ALICE, **self.place)
		self.recuse(ALICE)
		for _ in range(2):
			mail.db_set("status", "Not Sent")
			self.assertEqual(self.sent(mail), [])
		filters = {"verb": "email", "reference_name": self.matter.name, "outcome": "Denied"}
		events = frappe.get_all("Audit Event", filters, pluck="name")
		self.assertEqual(len(events), 1)
		self.assertEqual(payload.read(frappe.get_doc("Audit Event", events[0]))["detail/recipient"], ALICE)

	def test_a_mail_that_is_for_nobody_now_is_not_sent_and_says_so(self):
		mail = self.waiting(ALICE, **self.place)
		frappe.db.set_value("User", ALICE, "enabled", 0)
		frappe.clear_document_cache("User", ALICE)
		self.assertEqual(self.sent(mail), [])
		mail.reload()
		self.assertEqual(mail.status, "Error")
		self.assertNotIn(self.matter.name, mail.error)

	def test_who_has_access_again_when_it_is_tried_again_gets_it(self):
		mail = self.waiting(BOB, **self.place)
		self.assertEqual(self.sent(mail), [])
		make_worker(BOB)
		mail.db_set("status", "Not Sent")
		self.assertEqual(self.sent(mail), [BOB])

	def test_a_mail_of_a_case_by_way_of_a_message_is_asked_about_too(self):
		about = {"communication_medium": "Email", "sent_or_received": "Sent", "subject": SECRET}
		message = frappe.get_doc({"doctype": "Communication", **about, **self.place})
		message.insert(ignore_permissions=True)  # tests set the stage
		self.assertEqual(self.sent(self.waiting(ALICE, BOB, communication=message.name)), [ALICE])

	def test_citizens_go_on_getting_their_mail_with_an_account_and_without(self):
		make_user(KIM)
		citizen = make_citizen(contact_points=[{"channel": "E-mail", "value": KIM, "consent": 1}])
		values = {"program": self.matter.program, "citizen": citizen.name, "case": self.matter.name}
		request = frappe.get_doc({"doctype": "Service Request", **values})
		request.insert(ignore_permissions=True)  # tests set the stage
		place = {"reference_doctype": "Service Request", "reference_name": request.name}
		self.assertEqual(self.sent(self.waiting(KIM, **place)), [KIM])
		self.assertEqual(self.sent(self.waiting(KIM, **self.place)), [KIM])
		self.assertEqual(self.sent(self.waiting("nobody@else.example", **place)), ["nobody@else.example"])

	def test_a_website_user_gets_what_was_written_to_them_by_hand_and_no_more(self):
		make_user(KIM)
		self.assertEqual(self.sent(self.waiting(KIM, **self.place)), [])
		about = {"communication_medium": "Email", "sent_or_received": "Sent", "subject": "x"}
		message = frappe.get_doc({"doctype": "Communication", **about, **self.place})
		message.recipients = f"Lee <lee@else.example>, Kim <{KIM.upper()}>"
		message.insert(ignore_permissions=True)  # tests set the stage
		mail = self.waiting(KIM, communication=message.name, **self.place)
		self.assertEqual(self.sent(mail), [KIM])

	def test_a_website_user_gets_mail_about_a_record_that_names_their_address(self):
		make_user(KIM)
		record = make_citizen(contact_points=[{"channel": "Phone", "value": KIM}])
		place = {"reference_doctype": "Citizen", "reference_name": record.name}
		self.assertEqual(self.sent(self.waiting(KIM, **place)), [KIM])

	def test_a_mail_about_nothing_that_the_rule_knows_is_left_to_frappe(self):
		for place in ({}, {"reference_doctype": "Note", "reference_name": "anything"}):
			with patch.object(mails, "told_by_mail", side_effect=AssertionError):
				self.assertEqual(self.sent(self.waiting(BOB, **place)), [BOB])

	def test_the_mail_of_a_notice_says_which_record_it_is_about(self):
		mail = self.mail_of_a_notice()
		self.assertEqual((mail.reference_doctype, mail.reference_name), ("Case", self.matter.name))
		self.recuse(ALICE)
		self.assertEqual(self.sent(mail), [])

	def mail_of_a_notice(self):
		return mail_of_a_notice("Case", self.matter.name)

	def test_other_mails_that_are_queued_meanwhile_are_not_about_its_record(self):
		with mails.about("Case", self.matter.name, ALICE):
			found = [self.waiting(SUE), self.waiting(ALICE, SUE), self.waiting(ALICE), self.waiting(ALICE)]
		self.assertEqual(
			[mail.reference_name for mail in found],
			[None, None, self.matter.name, None],
			"the first to Alice",
		)

	def test_a_copy_for_the_archive_does_not_hide_what_a_mail_is_about(self):
		with mails.about("Case", self.matter.name, ALICE):
			found = [
				self.waiting(*to, show_as_bcc=KIM) for to in ((SUE, KIM), (ALICE, SUE, KIM), (KIM, ALICE))
			]
		self.assertEqual([mail.reference_name for mail in found], [None, None, self.matter.name])

	def test_a_digest_that_waits_is_asked_about_record_by_record(self):
		other = make_case()
		waiting = {mail.reference_name: mail for mail in digest_of(self.matter.name, other.name)}
		self.assertEqual(set(waiting), {self.matter.name, other.name, None})
		self.recuse(ALICE)
		sent = {name: self.sent(mail) for name, mail in waiting.items()}
		self.assertEqual(sent, {self.matter.name: [], other.name: [ALICE], None: [ALICE]})

	def test_each_mail_of_a_digest_says_what_belongs_to_its_record(self):
		other = make_case()
		for mail in digest_of(self.matter.name, other.name):
			text = str(
				email.message_from_string(mail.message, policy=email.policy.default).get_body().get_content()
			)
			told = {name for name in (self.matter.name, other.name, "a-note") if f"of {name}." in text}
			self.assertEqual(told, {mail.reference_name or "a-note"})


class TestSealedMails(Sending, SealedTestCase):
	def test_nothing_about_a_sealed_case_goes_out_even_to_who_may_read_it(self):
		mail = self.waiting(ALICE, "nobody@else.example")
		self.seal()
		mail.db_set({"reference_doctype": "Case", "reference_name": self.matter.name})
		self.assertEqual(self.sent(mail), [])

	def test_the_mail_of_a_notice_that_waits_goes_with_the_words_of_the_case(self):
		mail = mail_of_a_notice("Case", self.matter.name)
		self.assertIn("tabEmail Queue.message", places_of(CANARY))
		self.seal()
		self.assertFalse(frappe.db.exists("Email Queue", mail.name))
		self.assertEqual(places_of(CANARY), [])

	def test_no_digest_tells_of_a_sealed_case(self):
		self.seal()
		self.assertEqual([mail.reference_name for mail in digest_of(self.matter.name)], [None])

	def test_a_digest_that_waits_goes_with_the_words_of_the_case(self):
		digest_of(self.matter.name)
		filters = {"reference_name": self.matter.name}
		self.assertTrue(frappe.db.exists("Email Queue", filters))
		self.seal()
		self.assertFalse(frappe.db.exists("Email Queue", filters))

	def test_the_mail_of_a_notice_about_a_sealed_case_has_no_word_of_it(self):
		self.seal()
		mail = mail_of_a_notice("Case", self.matter.name)
		self.assertIn("There is news on the sealed case", mail.message)
		self.assertNotIn(CANARY, mail.message)


def mail_of_a_notice(doctype: str, name: str):
	"""The one that Frappe queues for Alice with a notice, which in tests it would send at once."""
	notice = {"type": "Mention", "document_type": doctype, "document_name": name, "subject": f"{CANARY}!"}
	frappe.flags.mute_emails = False
	frappe.flags.in_test = False
	try:
		with patch(f"{NOTICE}.is_email_notifications_enabled_for_type", return_value=True):
			make_notification_logs(frappe._dict(notice), [ALICE])
	finally:
		frappe.flags.in_test = True
	return frappe.get_last_doc("Email Queue")


def digest_of(*cases: str) -> list:
	"""The mails that Frappe queues for Alice of these cases, and of a note that no rule knows."""
	followed = [("Case", case) for case in cases] + [("Note", "a-note")]
	docinfo = [
		{"reference_doctype": doctype, "reference_docname": name, "reference_url": "#"}
		for doctype, name in followed
	]
	timeline = [
		{
			"doctype": doctype,
			"doc_name": name,
			"type": "comment",
			"data": {"time": "now", "comment": f"News of {name}.", "by": "Sue"},
		}
		for doctype, name in followed
	]
	telling.install()
	before = set(frappe.get_all("Email Queue", pluck="name"))
	document_follow.send_email_alert(ALICE, docinfo, timeline)
	names = set(frappe.get_all("Email Queue", pluck="name")) - before
	return [frappe.get_doc("Email Queue", name) for name in names]
