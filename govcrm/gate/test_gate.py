"""Each door that Frappe's own endpoints leave open, tried as somebody with few rights; one test for each."""

import base64
from unittest.mock import Mock, patch

import frappe

from govcrm.gate import methods
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_case, make_user, make_worker

OWN, OTHER = "A hole in Harbor Street", "A flooded cellar"
ADMIN = "gate-admin@example.org"
GETS = "frappe.client.get_list"
FIELD, READABLE = "is no field", "is no field that you may read"


class GateTestCase(AskingTestCase):
	"""Bob of Water may see `self.own`; the case `self.shut` of Public Works not."""

	def setUp(self) -> None:
		super().setUp()
		make_worker(BOB, "Water")
		self.own = make_case(department="Water", subject=OWN).name
		self.shut = make_case(subject=OTHER, confidentiality="Restricted").name
		frappe.set_user(BOB)

	def names(self, answer) -> list[str]:
		self.assertEqual(answer.status, 200, answer)
		return [row["name"] for row in answer.message]


class TestWhatGoesOn(GateTestCase):
	"""Nothing of what the Desk and integrators ask by names of fields is turned back."""

	def test_lists_forms_and_counts_are_answered_in_both_versions_of_rest(self) -> None:
		fields = frappe.as_json(["name", "subject", "count(name) as total"])
		for answer in (
			self.ask("/api/resource/Case", fields='["name","subject"]'),
			self.ask("/api/v1/resource/Case", filters='[["department","=","Water"]]'),
			self.ask("/api/v2/document/Case", fields='["name"]', order_by="modified desc"),
			self.ask(f"/api/resource/Case/{self.own}"),
			self.ask(f"/api/v2/document/Case/{self.own}/"),
			self.ask("/api/v2/doctype/Citizen/count"),
			self.ask("/api/v2/doctype/Case/meta"),
			self.call(GETS, doctype="Case", fields=fields, group_by="name"),
			self.call("frappe.client.get_value", doctype="Case", fieldname="subject", filters=self.own),
			self.call("frappe.client.get", doctype="Case", name=self.own),
			self.call("frappe.desk.form.load.getdoc", doctype="Case", name=self.own),
			self.call("frappe.desk.search.search_link", doctype="Case", txt="hole"),
		):
			self.assertEqual(answer.status, 200, answer)

	def test_what_the_list_view_asks_is_answered(self) -> None:
		for method, args in {
			"get": {"fields": '["`tabCase`.`name`","`tabCase`.`_assign`"]', "with_comment_count": 1},
			"get_count": {"filters": "[]", "fields": "[]", "distinct": "false"},
			"get_sidebar_stats": {"stats": '["_user_tags"]', "filters": "[]"},
			"get_list": {"fields": '["department"]', "group_by": "`tabCase`.`department`"},
		}.items():
			order = {"order_by": "`tabCase`.`modified` desc"} if method == "get" else {}
			answer = self.call(f"frappe.desk.reportview.{method}", doctype="Case", **args, **order)
			self.assertEqual(answer.status, 200, answer)

	def test_a_doc_of_ours_runs_its_own_methods(self) -> None:
		answer = self.call("run_doc_method", dt="Case", dn=self.own, method="why_these_dates")
		self.assertNotEqual(answer.status, 403, answer)

	def test_who_is_not_logged_in_logs_in_and_pings(self) -> None:
		frappe.set_user("Guest")
		for path in ("/api/method/ping", "/api/method/frappe.ping", "/api/v2/method/ping"):
			self.assertEqual(self.ask(path).message, "pong")
		self.assertNotEqual(self.ask("/api/method/login", usr="Case", pwd="x").status, 403)

	def test_a_word_that_is_called_like_a_doctype_is_a_word(self) -> None:
		answer = self.call("frappe.translate.get_translations", source_text="Case")
		self.assertNotIn("is not asked about", answer.text)

	def test_administrator_asks_what_he_likes(self) -> None:
		frappe.set_user("Administrator")
		answer = self.call("frappe.client.get_password", doctype="Case", name=self.own, fieldname="subject")
		self.assertNotIn("is not asked about", answer.text)


class TestMethods(GateTestCase):
	def test_a_method_that_nobody_has_read_is_not_asked_about_a_case(self) -> None:
		for args in (
			{"doctype": "Case", "name": self.own},
			{"args": frappe.as_json({"entity": ["Case"]})},
			{"args": frappe.as_json({"fields": "`tabCase`.`subject`"})},
			{"doctype": "case"},
			{"doctype": "Case "},
		):
			self.refused(self.call("frappe.utils.goal.get_monthly_goal_graph_data", **args))

	def test_a_method_that_nobody_has_read_is_not_told_of_what_hangs_on_a_closed_case(self) -> None:
		"""ERPNext makes an Opportunity of any Communication, and asks for no right to it."""
		mails = {case: self.mail_about(case) for case in (self.own, self.shut)}
		for case, refused in ((self.own, False), (self.shut, True)):
			for args in ({"communication": mails[case]}, {"args": frappe.as_json([{"of": mails[case]}])}):
				answer = self.call("frappe.utils.goal.get_monthly_goal_graph_data", **args)
				self.assertEqual("is not there, or not for you" in answer.text, refused, answer)

	def test_names_in_a_long_document_are_all_looked_for(self) -> None:
		rows = [frappe.generate_hash(length=10) for _row in range(1200)]
		for case, refused in ((self.own, False), (self.shut, True)):
			said = frappe.as_json([*rows, self.mail_about(case)])
			answer = self.call("frappe.utils.goal.get_monthly_goal_graph_data", args=said)
			self.assertEqual("is not there, or not for you" in answer.text, refused, answer)
			self.assertNotIn("more records than can be asked about", answer.text)

	def mail_about(self, case: str) -> str:
		about = {"reference_doctype": "Case", "reference_name": case, "communication_type": "Communication"}
		values = {"doctype": "Communication", "subject": "x", "content": "x", **about}
		return frappe.get_doc(values).insert(ignore_permissions=True).name  # by a mail server

	def test_nesting_hides_no_name(self) -> None:
		said = "Case"
		for _level in range(3):
			said = frappe.as_json([said])
		self.refused(self.call("frappe.rename_doc", doctype=said), "is not asked about")
		for _level in range(9):
			said = [said]
		self.refused(self.call("frappe.rename_doc", doctype=said), "cannot be judged")

	def test_an_alias_of_a_function_is_judged_as_the_function(self) -> None:
		for alias in (
			"frappe.desk.like.follow_document",
			"govcrm.api.desk.links.client.get_count",
			"govcrm.api.desk.comments.utils.add_comment",
		):
			answer = self.call(alias, doctype="Case", doc_name=self.shut, reference_doctype="Case")
			self.assertNotEqual(answer.status, 200, answer)
		self.refused(
			self.call("frappe.desk.like.follow_document", doctype="Case", doc_name=self.shut, user=BOB),
			"not for you",
		)

	def test_what_is_answered_by_ours_is_not_had_by_another_name(self) -> None:
		for method, nested in (
			("frappe.model.mapper.make_mapped_doc", {"method": "frappe.client.get_count"}),
			("frappe.desk.treeview.get_all_nodes", {"tree_method": "frappe.client.get_count"}),
			("frappe.desk.search.search_link", {"query": "frappe.client.get_count"}),
			("upload_file", {"method": "frappe.client.get_count"}),
		):
			answer = self.call(method, doctype="ToDo", source_name="x", label="", parent="", txt="", **nested)
			self.refused(answer, "by its")

	def test_a_method_within_a_method_is_judged_as_if_asked_for_by_itself(self) -> None:
		for method, nested in (
			(
				"frappe.desk.treeview.get_all_nodes",
				{"tree_method": "frappe.desk.doctype.tag.tag.get_tagged_docs"},
			),
			("frappe.desk.search.search_widget", {"query": "frappe.desk.doctype.tag.tag.get_tagged_docs"}),
		):
			answer = self.call(method, doctype="Case", label="", parent="", txt="", **nested)
			self.refused(answer)

	def test_ours_is_judged_as_what_it_stands_for(self) -> None:
		for method, args in (
			("count_records", {"filters": '{"if(1,subject,0)": 1}'}),
			("get_count", {"filters": '[["Case","length(subject)",">",1]]'}),
			(
				"get_group_by_count",
				{"current_filters": '[["Case","length(subject)",">",1]]', "field": "assigned_to"},
			),
		):
			self.refused(self.call(f"govcrm.api.desk.{method}", doctype="Case", **args), FIELD)
		self.assertEqual(self.call("govcrm.api.desk.count_records", doctype="Case").message, 1)

	def test_what_is_judged_by_its_arguments_is_not_called_within_another(self) -> None:
		"""There it would get them by their places: a tree hands the parent to `get_list` for its fields."""
		for method, args in (
			("frappe.desk.treeview.get_all_nodes", {"tree_method": GETS, "label": "", "parent": '["x.y"]'}),
			(
				"frappe.model.mapper.map_docs",
				{"method": "frappe.desk.like.toggle_like", "source_names": "[]"},
			),
			("frappe.desk.search.search_widget", {"query": "frappe.client.get", "txt": ""}),
		):
			self.refused(self.call(method, doctype="ToDo", **args), "by itself")

	def test_both_versions_of_rest_and_the_short_names_are_judged(self) -> None:
		for path in (
			"/api/method/frappe.client.get_password",
			"/api/v1/method/frappe.client.get_password/x",
			"/api/v2/method/frappe.client.get_password",
		):
			self.refused(self.ask(path, "POST", doctype="Case", name=self.own, fieldname="subject"))
		self.refused(self.ask("/", "POST", cmd="frappe.client.get_password", doctype="Case"))

	def test_a_method_of_frappes_document_is_not_had_from_a_case(self) -> None:
		"""Else anybody who reads a case writes "Approved by the director" into its timeline."""
		said = {"comment_type": "Workflow", "text": "Approved", "comment_by": "The Director"}
		for answer in (
			self.ask(f"/api/resource/Case/{self.own}", "POST", run_method="add_comment", **said),
			self.ask(f"/api/v2/document/Case/{self.own}/method/add_comment", "POST", **said),
			self.call("run_doc_method", dt="Case", dn=self.own, method="add_comment", args=said),
			self.ask(
				"/api/v2/method/run_doc_method", "POST", document={"doctype": "Case"}, method="add_comment"
			),
		):
			self.refused(answer, "is not asked about")

	def test_a_document_of_frappes_is_not_asked_about_a_case(self) -> None:
		doc = {"doctype": "Notification", "document_type": "Case", "message": "{{ doc.subject }}"}
		args = {"docs": doc, "method": "preview_message", "args": {"preview_document": self.shut}}
		self.refused(self.call("run_doc_method", **args), "is not asked about")

	def test_the_console_is_for_the_administrator(self) -> None:
		frappe.set_user(make_user("gate-manager@example.org", "System Manager").name)
		doc = frappe.as_json({"doctype": "System Console", "type": "SQL", "console": "select 1"})
		self.refused(
			self.call("frappe.desk.doctype.system_console.system_console.execute_code", doc=doc),
			"Administrator only",
		)

	def test_what_cannot_be_judged_is_denied_and_logged_and_tells_nothing(self) -> None:
		from unittest.mock import patch

		with patch.object(methods, "known", side_effect=ValueError("a secret")):
			answer = self.call(GETS, doctype="Case")
		self.refused(answer, "cannot be judged")
		self.assertNotIn("a secret", answer.text)

	def test_what_is_turned_back_is_told_to_the_audit_trail(self) -> None:
		from unittest.mock import patch

		self.refused(self.call("frappe.client.get_password", doctype="Case", name=self.own))
		with patch.object(frappe.db, "rollback"), patch.object(frappe.db, "commit"):
			frappe.local.request.after_response.run()
		told = frappe.get_last_doc("Audit Event", order_by="name desc")
		self.assertEqual((told.outcome, told.reference_name), ("Denied", self.own))


class TestOtherKeys(GateTestCase):
	"""Who comes with a token is judged as who logged in: the gate stands after both."""

	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")
		user = frappe.get_doc("User", BOB)
		user.api_key, user.api_secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
		user.save()
		client = frappe.get_doc(
			{
				"doctype": "OAuth Client",
				"app_name": "Gate",
				"scopes": "all",
				"redirect_uris": "https://app.example.org",
				"default_redirect_uri": "https://app.example.org",
			}
		).insert()
		bearer = {"access_token": frappe.generate_hash(length=30), "scopes": "all", "expires_in": 3600}
		frappe.get_doc(
			{
				"doctype": "OAuth Bearer Token",
				"client": client.name,
				"user": BOB,
				"status": "Active",
				"expiration_time": frappe.utils.add_to_date(None, hours=1),
				**bearer,
			}
		).insert()
		secret = user.get_password("api_secret")
		basic = base64.b64encode(f"{user.api_key}:{secret}".encode()).decode()
		self.keys = (
			f"token {user.api_key}:{secret}",
			f"Basic {basic}",
			f"Bearer {bearer['access_token']}",
		)
		self.enterContext(patch.object(frappe.local, "login_manager", Mock(user="Guest"), create=True))

	def with_key(self, key: str, method: str, **args: object):
		frappe.set_user("Guest")
		self.headers = {"Authorization": key}
		answer = self.call(method, **args)
		self.assertEqual(frappe.session.user, BOB)
		return answer

	def test_who_comes_with_a_token_is_judged_as_who_logged_in(self) -> None:
		for key in self.keys:
			self.assertEqual(self.names(self.with_key(key, GETS, doctype="Case")), [self.own])
			asked = {"doctype": "Case", "fields": ["subject", "if(1,subject,0)"]}
			self.refused(self.with_key(key, GETS, **asked), FIELD)
			self.refused(self.with_key(key, "frappe.client.get", doctype="Case", name=self.shut))

	def test_a_wrong_key_is_nobody(self) -> None:
		frappe.set_user("Guest")
		for key in ("token nobody:nothing", "Bearer nothing"):
			self.headers = {"Authorization": key}
			self.assertEqual(self.call(GETS, doctype="Case").status, 401)
