"""What people learn of the audit log: who may know what, the story of a case, proofs and prints."""

import json
import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import add_days, getdate

from govcrm.accountability import trail
from govcrm.accountability.guard import writing
from govcrm.accountability.history import checking, printing, timeline, words
from govcrm.accountability.history.reading import Wanted, events_of
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.history.telling import Teller
from govcrm.accountability.sealing import sealer
from govcrm.accountability.trail import keys
from govcrm.accountability.watching import asked
from govcrm.api.accountability import services
from govcrm.domain.ledger import commitments, leaf, merkle
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_request, make_task, make_user

AUDITOR, PRIVACY, ADMIN = "ada@example.org", "pia@example.org", "adele@example.org"
REASON = "The road is closed tomorrow"


class HistoryTestCase(CaseTestCase):
	"""A case of Public Works that Alice took, with a reason given for its transfer of priority."""

	def setUp(self) -> None:
		super().setUp()
		make_user(AUDITOR, "Agency Auditor")
		make_user(PRIVACY, "Privacy Officer")
		make_user(ADMIN, "Agency Administrator")
		self.matter = self.case()
		self.accept()

	def accept(self) -> None:
		frappe.set_user(ALICE)
		frappe.get_doc("Case", self.matter.name).accept()
		frappe.set_user("Administrator")

	def page(self, user: str, **filters) -> dict:
		frappe.set_user(user)
		return timeline.page("Case", self.matter.name, filters)

	def told(self, user: str, **filters) -> list[dict]:
		return [event for act in self.page(user, **filters)["acts"] for event in act["events"]]

	def rows(self, **wanted) -> list:
		return events_of("Case", self.matter.name, Wanted(**wanted), limit=500)

	def row(self, doctype: str = "Case", verb: str | None = None):
		return next(
			row
			for row in self.rows(reads=True)
			if row.reference_doctype == doctype and verb in (None, row.verb)
		)

	def whole_row(self, name: str) -> dict:
		return frappe.db.get_value("Audit Event", name, "*", as_dict=True)


class TestStory(HistoryTestCase):
	def test_a_worker_is_told_who_did_what_with_labels_and_values(self):
		accepted = next(event for event in self.told(SUE) if event["verb"] == "accept")
		self.assertEqual(accepted["who"]["user"], ALICE)
		change = next(change for change in accepted["changes"] if change["label"] == "Assigned To")
		self.assertEqual((change["before"], change["after"]), (None, "Alice"))
		self.assertEqual(accepted["values"], "shown")

	def test_who_may_not_read_the_case_gets_no_history(self):
		for user in (BOB, "Guest"):
			frappe.set_user(user)
			with self.assertRaises(frappe.PermissionError):
				timeline.page("Case", self.matter.name, {})

	def test_there_is_no_history_of_other_records_to_walk_around_the_rule(self):
		with self.assertRaises(frappe.ValidationError):
			timeline.page("User", ALICE, {})

	def test_events_come_in_order_and_once_however_the_pages_fall(self):
		whole = [row.name for row in self.rows()]
		for size in (1, 2, 3):
			with patch.object(timeline, "PAGE", size):
				found, after = [], None
				while True:
					page = timeline.page("Case", self.matter.name, {}, after)
					found += [event["name"] for act in page["acts"] for event in act["events"]]
					after = page["next"]
					if not after:
						break
			self.assertEqual(found, whole)
		self.assertGreater(len(whole), 3)
		self.assertEqual(whole, sorted(whole, key=lambda name: (self.whole_row(name).at_utc, name)))

	def test_the_story_can_be_narrowed_to_a_person_and_an_act(self):
		people = {person["user"]: person["actor"] for person in self.page(SUE)["people"]}
		told = self.told(SUE, actor=people[ALICE])
		self.assertTrue(told)
		self.assertEqual({event["who"]["user"] for event in told}, {ALICE})
		self.assertEqual({event["verb"] for event in self.told(SUE, verb="accept")}, {"accept"})

	def test_a_period_is_of_days_of_the_site_both_included(self):
		today = getdate()
		self.assertTrue(self.told(SUE, from_date=str(today), to_date=str(today)))
		self.assertEqual(self.told(SUE, to_date=str(add_days(today, -1))), [])
		self.assertEqual(self.told(SUE, from_date=str(add_days(today, 1))), [])
		with self.assertRaises(frappe.ValidationError):
			self.told(SUE, from_date=str(today), to_date=str(today - timedelta(days=1)))

	def test_a_request_has_a_history_of_its_own(self):
		request = make_request()
		acts = timeline.page("Service Request", request.name, {})["acts"]
		records = {event["record"]["name"] for act in acts for event in act["events"]}
		self.assertEqual(records, {request.name})

	def test_a_record_with_no_name_for_people_is_told_by_its_title(self):
		task = make_task(self.matter.name, title="Measure the hole")
		titles = {row["record"]["title"] for row in self.told(ALICE) if row["record"]["name"] == task.name}
		self.assertEqual(titles, {"Measure the hole"})
		told = Teller(Reader("Guest")).record({"doctype": "Case Task", "name": task.name})
		self.assertEqual((told["title"], told["name"]), ("", task.name))

	def test_a_record_is_called_the_same_whether_it_was_linked_before_or_not(self):
		task = make_task(self.matter.name, title="Measure the hole")
		names = {"doctype": "Case Task", "name": task.name, "subject": f"Case/{self.matter.name}"}
		first, second = Teller(Reader(ALICE)), Teller(Reader(ALICE))
		linked = first.names.link("Case Task", task.name)
		self.assertEqual(first.record(names)["title"], "Measure the hole")
		self.assertEqual(second.record(names)["title"], "Measure the hole")
		self.assertEqual(second.names.link("Case Task", task.name), linked)

	def test_what_an_act_says_beside_its_reason_has_keys_that_no_language_changes(self):
		trail.record("extend", "Case", self.matter.name, detail={"due": "Monday", "deadline": "Tuesday"})
		with patch.object(words, "detail", lambda key: "Frist"):
			told = self.told(SUE, verb="extend")[-1]["details"]
		self.assertEqual(
			sorted(told, key=lambda one: one["key"]),
			[
				{"key": "deadline", "label": "Frist", "value": "Tuesday"},
				{"key": "due", "label": "Frist", "value": "Monday"},
			],
		)


class TestWhoMayKnow(HistoryTestCase):
	def test_reads_are_told_to_supervisors_auditors_and_privacy_officers_only(self):
		trail.record("read", "Case", self.matter.name)
		for user, knows in ((SUE, True), (AUDITOR, True), (PRIVACY, True), (ALICE, False), (ADMIN, False)):
			verbs = {event["verb"] for event in self.told(user, reads=1)}
			self.assertEqual("read" in verbs, knows, user)
			self.assertNotIn("read", {event["verb"] for event in self.told(user)}, user)

	def test_every_look_that_is_watched_is_known_as_a_look(self):
		"""One that is not would be told, as a change, to everybody who reads the case."""
		looks = {value for name, value in vars(asked).items() if name.isupper() and isinstance(value, str)}
		self.assertEqual(looks - {asked.REQUEST}, words.LOOKS)
		self.assertEqual(looks - words.verbs().keys(), set())

	def test_every_verb_that_the_app_names_has_its_words(self):
		named = re.compile(r'(?:\.(?:finish|record|take_away)\(|\bverb=)"([a-z_ ]+)"')
		app = Path(frappe.get_app_path("govcrm"))
		sources = [path for path in app.rglob("*.py") if "test" not in str(path.relative_to(app))]
		verbs = {verb for path in sources for verb in named.findall(path.read_text())}
		self.assertIn("give_back", verbs)
		self.assertEqual(verbs - words.verbs().keys(), set())

	def test_what_was_refused_is_told_to_those_only_who_may_know_of_looks(self):
		trail.record("request", "Case", self.matter.name, outcome="Denied")
		self.assertIn("request", {event["verb"] for event in self.told(AUDITOR, reads=1)})
		self.assertNotIn("request", {event["verb"] for event in self.told(ALICE, reads=1)})

	def test_filters_are_plain_values_before_they_reach_a_query(self):
		for filters in ({"verb": {"a": "b"}}, {"actor": ["x", "y"]}, ["verb"]):
			with self.assertRaises(frappe.ValidationError):
				timeline.page("Case", self.matter.name, filters)

	def test_values_of_a_sealed_case_are_for_nobody_though_the_log_is_read(self):
		frappe.db.set_value("Case", self.matter.name, "confidentiality", "Sealed")
		for user in (AUDITOR, ADMIN, SUE, ALICE):
			frappe.set_user(user)
			told = Teller(Reader(user)).told(self.row(verb="accept"))
			self.assertEqual(told["values"], "hidden", user)
			self.assertTrue(told["changes"], user)
			self.assertTrue(all(change["hidden"] for change in told["changes"]), user)
			self.assertNotIn("Alice", json.dumps(told["changes"]), user)

	def test_auditors_are_told_that_a_request_changed_and_not_what_it_says(self):
		request = make_request(description="A hole before my house")
		event = frappe.get_last_doc("Audit Event", {"reference_name": request.name}, order_by="at_utc desc")
		told = Teller(Reader(AUDITOR)).told(event.as_dict())
		self.assertEqual(told["values"], "hidden")
		self.assertNotIn("my house", json.dumps(told))

	def test_a_field_above_the_readers_level_is_not_told_to_them(self):
		header = {"doctype": "Service Request", "name": make_request().name, "subject": "x"}
		paths = {"description/after", "sensitive_answers/after", "no_such_field/after"}
		self.assertEqual(Reader(ADMIN).visible(header, paths), {"description/after"})
		self.assertEqual(
			Reader(PRIVACY).visible(header, paths), {"description/after", "sensitive_answers/after"}
		)

	def test_addresses_of_machines_are_for_those_who_read_the_log(self):
		header = {"doctype": "Case", "name": self.matter.name, "subject": f"Case/{self.matter.name}"}
		self.assertTrue(Reader(AUDITOR).may_see(header, "peer"))
		self.assertFalse(Reader(SUE).may_see(header, "peer"))

	def test_auditors_see_rights_change_though_they_may_not_read_users(self):
		make_user(BOB).add_roles("Records Officer")
		event = frappe.get_last_doc("Audit Event", {"reference_doctype": "User"}, order_by="at_utc desc")
		told = Teller(Reader(AUDITOR)).told(event.as_dict())
		roles = [change["after"] for change in told["changes"] if not change["hidden"]]
		self.assertIn("Records Officer", roles)

	def test_of_a_user_auditors_see_rights_and_nothing_else(self):
		header = {"doctype": "User", "name": BOB, "subject": "Site/User"}
		paths = {"enabled/after", "roles/r1/role/after", "mobile_no/after", "email/after"}
		self.assertEqual(Reader(AUDITOR).visible(header, paths), {"enabled/after", "roles/r1/role/after"})

	def test_a_comment_on_a_case_is_for_who_reads_the_case(self):
		self.matter.add_comment("Comment", "Called the road crew")
		event = self.row("Comment")
		self.assertEqual(Teller(Reader(ALICE)).told(event)["values"], "shown")
		self.assertEqual(Teller(Reader(BOB)).told(event)["values"], "hidden")

	def test_a_note_for_one_person_is_for_that_person_though_others_read_the_case(self):
		todo = frappe.get_doc(
			doctype="ToDo",
			description="Between you and me",
			allocated_to=ALICE,
			assigned_by=ALICE,
			reference_type="Case",
			reference_name=self.matter.name,
		).insert()
		event = next(row for row in self.rows() if row.reference_name == todo.name and row.verb == "create")
		told = {user: Teller(Reader(user)).told(event) for user in (ALICE, SUE, BOB)}
		self.assertIn("Between you and me", json.dumps(told[ALICE]))
		for user in (SUE, BOB):
			self.assertNotIn("Between you and me", json.dumps(told[user]), user)

	def test_a_field_of_a_level_is_not_told_in_what_hangs_on_a_case_either(self):
		event = self.row("Comment")
		with patch.object(frappe.get_meta("Comment").get_field("content"), "permlevel", 1):
			self.assertNotIn("self assigned this task", json.dumps(Teller(Reader(ALICE)).told(event)))
		self.assertIn("self assigned this task", json.dumps(Teller(Reader(ALICE)).told(event)))

	def test_values_whose_key_was_destroyed_are_said_to_be_so(self):
		table = frappe.qb.DocType("Audit Key")
		with writing():
			frappe.qb.from_(table).delete().where(table.subject == f"Case/{self.matter.name}").run()
		keys.forget()
		told = next(event for event in self.told(SUE) if event["verb"] == "accept")
		self.assertEqual(told["values"], "destroyed")
		self.assertTrue(all(change["hidden"] for change in told["changes"]))


class TestProofs(HistoryTestCase):
	def setUp(self) -> None:
		super().setUp()
		sealer.seal(100_000)

	def test_a_whole_event_passes_every_check(self):
		frappe.set_user(AUDITOR)
		results = services.check(self.row(verb="accept").name)["results"]
		self.assertEqual([result for result in results if result["ok"] is not True], [])

	def test_each_damage_is_found_by_its_check(self):
		event = self.whole_row(self.row(verb="accept").name)
		forged = json.dumps({**json.loads(event.header), "verb": "close"})
		for column, value, failing in (
			("verb", "close", "Columns"),
			("department", "Water", "Columns"),
			("at_utc", "2020-01-01 00:00:00", "Columns"),
			("payload", "AAAA", "Columns"),
			("leaf", "0" * 64, "Leaf"),
			("header", forged, "Header"),
		):
			results = checking.check({**event, column: value}, Reader())
			self.assertIn(failing, [one["label"] for one in results if one["ok"] is False], column)
			self.assertIn("changed in the database", checking.verdict(results))

	def test_a_proof_opens_what_the_reader_may_see_and_nothing_else(self):
		event = self.whole_row(self.row(verb="accept").name)
		committed = json.loads(event.header)["commitments"]
		opened = printing.of_event(event, Reader(SUE))["open"]
		self.assertIn("assignee/after", opened)
		for path, one in opened.items():
			key = bytes.fromhex(one["key"])
			self.assertTrue(commitments.opens(bytes.fromhex(committed[path]), key, one["value"]))
		self.assertEqual(printing.of_event(event, Reader(BOB))["open"], {})

	def test_proofs_of_a_history_verify_without_this_site(self):
		frappe.set_user(SUE)
		bundle = printing.bundle("Case", self.matter.name, {})
		root = bytes.fromhex(json.loads(bundle["checkpoint"])["root"])
		self.assertTrue(bundle["events"])
		for event in bundle["events"]:
			proof = [bytes.fromhex(node) for node in event["proof"]]
			one = leaf.leaf_hash(event["header"].encode())
			self.assertTrue(merkle.verify_inclusion(one, event["index"], bundle["size"], proof, root))

	def test_what_came_after_the_checkpoint_is_named_and_not_proven(self):
		trail.record("comment", "Case", self.matter.name, reason=REASON)
		bundle = printing.bundle("Case", self.matter.name, {})
		self.assertEqual(len(bundle["unsealed"]), 1)

	def test_a_print_is_a_pdf_and_leaves_an_event(self):
		frappe.set_user(SUE)
		self.assertTrue(printing.pdf("Case", self.matter.name, {}).startswith(b"%PDF"))
		event = frappe.get_last_doc(
			"Audit Event", {"reference_name": self.matter.name, "verb": "export"}, order_by="at_utc desc"
		)
		self.assertEqual(json.loads(event.header)["name"], self.matter.name)

	def test_a_print_escapes_what_people_wrote(self):
		detail = {"source": "Nowhere & else"}
		trail.record("comment", "Case", self.matter.name, reason="<script>alert(1)</script>", detail=detail)
		with patch.object(printing, "get_pdf", side_effect=lambda html, options: html.encode()):
			html = printing.pdf("Case", self.matter.name, {}).decode()
		self.assertNotIn("<script>alert", html)
		self.assertIn("Nowhere &amp; else", html)
		self.assertIn("&lt;script&gt;", html)

	def test_where_wkhtmltopdf_is_missing_it_is_said_and_nothing_is_recorded(self):
		before = frappe.db.count("Audit Event", {"verb": "export"})
		with (
			patch.object(printing, "get_pdf", side_effect=OSError("No wkhtmltopdf executable found")),
			self.assertRaisesRegex(frappe.ValidationError, "wkhtmltopdf"),
		):
			printing.pdf("Case", self.matter.name, {})
		self.assertEqual(frappe.db.count("Audit Event", {"verb": "export"}), before)

	def test_a_print_too_long_to_read_is_refused_with_what_to_do(self):
		with patch.object(printing, "MOST", 1), self.assertRaisesRegex(frappe.ValidationError, "shorter"):
			printing.pdf("Case", self.matter.name, {})

	def test_events_are_for_those_who_read_the_log(self):
		name = self.row(verb="accept").name
		frappe.set_user(ALICE)
		for ask in (services.seen, services.check, services.proof):
			with self.assertRaises(frappe.PermissionError):
				ask(name)
		with self.assertRaises(frappe.PermissionError):
			services.consistency(1, 2)
