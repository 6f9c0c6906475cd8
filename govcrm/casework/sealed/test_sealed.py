"""A sealed case: its words leave every table, who may reads and writes them, and nothing is lost on the way back."""

import json
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import add_days, nowdate

from govcrm.access import subjects
from govcrm.access.exceptions import closed_to, kept_from
from govcrm.accountability.shredding import shred
from govcrm.accountability.trail import payload
from govcrm.api.casework import ask_access, open_sealed, sealed_words, write_sealed
from govcrm.casework.sealed import copies, keeping, matter, sweeping
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_user
from govcrm.tests.sealing import CANARY, SealedTestCase, places_of, rows_of_everything

SAYING = (
	"Case",
	"Service Request",
	"Case Task",
	"Case Event",
	"Interaction",
	"Comment",
	"Communication",
	"ToDo",
	"Case Access Grant",
)


def in_days(days: int) -> str:
	return str(add_days(nowdate(), days))


class TestSealing(SealedTestCase):
	def test_no_column_of_the_database_says_a_word_of_it(self):
		self._leave_copies()
		told = places_of(CANARY)
		for place in (
			"tabService Request.description",
			"tabCase Event.reason",
			"tabVersion.data",
			"tabComment.content",
		):
			self.assertIn(place, told)  # else this would find nothing because nothing was there
		self.seal()
		self.assertEqual(places_of(CANARY), [])

	def test_a_raw_look_at_the_table_finds_cipher_text(self):
		self.seal()
		row = frappe.get_all("Sealed Matter", {"case": self.matter.name}, ["*"])[0]
		self.assertGreater(len(row.content), 500)
		self.assertNotIn(CANARY, json.dumps(row, default=str))
		self.assertNotIn(self.citizen.name, json.dumps(row, default=str))
		self.assertIn(CANARY, json.dumps(matter.read(self.matter.name)))

	def test_its_link_to_the_citizen_goes_too(self):
		self.seal()
		self.assertNotIn("tabService Request.citizen", places_of(self.citizen.name))

	def test_the_shell_says_its_number_and_what_work_needs(self):
		department, state = self.matter.department, self.matter.workflow_state
		self.seal()
		self.assertEqual(self.matter.subject, f"Sealed case {self.matter.name}")
		self.assertEqual((self.matter.department, self.matter.workflow_state), (department, state))
		self.assertEqual((self.matter.assignee, self.matter.confidentiality), (ALICE, "Sealed"))

	def test_cipher_text_under_another_name_does_not_open(self):
		self.seal()
		frappe.db.set_value("Sealed Matter", {"case": self.matter.name}, "name", "elsewhere")
		with self.assertRaises(matter.Unreadable):
			matter.read(self.matter.name)

	def test_what_cannot_be_read_is_not_written_over(self):
		self.seal()
		frappe.db.set_value("Sealed Matter", {"case": self.matter.name}, "content", "AAAA")
		with self.assertRaises(matter.Unreadable):
			matter.put(self.matter.name, {"Case": {self.matter.name: {"subject": "new"}}})

	def test_there_and_back_loses_nothing(self):
		before = rows_of_everything(SAYING)
		self.seal()
		sealed = rows_of_everything(SAYING)
		self.assertNotEqual(before[("Comment", self._comment())], sealed[("Comment", self._comment())])
		self.lower(level="Internal")
		after = rows_of_everything(SAYING)
		self.assertEqual({key: after[key] for key in before}, before)
		self.assertFalse(frappe.db.exists("Sealed Matter", {"case": self.matter.name}))

	def test_what_was_written_meanwhile_comes_out_with_the_rest(self):
		self.seal()
		comment = self._hang("Comment", content=f"{CANARY} again", comment_type="Comment")
		self.assertEqual(comment.content, "Sealed")
		self.lower()
		self.assertEqual(comment.reload().content, f"{CANARY} again")

	def test_an_error_halfway_leaves_all_as_it_was(self):
		before = rows_of_everything(SAYING)
		frappe.db.savepoint("before_sealing")
		with (
			patch.object(copies, "_mask_versions", side_effect=RuntimeError),
			self.assertRaises(RuntimeError),
		):
			self.seal()
		frappe.db.rollback(save_point="before_sealing")
		self.assertEqual(rows_of_everything(SAYING), before)
		self.assertFalse(frappe.db.exists("Sealed Matter", {"case": self.matter.name}))

	def test_destroying_the_key_of_the_case_makes_it_unreadable(self):
		self.seal()
		frappe.set_user("Administrator")
		shred(f"Case/{self.matter.name}", "Retention 7", "Its time is over.")
		with self.assertRaises(matter.Destroyed):
			matter.read(self.matter.name)
		frappe.set_user(SUE)
		self.assertEqual(sealed_words(self.matter.name)["state"], "destroyed")

	def _comment(self) -> str:
		return frappe.db.get_value("Comment", {"reference_name": self.matter.name, "comment_type": "Comment"})

	def _leave_copies(self) -> None:
		"""What Frappe leaves behind by itself, and tests switch off."""
		frappe.set_user(SUE)
		task = frappe.get_doc("Case Task", self.task.name)
		task.instructions = f"Ask {CANARY} twice"
		task.save(ignore_version=False)
		gone = self._hang("Comment", content=f"{CANARY} gone", comment_type="Comment")
		gone.delete(ignore_permissions=True)  # tests set the stage
		frappe.set_user("Administrator")
		place = {"reference_doctype": "Case", "reference_name": self.matter.name}
		self._make("Email Queue", sender="a@example.org", message=CANARY, **place)
		self._make("Error Log", method="x", error=CANARY, **place)
		news = {"document_type": "Case", "document_name": self.matter.name, "for_user": ALICE}
		self._make("Notification Log", subject=CANARY, email_content=CANARY, type="Alert", **news)
		hook = self._make("Webhook", webhook_doctype="Service Request").name
		self._make("Webhook Request Log", webhook=hook, reference_document=self.request.name, data=CANARY)
		self._make("Tag", name=CANARY[::-1])
		tagged = {"document_type": "Case", "document_name": self.matter.name, "tag": CANARY[::-1]}
		self._make("Tag Link", title=CANARY, **tagged)
		frappe.db.set_value("Case", self.matter.name, "_user_tags", f",{CANARY}")

	def _make(self, doctype: str, **values):
		doc = frappe.get_doc({"doctype": doctype, **values})
		doc.name = values.get("name") or frappe.generate_hash(length=10)
		doc.db_insert()
		return doc


class TestWhileSealed(SealedTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.seal()

	def words(self, by: str = SUE) -> str:
		frappe.set_user(by)
		subjects.forget()
		return json.dumps(sealed_words(self.matter.name), default=str)

	def test_who_sealed_it_and_who_has_it_keep_it_and_nobody_else_does(self):
		for user, reads in ((SUE, True), (ALICE, True), (BOB, False)):
			subjects.forget()
			self.assertEqual(
				frappe.has_permission("Case", "read", doc=self.matter.name, user=user), reads, user
			)

	def test_who_may_read_it_reads_every_word(self):
		said = self.words(ALICE)
		for word in ("hit me", "street 5", "itis", "knows her", "Visit", "called", "cried", "waits for"):
			self.assertIn(word, said)

	def test_nobody_else_reads_one(self):
		for user in (BOB, make_user("petra.privacy@example.org", "Privacy Officer").name):
			with self.assertRaises(frappe.PermissionError):
				self.words(user)

	def test_each_look_is_recorded(self):
		self.words(ALICE)
		event = frappe.get_last_doc("Audit Event", {"verb": "read", "reference_name": self.matter.name})
		self.assertGreater(payload.read(event)["detail/sealed"], 5)

	def test_a_word_is_changed_there_and_lies_in_no_table(self):
		write_sealed(
			self.matter.name, "Service Request", self.request.name, "description", f"{CANARY} hit me twice"
		)
		self.assertIn("hit me twice", self.words())
		self.assertEqual(places_of(CANARY), [])

	def test_what_acts_tell_is_not_changed_there(self):
		event = self.events_of()[0]
		with self.assertRaises(frappe.PermissionError):
			write_sealed(self.matter.name, "Case Event", event, "reason", "other")

	def test_who_only_reads_it_changes_nothing(self):
		frappe.set_user(SUE)
		words = {"opens": "Read", "reason": "r", "authority": "a", "valid_to": in_days(3)}
		frappe.get_doc("Case", self.matter.name).open_to(BOB, **words)
		self.assertIn("hit me", self.words(BOB))
		with self.assertRaises(frappe.PermissionError):
			write_sealed(self.matter.name, "Service Request", self.request.name, "description", "other")

	def test_answers_are_checked_as_on_the_form(self):
		with self.assertRaises(frappe.ValidationError):
			write_sealed(
				self.matter.name, "Service Request", self.request.name, "answers", '{"nobody_asked": 1}'
			)

	def test_answers_come_with_the_questions_of_their_version(self):
		frappe.set_user(SUE)
		[request] = [
			each["words"]
			for each in sealed_words(self.matter.name)["records"]
			if each["doctype"] == "Service Request"
		]
		[answers] = [word for word in request if word["field"] == "answers"]
		version = frappe.get_doc("Program Version", self.request.program_version)
		asked = {row.code: row.label for row in version.questions if row.code in answers["value"]}
		self.assertTrue(asked)
		self.assertEqual({each["code"]: each["label"] for each in answers["questions"]}, asked)

	def test_acts_go_on_and_their_words_are_sealed(self):
		frappe.set_user(SUE)
		case = frappe.get_doc("Case", self.matter.name)
		case.cancel(reason=f"{CANARY} died", status_notes=f"We are sorry, {CANARY}")
		self.assertEqual(places_of(CANARY), [])
		self.assertIn(f"{CANARY} died", self.words())
		self.assertIn("We are sorry", self.words())

	def test_what_is_saved_past_the_documents_is_taken_away_by_the_next_look(self):
		frappe.db.set_value("Service Request", self.request.name, "description", CANARY)
		self.assertEqual(places_of(CANARY), ["tabService Request.description"])
		sweeping.look_at_all()
		self.assertEqual(places_of(CANARY), [])

	def test_a_notice_says_that_there_is_news_and_not_what(self):
		notice = frappe.get_doc(
			{
				"doctype": "Notification Log",
				"subject": CANARY,
				"email_content": CANARY,
				"for_user": ALICE,
				"type": "Alert",
				"document_type": "Case",
				"document_name": self.matter.name,
			}
		)
		keeping.quieten(notice)
		self.assertIn("news on the sealed case", notice.subject)
		self.assertFalse(notice.email_content)

	def test_no_mail_leaves(self):
		with self.assertRaises(keeping.NoMailFromSealed):
			self._hang("Communication", subject="x", communication_medium="Email", sent_or_received="Sent")

	def test_no_file_is_taken(self):
		kept = Path(frappe.get_site_path("private", "files"))
		before = set(kept.iterdir())
		with self.assertRaisesRegex(frappe.PermissionError, "takes no files this way"):
			self._hang_file()
		self.assertEqual(set(kept.iterdir()), before)

	def test_it_is_neither_referred_nor_transferred(self):
		frappe.set_user(SUE)
		for act, words in (("refer", "not referred"), ("transfer", "stays in its department")):
			with self.assertRaisesRegex(frappe.ValidationError, words):
				getattr(frappe.get_doc("Case", self.matter.name), act)("Water", "Please look")

	def test_lowering_needs_a_supervisor_and_a_reason(self):
		with self.assertRaises(frappe.PermissionError):
			self.lower(by=ALICE)
		with self.assertRaises(frappe.ValidationError):
			self.lower(reason=" ")
		frappe.set_user(SUE)
		case = frappe.get_doc("Case", self.matter.name)
		case.confidentiality = "Internal"
		with self.assertRaisesRegex(frappe.ValidationError, "button Lower"):
			case.save()

	def test_who_is_recused_from_the_citizen_stays_so(self):
		frappe.set_user("Administrator")
		frappe.get_doc(
			{
				"doctype": "Recusal",
				"user": ALICE,
				"citizen": self.citizen.name,
				"relation": "Family",
				"reason": "Aunt.",
			}
		).insert()
		self.assertIn(self.matter.name, closed_to(ALICE)["recused"])
		self.assertIn(ALICE, kept_from(self.matter.name))

	def test_a_new_request_to_it_is_sealed_from_the_first_moment(self):
		frappe.set_user(SUE)
		values = {"program": "CARE", "case": self.matter.name, "citizen": self.citizen.name}
		request = frappe.get_doc({"doctype": "Service Request", **values, "description": CANARY}).insert()
		self.assertFalse(request.description)
		self.assertEqual(places_of(CANARY), [])

	def test_a_privacy_officer_opens_it_to_others_and_reads_none_of_it(self):
		petra = make_user("petra.privacy@example.org", "Privacy Officer").name
		words = {
			"opens": "Read",
			"reason": "Sue is ill.",
			"authority": "The director.",
			"valid_to": in_days(3),
		}
		frappe.set_user(BOB)
		ask_access(self.matter.name, "Read", "I follow Sue.")
		frappe.set_user(petra)
		told = frappe.get_all("Notification Log", {"for_user": petra}, pluck="subject")
		self.assertIn(f"Somebody asks for access to the sealed case {self.matter.name}.", told)
		with self.assertRaises(frappe.PermissionError):
			open_sealed(self.matter.name, petra, **words)
		open_sealed(self.matter.name, BOB, **words)
		self.assertIn("hit me", self.words(BOB))
		with self.assertRaises(frappe.PermissionError):
			self.words(petra)

	def events_of(self) -> list[str]:
		return frappe.get_all("Case Event", {"case": self.matter.name}, pluck="name")

	def _hang_file(self):
		place = {"attached_to_doctype": "Case", "attached_to_name": self.matter.name}
		return frappe.get_doc({"doctype": "File", "file_name": "a.txt", "content": b"x", **place}).insert()
