"""How a history says things: names of people, titles of records, labels of fields, values as people read them."""

import json
from unittest.mock import patch

import frappe
from frappe.utils import strip_html

from govcrm.accountability import trail
from govcrm.accountability.history import answers, printing, values
from govcrm.accountability.history.names import Names, is_drawn_by_lot
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.history.telling import Teller
from govcrm.accountability.history.test_history import HistoryTestCase
from govcrm.accountability.trail import actors
from govcrm.domain import story
from govcrm.reports import audit
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import (
	make_case,
	make_citizen,
	make_published_program,
	make_request,
	make_task,
	make_user,
)

QUESTIONS = [
	{
		"code": "size",
		"label": "How large is the hole?",
		"datatype": "singlevaluelist",
		"options": "small=Smaller than a plate\nlarge=Larger than one metre",
	},
	{"code": "hurt", "label": "Was somebody hurt?", "datatype": "boolean", "sensitive": 1},
]
PLAIN = ("Case Event", "Case Participant")  # with a title that is an act, and with none


class SayingTestCase(HistoryTestCase):
	def changes(self, user: str, doctype: str, **wanted) -> dict[str, dict]:
		"""What the newest event about a record of this type says, by label."""
		event = [one for one in self.told(user) if one["record"]["doctype"] == doctype and _fits(one, wanted)]
		return {change["label"]: change for change in event[-1]["changes"]}

	def newest(self, name: str) -> dict:
		"""The newest event about this record, as Administrator is told it."""
		event = frappe.get_last_doc("Audit Event", {"reference_name": name}, order_by="at_utc desc")
		return Teller(Reader("Administrator")).told(event.as_dict())


class TestPeople(SayingTestCase):
	def test_people_have_their_names_and_their_accounts_are_at_hand(self):
		assigned = self.changes(SUE, "Case", verb="accept")["Assigned To"]
		self.assertEqual((assigned["after"], assigned["kept"]), ("Alice", {"after": ALICE}))
		comment = self.changes(SUE, "Comment")["Comment Email"]
		self.assertEqual((comment["after"], comment["kept"]), ("Alice", {"after": ALICE}))

	def test_a_name_that_changed_is_said_alike_of_who_acted_and_of_who_is_named(self):
		frappe.db.set_value("User", ALICE, "full_name", "Alice Stone")
		told = next(event for event in self.told(SUE) if event["verb"] == "accept")
		self.assertEqual(told["who"]["name"], "Alice Stone")
		self.assertEqual(self.changes(SUE, "Case", verb="accept")["Assigned To"]["after"], "Alice Stone")

	def test_what_code_wrote_of_people_and_acts_is_said_with_names_and_words(self):
		with self.set_user(SUE):
			frappe.get_doc("Case", self.matter.name).assign(ALICE, "She knows it")
		told = self.changes(SUE, "Case Event")
		self.assertEqual((told["Act"]["after"], told["Detail"]["after"]), ("assigned", "Alice"))

	def test_an_address_that_is_no_account_stays(self):
		names = Names(Reader())
		self.assertEqual(names.in_text(f"{ALICE}, nobody@example.org"), "Alice, nobody@example.org")

	def test_contact_points_of_citizens_are_not_taken_for_accounts(self):
		citizen = make_citizen(contact_points=[{"channel": "E-mail", "value": ALICE}])
		self.assertIn(ALICE, str(self.newest(citizen.name)["changes"]))

	def test_names_of_a_page_are_looked_up_once_however_many_there_are(self):
		with self.set_user(SUE):
			for number in range(4):
				user = make_user(f"one{number}@example.org", "Caseworker").name
				frappe.get_doc("Case", self.matter.name).add_comment("Comment", "Seen", comment_email=user)
		rows = self.rows()
		self.assertGreater(self.look_ups(rows)["named"], 4)
		self.assertEqual(self.look_ups(rows[-1:])["queries"], self.look_ups(rows)["queries"])

	def test_whose_the_account_of_a_resident_is_is_not_said(self):
		resident = make_user("resident@example.org")
		self.comment_by(resident.name)
		self.assertNotIn(resident.full_name, (None, "", resident.name))
		self.assertEqual(self.changes(SUE, "Comment")["Comment Email"]["after"], resident.name)

	def test_accounts_that_are_gone_are_looked_up_once_and_stay_as_they_are(self):
		self.comment_by("gone1@example.org")
		once = self.look_ups(self.rows())
		for number in range(2, 6):
			self.comment_by(f"gone{number}@example.org")
		self.assertEqual(self.look_ups(self.rows())["queries"], once["queries"])
		comment = self.changes(SUE, "Comment")["Comment Email"]
		self.assertEqual((comment["after"], comment["kept"]), ("gone5@example.org", {}))
		self.assertNotIn("gone5@example.org", str(self.look_ups(self.rows())["people"]))

	def test_an_account_without_a_full_name_is_its_own_name(self):
		frappe.db.set_value("User", BOB, "full_name", None)
		names = Names(Reader())
		self.assertEqual((names.user(BOB), names.people()), (BOB, [{"name": BOB, "user": BOB}]))

	def test_people_on_whom_others_acted_are_looked_up_together(self):
		for number in range(4):
			make_user(f"two{number}@example.org")
		rows = frappe.get_all(
			"Audit Event",
			{"reference_doctype": "User", "verb": "create"},
			["*"],
			order_by="at_utc desc",
			limit=4,
		)
		self.assertEqual(len({row.reference_name for row in rows}), 4)
		self.assertEqual(self.look_ups(rows[:1])["queries"], self.look_ups(rows)["queries"])

	def comment_by(self, user: str) -> None:
		frappe.get_doc("Case", self.matter.name).add_comment("Comment", "Seen", comment_email=user)

	def look_ups(self, rows: list) -> dict:
		"""How often tables of people are asked for names while these events are told."""
		teller, asked, sql = Teller(Reader(SUE)), [], frappe.local.db.sql

		def counted(query, *args, **kwargs):
			asked.append("full_name" in str(query))
			return sql(query, *args, **kwargs)

		with patch.object(frappe.local.db, "sql", counted):
			teller.told_together(rows)
		people = teller.names.people()
		return {"queries": sum(asked), "named": len(people), "people": people}


class TestTitles(SayingTestCase):
	def test_a_linked_case_has_its_title_for_who_may_read_it_and_its_number_for_others(self):
		number, title = self.matter.name, self.matter.subject
		self.assertEqual(Names(Reader(ALICE)).link("Case", number), f"{title} ({number})")
		self.assertEqual(Names(Reader(BOB)).link("Case", number), number)
		self.assertEqual(Names(Reader("Guest")).link("Case", number), number)

	def test_a_sealed_case_has_no_title_for_who_could_read_it_before(self):
		frappe.db.set_value("Case", self.matter.name, "confidentiality", "Sealed")
		self.assertEqual(Names(Reader(ALICE)).link("Case", self.matter.name), self.matter.name)

	def test_a_recused_person_is_told_no_title(self):
		frappe.get_doc(doctype="Recusal", user=ALICE, case=self.matter.name, reason="Kin").insert()
		self.assertEqual(Names(Reader(ALICE)).link("Case", self.matter.name), self.matter.name)

	def test_what_hangs_on_a_case_has_titles_for_who_may_read_the_case(self):
		with self.set_user(ALICE):
			task = make_task(self.matter.name, title="Measure the hole", assigned_to=ALICE).name
		act = frappe.get_last_doc("Case Event", {"case": self.matter.name}).name
		for doctype, name in (("Case Task", task), ("Case Event", act)):
			self.assertTrue(Names(Reader(SUE)).title(doctype, name), doctype)
			for user in (BOB, "Guest"):
				self.assertEqual(Names(Reader(user)).link(doctype, name), name, (doctype, user))
		frappe.get_doc(doctype="Recusal", user=SUE, case=self.matter.name, reason="Kin").insert()
		for doctype, name in (("Case Task", task), ("Case Event", act)):
			self.assertEqual(Names(Reader(SUE)).link(doctype, name), name, doctype)

	def test_titles_of_many_records_are_one_query_and_each_by_right(self):
		other = make_case(service_code="LAMP").name
		names = Names(Reader(ALICE))
		with patch.object(frappe, "get_list", wraps=frappe.get_list) as lists:
			names.learn(records=[("Case", self.matter.name), ("Case", other), ("Case", "CASE-none")])
		self.assertEqual(lists.call_count, 1)
		self.assertEqual(names.title("Case", "CASE-none"), "")
		may = bool(frappe.has_permission("Case", "read", doc=other, user=ALICE))
		self.assertEqual(bool(names.title("Case", other)), may)

	def test_a_record_with_no_words_for_a_name_is_said_by_its_title_or_its_type_alone(self):
		told = [event["record"] for event in self.told(SUE)]
		titles = {doctype: {one["title"] for one in told if one["doctype"] == doctype} for doctype in PLAIN}
		self.assertEqual(titles, {"Case Event": {"opened", "accepted"}, "Case Participant": {""}})
		raw = [
			one
			for one in told
			if one["title"] == one["name"] and is_drawn_by_lot(one["doctype"], one["name"])
		]
		self.assertEqual(raw, [])
		self.assertTrue(all(one["name"] for one in told))

	def test_a_link_to_such_a_record_is_its_title_with_the_name_at_hand(self):
		with self.set_user(ALICE):
			task = make_task(self.matter.name, title="Measure the hole", assigned_to=ALICE)
		linked = self.changes(ALICE, "ToDo")["Reference Name"]
		self.assertEqual((linked["after"], linked["kept"]), ("Measure the hole", {"after": task.name}))

	def test_a_title_that_is_an_account_is_the_name_of_its_person(self):
		data = {"case": self.matter.name, "user": BOB, "opens": "Read", "reason": "He stands in for her"}
		grant = frappe.new_doc("Case Access Grant", **data)
		grant.db_insert()
		frappe.db.set_value("User", BOB, "full_name", "Bob Brook")
		self.assertEqual(Names(Reader("Administrator")).title(grant.doctype, grant.name), "Bob Brook")

	def test_numbers_and_codes_that_people_use_are_no_names_drawn_by_lot(self):
		for doctype, name in (
			("Case", "CASE-26328-4S6X713GW"),
			("Agency Department", "sanitation"),
			("Role", "x1"),
		):
			self.assertFalse(is_drawn_by_lot(doctype, name), name)
		for doctype, name in (("Case Task", "abc"), ("File", "b2dc882db9"), ("Comment", "lnjhhiaqaa")):
			self.assertTrue(is_drawn_by_lot(doctype, name), name)


class TestValues(SayingTestCase):
	def test_a_comment_is_said_without_tags_line_by_line(self):
		html = "<div class='ql-editor'><p>Called <b>the crew</b> &amp; left</p><p>Back at&nbsp;noon</p></div>"
		self.matter.add_comment("Comment", html)
		said = self.changes(SUE, "Comment")["Content"]["after"]
		self.assertEqual(said, "Called the crew & left\nBack at noon")

	def test_what_people_typed_into_a_plain_field_stays_as_they_typed_it(self):
		request = make_request(description="A hole <b>so wide</b>")
		told = {one["label"]: one["after"] for one in self.newest(request.name)["changes"]}
		self.assertEqual(
			told["Description"], frappe.db.get_value("Service Request", request.name, "description")
		)

	def test_answers_are_said_in_the_words_of_their_questions(self):
		make_published_program("HOLES", version={"questions": QUESTIONS})
		request = make_request("HOLES", answers={"size": "large", "hurt": True})
		said = answers.said(json.dumps({"size": "large", "hurt": True, "gone": 3}), request.name, {})
		self.assertEqual(
			said, "How large is the hole? Larger than one metre\nWas somebody hurt? Yes\ngone: 3"
		)
		for odd in ("{", "[1]", '"x"'):
			self.assertEqual(answers.said(odd, request.name, {}), odd)

	def test_an_answer_of_another_kind_than_its_question_stays_as_it_was_given(self):
		questions = [{"code": "day", "label": "Day", "datatype": "date"}, QUESTIONS[0]]
		make_published_program("OLD-HOLES", version={"questions": questions})
		request = make_request("OLD-HOLES", answers={"day": "2026-01-02", "size": "large"})
		said = answers.said(json.dumps({"day": "some day", "size": [{"x": 1}]}), request.name, {})
		self.assertEqual(said, 'Day: some day\nHow large is the hole? [{"x": 1}]')

	def test_a_field_that_is_gone_or_has_no_label_is_said_in_words(self):
		for field, label in (
			("no_such_field", "No Such Field"),
			("owner", "Created By"),
			("subject", "Subject"),
		):
			self.assertEqual(values.label_of("Case", story.Place(field)), label)

	def test_rows_of_a_table_are_numbered_where_more_than_one_changed(self):
		places = [story.Place("channel", "contact_points", row) for row in ("x", "y")]
		both, one = (
			values.rows_of([story.Change(place) for place in found]) for found in (places, places[:1])
		)
		labels = [values.label_of("Citizen", place, both[place.table, place.row]) for place in places]
		self.assertEqual(labels, ["Contact Points 1: Channel", "Contact Points 2: Channel"])
		self.assertEqual(one, {})

	def test_columns_are_said_by_their_labels_and_moments_as_people_write_them(self):
		header = {"doctype": "Citizen"}
		self.assertEqual(values.detail(header, "columns", "date_of_birth, zzz"), "Date of Birth, zzz")
		said = values.detail(header, "deadlines", "Repaired: 2026-12-04 15:00:00 (Running)")
		self.assertEqual(said, f"Repaired: {frappe.utils.format_datetime('2026-12-04 15:00:00')} (Running)")
		self.assertEqual(values.detail(header, "sha256", 5), "5")


class TestForms(SayingTestCase):
	def test_a_print_says_names_and_lists_the_accounts_once_at_its_end(self):
		frappe.set_user(SUE)
		with patch.object(printing, "get_pdf", side_effect=lambda html, options: html.encode()):
			html = printing.pdf("Case", self.matter.name, {}).decode()
		story_of, _marker, people = html.partition("People named in this history")
		self.assertNotIn(ALICE, story_of)
		self.assertEqual(people.count(ALICE), 1)
		self.assertIn("Alice", strip_html(story_of))

	def test_a_print_lists_nobody_who_was_only_asked_for(self):
		stranger = make_user("stranger@example.org").name
		frappe.set_user(SUE)
		with patch.object(printing, "get_pdf", side_effect=lambda html, options: html.encode()):
			html = printing.pdf("Case", self.matter.name, {"actor": actors.pseudonym(stranger)}).decode()
		self.assertNotIn(stranger, html)

	def test_names_are_no_html_on_a_print(self):
		frappe.db.set_value("User", ALICE, "full_name", "Al<img src=x>ice")
		frappe.set_user(SUE)
		with patch.object(printing, "get_pdf", side_effect=lambda html, options: html.encode()):
			html = printing.pdf("Case", self.matter.name, {}).decode()
		self.assertNotIn("<img", html)
		self.assertIn("Al&lt;img src=x&gt;ice", html)

	def test_a_print_bears_the_same_leaves_as_the_log(self):
		frappe.set_user(SUE)
		leaves = [row.leaf for row in self.rows()]
		with patch.object(printing, "get_pdf", side_effect=lambda html, options: html.encode()):
			html = printing.pdf("Case", self.matter.name, {}).decode()
		self.assertEqual([leaf for leaf in leaves if leaf not in html], [])

	def test_a_report_says_what_a_number_is_about_for_who_may_read_it(self):
		trail.record("export", "Case", self.matter.name)
		for user, about in ((SUE, True), (BOB, False)):
			row = audit.row_of(Teller(Reader(user)).told(self.row(verb="export")))
			self.assertIn(self.matter.name, row["record"], user)
			self.assertEqual(self.matter.subject in row["record"], about, user)
			self.assertEqual(row["user"], "Administrator")

	def test_a_report_says_of_what_type_records_are_that_were_listed(self):
		for verb, of, said in (("list", "Case", "Case"), ("log in", None, None)):
			trail.record(verb, of, None, subject="Site/Case")
			event = frappe.get_last_doc("Audit Event", {"verb": verb}, order_by="at_utc desc")
			self.assertEqual(audit.row_of(Teller(Reader(SUE)).told(event.as_dict()))["record"], said)

	def test_a_report_says_what_a_record_without_a_name_hangs_on(self):
		row = audit.row_of(Teller(Reader(BOB)).told(self.row("Comment")))
		self.assertEqual(row["record"], f"Comment: Case {self.matter.name}")


def _fits(event: dict, wanted: dict) -> bool:
	return all(event[key] == value for key, value in wanted.items())
