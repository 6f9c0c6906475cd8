"""Who is told of a record without asking: one test for each way, with somebody who may not read it or no longer may."""

import json
from unittest.mock import patch

import frappe
from frappe.core.doctype.version import version
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.desk.form import document_follow, load
from frappe.desk.notifications import notify_mentions
from frappe.www import printview

from govcrm.access import subjects, telling
from govcrm.access.satellites import bracketed
from govcrm.access.telling.naming import named_versions
from govcrm.access.telling.readers import may_be_told, told_at
from govcrm.access.test_satellites import hang, put
from govcrm.compat import MAJOR
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_case, make_citizen, make_user, make_worker
from govcrm.wrapping import OURS

MANAGER = "manager.telling@example.org"
SECRET = "The cellar of the mayor"


class TellingTestCase(AskingTestCase):
	"""Alice of Public Works may read the case, Bob of Water may not, and neither may the manager of the site."""

	def setUp(self) -> None:
		super().setUp()
		telling.install()
		bracketed.install()
		make_worker(ALICE)
		make_worker(BOB, "Water")
		make_user(MANAGER, "System Manager")
		self.case = make_case(subject=SECRET)

	def recuse(self, user: str, case: str | None = None) -> None:
		values = {
			"doctype": "Recusal",
			"user": user,
			"case": case or self.case.name,
			"reason": "Her brother.",
		}
		frappe.get_doc({**values, "relation": "Family"}).insert()
		subjects.forget()

	def told(self, **filters) -> list[str]:
		filters = {"document_type": "Case", "document_name": self.case.name, **filters}
		return sorted(frappe.get_all("Notification Log", filters, pluck="for_user"))


class TestNotices(TellingTestCase):
	def test_a_mention_tells_only_who_may_read_the_record(self) -> None:
		span = '<span class="mention" data-id="{0}">@x</span>'
		content = "".join(map(span.format, (ALICE, BOB, MANAGER)))
		notify_mentions("Case", self.case.name, content)
		self.assertEqual(self.told(), [ALICE])

	def test_a_notice_on_what_hangs_on_a_case_follows_the_case(self) -> None:
		comment = hang("Comment", "Case", self.case.name, comment_type="Comment", content=SECRET)
		notice = {"type": "Alert", "document_type": "Comment", "document_name": comment.name, "subject": "x"}
		make_notification_logs(frappe._dict(notice), [ALICE, BOB, MANAGER])
		found = frappe.get_all("Notification Log", {"document_name": comment.name}, pluck="for_user")
		self.assertEqual(found, [ALICE])

	def test_who_was_recused_meanwhile_is_not_told_by_notice_or_mail(self) -> None:
		frappe.flags.mute_emails = False
		notice = {
			"type": "Alert",
			"document_type": "Case",
			"document_name": self.case.name,
			"subject": SECRET,
		}
		enabled = (
			"frappe.desk.doctype.notification_log.notification_log.is_email_notifications_enabled_for_type"
		)
		mail = "frappe.desk.doctype.notification_log.notification_log.send_notification_email"
		make_worker(SUE, supervisor=True)
		self.recuse(ALICE)
		with patch(enabled, return_value=True), patch(mail) as sent:
			make_notification_logs(frappe._dict(notice), [ALICE, SUE])
		self.assertEqual(self.told(subject=SECRET), [SUE])
		self.assertEqual([call.args[0].for_user for call in sent.call_args_list], [SUE])

	def test_a_notice_about_nothing_scoped_is_left_to_frappe(self) -> None:
		notice = {"type": "Alert", "document_type": "Note", "document_name": "anything", "subject": "x"}
		make_notification_logs(frappe._dict(notice), [BOB])
		self.assertTrue(frappe.db.exists("Notification Log", {"document_name": "anything", "for_user": BOB}))

	def test_an_error_tells_nobody(self) -> None:
		with patch("govcrm.access.telling.readers._may_read", side_effect=ValueError):
			self.assertFalse(may_be_told(ALICE, "Case", self.case.name))
		self.assertTrue(may_be_told(ALICE, "Case", self.case.name))

	def test_points_are_given_only_for_what_one_may_read(self) -> None:
		if MAJOR > 15:
			return  # Frappe 16 has no points
		values = {"doctype": "Energy Point Log", "points": 1, "type": "Auto", "reason": SECRET}
		on = {"reference_doctype": "Case", "reference_name": self.case.name}
		frappe.get_doc({**values, **on, "user": ALICE}).insert()
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc({**values, **on, "user": BOB}).insert()


class TestAlerts(TellingTestCase):
	"""Rules of the site that send: DocType Notification."""

	def alert(self, **values):
		rule = frappe.get_doc(
			{"doctype": "Notification", "name": "telling", "document_type": "Case", **values}
		)
		rule.update({"subject": "x", "message": SECRET, "event": "Custom", "channel": "Email"})
		return rule

	def test_an_alert_to_a_role_reaches_those_of_it_who_may_read_the_record(self) -> None:
		rule = self.alert(
			recipients=[{"receiver_by_role": "Caseworker", "cc": f"{MANAGER},clerk@else.example"}]
		)
		to, cc, _ = rule.get_list_of_recipients(self.case, {"doc": self.case})
		self.assertIn(ALICE, to)
		self.assertNotIn(BOB, to)
		self.assertEqual(
			cc, ["clerk@else.example"]
		)  # whose address the agency wrote there, and who has no account

	def test_an_alert_to_telephones_is_the_same(self) -> None:
		for user, number in ((ALICE, "555-0101"), (BOB, "555-0102")):
			frappe.db.set_value("User", user, "mobile_no", number)
		found = told_at(["555-0101", "555-0102", "555-0103"], self.case, "mobile_no")
		self.assertEqual(found, ["555-0101", "555-0103"])

	def test_the_address_of_staff_is_known_however_it_is_written(self) -> None:
		self.assertEqual(told_at([f"Bob <{BOB.upper()}>", ALICE], self.case), [ALICE])

	def test_a_website_user_is_told_by_the_address_that_the_record_names(self) -> None:
		account = make_user("kim@else.example")
		self.assertEqual(account.user_type, "Website User")
		record = make_citizen(contact_points=[{"kind": "Email", "value": account.name}])
		self.assertEqual(told_at([account.name], record), [account.name])
		self.assertEqual(told_at([account.name], self.case), [])


class TestFollowing(TellingTestCase):
	def setUp(self) -> None:
		super().setUp()
		for user in (ALICE, BOB):
			frappe.db.set_value("User", user, "document_follow_notify", 1)

	def follows(self, user: str) -> bool:
		on = {"ref_doctype": "Case", "ref_docname": self.case.name, "user": user}
		return bool(frappe.db.exists("Document Follow", on))

	def test_nobody_follows_what_they_may_not_read(self) -> None:
		for user in (ALICE, BOB):
			document_follow.follow_document("Case", self.case.name, user)
		self.assertEqual([self.follows(user) for user in (ALICE, BOB)], [True, False])

	def test_a_follower_is_not_changed_to_somebody_else(self) -> None:
		follow = document_follow.follow_document("Case", self.case.name, ALICE)
		follow.user = BOB
		with self.assertRaises(frappe.PermissionError):
			follow.save()

	def test_the_digest_leaves_out_what_its_reader_may_no_longer_read(self) -> None:
		document_follow.follow_document("Case", self.case.name, ALICE)
		own = make_case(department="Water")
		document_follow.follow_document("Case", own.name, BOB)
		put("Document Follow", ref_doctype="Case", ref_docname=self.case.name, user=BOB)  # from before
		for case in (self.case, own):
			hang("Comment", "Case", case.name, comment_type="Comment", content=SECRET)
		told = {user: self.digest(user) for user in (ALICE, BOB)}
		self.assertEqual(told, {ALICE: {self.case.name}, BOB: {own.name}})
		self.recuse(ALICE)
		self.assertEqual(self.digest(ALICE), set())

	def digest(self, user: str) -> set[str]:
		said, _ = document_follow.get_message_for_user("Hourly", user)
		return {one["doc_name"] for one in said}


class TestForms(TellingTestCase):
	"""What a form brings along of other records."""

	def mails(self, user: str, **page) -> list[str]:
		frappe.set_user(user)
		found = load._get_communications("Contact", self.contact, **page)
		frappe.set_user("Administrator")
		return [mail.subject for mail in found]

	def mail(self, about: str | None, subject: str, day: int) -> None:
		values = {"communication_type": "Communication", "subject": subject, "content": SECRET}
		reference = {"reference_doctype": "Case", "reference_name": about} if about else {}
		values["communication_date"] = f"2024-01-{day:02} 10:00:00"
		mail = put("Communication", **values, **reference)
		on = {"parent": mail.name, "parenttype": "Communication", "parentfield": "timeline_links"}
		put("Communication Link", link_doctype="Contact", link_name=self.contact, **on)

	def test_the_timeline_of_a_contact_has_no_mails_of_closed_cases(self) -> None:
		self.contact = put("Contact", first_name="Kim").name
		own = make_case(department="Water").name
		for day in range(1, 7):
			self.mail((None, own, self.case.name)[day % 3], f"mail {day}", day)
		seen = [f"mail {day}" for day in (6, 4, 3, 1)]
		self.assertEqual(self.mails(BOB), seen)
		self.assertEqual(self.mails(BOB, limit=3), seen[:3])  # as long as if the others were not there
		self.assertEqual(self.mails(BOB, start=1, limit=2), seen[1:3])
		self.assertEqual(len(self.mails("Administrator")), 6)

	def test_a_form_brings_no_titles_of_records_that_one_may_not_read(self) -> None:
		part = make_case(department="Water", subject="A part")
		part.parent_case = self.case.name
		frappe.set_user(BOB)
		self.show_titles()
		self.assertNotIn(SECRET, load.get_title_values_for_link_and_dynamic_link_fields(part).values())
		printview.set_link_titles(part)
		self.assertNotIn(SECRET, str(part.get("__link_titles")))
		frappe.set_user("Administrator")
		make_worker(BOB)
		subjects.forget()
		frappe.set_user(BOB)
		self.show_titles()  # Frappe 15 reads the DocType anew for each user
		found = load.get_title_values_for_link_and_dynamic_link_fields(part)
		self.assertEqual(found[f"Case::{self.case.name}"], SECRET)

	def test_the_history_beneath_a_form_names_people_and_not_their_accounts(self) -> None:
		frappe.db.set_value("User", BOB, "full_name", "Bob Brook")
		case = frappe.get_doc("Case", self.case.name)
		change = ["assignee", "gone@example.org", BOB]
		data = frappe.as_json({"changed": [change, ["subject", BOB, "x"]], "row_changed": [], "added": []})
		version = frappe._dict(name="x", owner=BOB, creation="2026-01-01", data=data)
		told = json.loads(named_versions(lambda doc: [version])(case)[0].data)
		self.assertEqual(
			told["changed"], [["assignee", "gone@example.org", "Bob Brook"], ["subject", BOB, "x"]]
		)
		self.assertTrue(hasattr(load.get_versions, OURS))

	def test_a_version_keeps_the_accounts_of_people_who_have_one_name(self) -> None:
		for user in (ALICE, BOB):
			frappe.db.set_value("User", user, "full_name", "John Smith")
		old, new = (frappe.get_doc("Case", self.case.name) for _number in range(2))
		old.assignee, new.assignee = ALICE, BOB
		frappe.get_meta("User").show_title_field_in_link = 1
		self.addCleanup(frappe.clear_cache, doctype="User")
		self.assertIn(["assignee", ALICE, BOB], version.get_diff(old, new).changed)

	def show_titles(self) -> None:
		meta = frappe.get_meta("Case")
		self.addCleanup(setattr, meta, "show_title_field_in_link", meta.show_title_field_in_link)
		meta.show_title_field_in_link = 1


class TestShares(TellingTestCase):
	def share(self, doctype: str, name: str, user: str = BOB):
		values = {"share_doctype": doctype, "share_name": name, "user": user, "read": 1}
		return put("DocShare", **values)

	def test_a_share_made_behind_the_back_opens_no_case(self) -> None:
		self.share("Case", self.case.name)
		frappe.set_user(BOB)
		self.assertFalse(frappe.has_permission("Case", "read", doc=self.case.name))
		self.assertEqual(frappe.get_list("Case", {"name": self.case.name}), [])

	def test_a_share_opens_nothing_that_hangs_on_a_case(self) -> None:
		comment = hang("Comment", "Case", self.case.name, comment_type="Comment", content=SECRET)
		mail = hang("Communication", "Comment", comment.name)
		free = put("Communication", sent_or_received="Sent")
		for row in (mail, free):
			self.share("Communication", row.name)
		frappe.set_user(BOB)
		opened = [frappe.has_permission("Communication", "read", doc=row.name) for row in (mail, free)]
		self.assertEqual(opened, [False, True])

	def test_the_key_of_a_print_opens_no_case(self) -> None:
		free = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
		for doctype, name in (("Case", self.case.name), ("ToDo", free.name)):
			on = {"reference_doctype": doctype, "reference_docname": name}
			put("Document Share Key", key=f"key of {doctype}", expires_on="2999-01-01", **on)
		fits = [printview.validate_key(f"key of {doc.doctype}", doc) is None for doc in (self.case, free)]
		self.assertEqual(fits, [False, True])

	def test_what_hangs_on_a_case_is_not_shared(self) -> None:
		comment = hang("Comment", "Case", self.case.name, comment_type="Comment", content=SECRET)
		for doctype, name in (("Case", self.case.name), ("Comment", comment.name)):
			values = {"doctype": "DocShare", "share_doctype": doctype, "share_name": name, "user": BOB}
			with self.subTest(doctype), self.assertRaises(frappe.PermissionError):
				frappe.get_doc({**values, "read": 1}).insert()


class TestSockets(TellingTestCase):
	"""What goes out is caught where Frappe hands it to Redis."""

	def sent(self, event: str, message: dict, room: str) -> list[str]:
		redis = "frappe.utils.background_jobs.get_redis_connection_without_auth"
		with patch(redis) as connection:
			frappe.realtime.emit_via_redis(event, message, room)
			told = connection.return_value.publish.call_args_list
		return [frappe.parse_json(call.args[1])["room"] for call in told]

	def news(self, doctype: str, name: str) -> list[str]:
		message = {"doctype": doctype, "name": name, "user": ALICE}
		return self.sent("list_update", message, f"doctype:{doctype}")

	def test_news_of_a_list_go_to_who_has_the_record_open_and_to_who_acts(self) -> None:
		frappe.set_user(ALICE)
		comment = hang("Comment", "Case", self.case.name)
		for doctype, name in (("Case", self.case.name), ("Comment", comment.name)):
			self.assertEqual(self.news(doctype, name), [f"doc:{doctype}/{name}", f"user:{ALICE}"])
		free = hang("Comment", "Note", "anything")
		self.assertEqual(self.news("Comment", free.name), ["doctype:Comment"])

	def test_a_comment_goes_to_no_page_that_was_opened_before_a_recusal(self) -> None:
		make_worker(SUE, supervisor=True)
		for user in (ALICE, SUE):
			hang("ToDo", "Case", self.case.name, allocated_to=user, status="Open")
		doc = {"reference_doctype": "Case", "reference_name": self.case.name, "content": SECRET}
		room = f"doc:Case/{self.case.name}"
		frappe.set_user(SUE)
		self.assertEqual(
			sorted(self.sent("docinfo_update", {"doc": doc}, room)), [f"user:{ALICE}", f"user:{SUE}"]
		)
		frappe.set_user("Administrator")
		self.recuse(ALICE)
		frappe.set_user(SUE)
		self.assertEqual(self.sent("docinfo_update", {"doc": doc}, room), [f"user:{SUE}"])

	def test_where_a_print_lies_is_told_to_who_asked_for_it(self) -> None:
		frappe.set_user(ALICE)
		self.assertEqual(self.sent("task_complete:1", {"file_url": "/private/x"}, "all"), [f"user:{ALICE}"])

	def test_what_cannot_be_judged_is_not_sent(self) -> None:
		with patch("govcrm.access.telling.sockets.is_closed", side_effect=ValueError):
			self.assertEqual(self.news("Case", self.case.name), [])

	def test_the_room_of_a_record_is_for_who_may_read_it(self) -> None:
		for user, expected in ((ALICE, 200), (BOB, 403), (MANAGER, 403)):
			frappe.set_user(user)
			for doctype, name in (("Case", self.case.name), ("Case", "CASE-00000-NONE")):
				wanted = expected if name == self.case.name else 403
				self.assertEqual(self.joins(doctype, name).status, wanted, (user, name))

	def joins(self, doctype: str, name: str):
		if MAJOR >= 16:
			return self.ask("/api/method/frappe.realtime.has_permission", "POST", doctype=doctype, name=name)
		return self.ask(
			"/api/method/frappe.realtime.can_subscribe_doc", "POST", doctype=doctype, docname=name
		)

	def test_cases_are_not_discussed_on_the_website(self) -> None:
		topic = {"doctype": "Discussion Topic", "title": "x", "reference_doctype": "Case"}
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc({**topic, "reference_docname": self.case.name}).insert()
		old = hang("Discussion Topic", "Case", self.case.name, title="x")
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc({"doctype": "Discussion Reply", "topic": old.name, "reply": SECRET}).insert()
