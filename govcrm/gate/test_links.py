"""Links in what is posted, and names in methods for many records, tell of no record that one may not read."""

import re

import frappe

from govcrm.gate import links
from govcrm.gate.test_gate import GateTestCase
from govcrm.tests.asking import Answer
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_user

MISSING = "CASE-00000-NONE"
MANAGER, CITIZEN = "manager.links@example.org", "citizen.links@example.org"
PASSING = re.compile(r"[0-9a-f]{56}")  # an error has a number of its own
EVENT = {"doctype": "Event", "subject": "x", "starts_on": "2030-01-01 10:00:00"}


class LinksTestCase(GateTestCase):
	def setUp(self) -> None:
		super().setUp()
		links.install()
		frappe.set_user("Administrator")
		make_user(MANAGER, "System Manager")
		make_user(CITIZEN)
		frappe.set_user(BOB)

	def alike(self, ask) -> Answer:
		"""The answer to both, to what is there and closed and to what is not there."""
		answers = [ask(name) for name in (self.shut, MISSING)]
		told = [
			(answer.status, PASSING.sub("", answer.text.replace(name, "…")))
			for answer, name in zip(answers, (self.shut, MISSING), strict=True)
		]
		self.assertEqual(*told)
		self.assertNotEqual(answers[0].status, 200, answers[0])
		return answers[0]

	def posted(self, kind: str, /, **values: object) -> Answer:
		return self.ask(f"/api/resource/{kind}", "POST", **values)


class TestPosted(LinksTestCase):
	def test_what_is_posted_tells_nobody_which_records_there_are(self) -> None:
		for user in ("Guest", CITIZEN, BOB, MANAGER):
			frappe.set_user(user)
			self.alike(lambda name: self.posted("ToDo", description="x", **_about(name)))
			self.alike(lambda name: self.posted("Comment", comment_type="Comment", **_on(name)))
		frappe.set_user(BOB)
		task = {"doctype": "Case Task", "title": "x"}
		unsaved = {**task, "__islocal": 1, "name": "new-case-task-1"}
		save = "frappe.desk.form.save.savedocs"
		for ask in (
			lambda name: self.posted("Case Task", title="x", case=name),
			lambda name: self.posted("Service Request", description="x", case=name),
			lambda name: self.call("frappe.client.insert", doc={**task, "case": name}),
			lambda name: self.call(save, doc=frappe.as_json({**unsaved, "case": name}), action="Save"),
			lambda name: self.posted("Event", **_with_participant(name)),
			lambda name: self.ask("/api/v2/document/Event", "POST", **_with_participant(name)),
		):
			self.assertIn("Could not find", self.alike(ask).text)

	def test_a_link_that_one_may_follow_is_saved_and_others_are_answered_as_by_frappe(self) -> None:
		self.assertEqual(self.posted("Event", **_with_participant(self.own)).status, 200)
		answer = self.posted("Case Task", title="x", case=self.own)
		self.assertEqual(answer.status, 200, answer)
		answer = self.posted("Event", **_with_participant(MISSING, "Note"))
		self.assertEqual(answer.status, 417)
		self.assertIn(f"Row #1: Reference Name: {MISSING}", answer.text)

	def test_a_link_that_was_there_before_is_not_asked_about_again(self) -> None:
		frappe.set_user("Administrator")
		event = frappe.get_doc(_with_participant(self.shut)).insert()
		event.db_set("owner", BOB)
		frappe.set_user(BOB)
		path = f"/api/resource/Event/{event.name}"
		self.assertEqual(self.ask(path, "PUT", subject="y").status, 200)
		anew = [{"reference_doctype": "Case", "reference_docname": self.shut}]  # as programs send a table
		self.assertEqual(self.ask(path, "PUT", event_participants=anew).status, 200)
		rows = [{"reference_doctype": "Case", "reference_docname": MISSING}]
		self.assertIn("Could not find", self.ask(path, "PUT", event_participants=rows).text)

	def test_what_the_app_does_by_itself_may_join_what_its_user_may_not_read(self) -> None:
		event = frappe.get_doc(_with_participant(self.shut))
		self.assertTrue(event.insert(ignore_permissions=True).name)


class TestMany(LinksTestCase):
	def test_methods_for_many_records_tell_nobody_which_there_are(self) -> None:
		workflow = "frappe.model.workflow.get_common_transition_actions"
		update = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
		for method, args in (
			("frappe.client.bulk_update", lambda name: {"docs": _json([_with(name, priority="High")])}),
			(update, lambda name: {"doctype": "Case", "docnames": _json([name]), "action": "update"}),
			(workflow, lambda name: {"doctype": "Case", "docs": _json([{"name": name}])}),
			("frappe.desk.reportview.delete_items", lambda name: {"doctype": "Case", "items": _json([name])}),
			("frappe.desk.notifications.get_open_count", lambda name: {"doctype": "Case", "name": name}),
		):
			answer = self.alike(lambda name, method=method, args=args: self.call(method, **args(name)))
			self.refused(answer, "not for you")

	def test_records_that_one_may_read_are_still_done_together(self) -> None:
		update = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
		answer = self.call(update, doctype="Case", docnames=_json([]), action="update")
		self.assertEqual((answer.status, answer.message), (200, []))
		asked = {"doctype": "Case", "name": self.own, "items": _json(["Case Task", "Interaction"])}
		count = self.call("frappe.desk.notifications.get_open_count", **asked)
		self.assertEqual(count.status, 200, count)


class TestFetching(LinksTestCase):
	def test_nothing_is_copied_from_a_case_to_where_the_rule_does_not_reach(self) -> None:
		subject = frappe._dict(fieldname="title", fieldtype="Data", fetch_from="case.subject", permlevel=0)
		note, task = frappe.new_doc("Note"), frappe.new_doc("Case Task")
		for doc in (note, task):
			doc.set_fetch_from_value("Case", subject, {"subject": "A flooded cellar"})
		self.assertEqual((note.title, task.title), (None, "A flooded cellar"))
		secret = frappe._dict(subject, fetch_from="request.sensitive_answers")
		task.set_fetch_from_value("Service Request", secret, {"sensitive_answers": "{}"})
		self.assertEqual(task.title, "A flooded cellar")

	def test_no_field_is_made_that_fetches_from_a_case(self) -> None:
		"""Asked of the events alone: a field that was made would stay in the table."""
		frappe.set_user(MANAGER)
		field = {"dt": "Case Task", "fieldname": "gate", "label": "Gate", "fieldtype": "Data"}
		setter = {"doc_type": "Case Task", "doctype_or_field": "DocField", "field_name": "title"}
		fetches = {"property": "fetch_from", "property_type": "Small Text", "value": "case.subject"}
		for values in (
			{"doctype": "Custom Field", **field, "fetch_from": "case.subject"},
			{"doctype": "Property Setter", **setter, **fetches},
		):
			with self.assertRaisesRegex(frappe.PermissionError, "Nothing is fetched"):
				frappe.get_doc(values).run_method("validate")
		frappe.get_doc({"doctype": "Custom Field", **field}).run_method("validate")


def _about(name: str) -> dict:
	return {"reference_type": "Case", "reference_name": name}


def _on(name: str) -> dict:
	return {"reference_doctype": "Case", "reference_name": name}


def _with_participant(name: str, doctype: str = "Case") -> dict:
	return {**EVENT, "event_participants": [{"reference_doctype": doctype, "reference_docname": name}]}


def _with(name: str, **values: object) -> dict:
	return {"doctype": "Case", "docname": name, **values}


def _json(value: object) -> str:
	return frappe.as_json(value, indent=None)
