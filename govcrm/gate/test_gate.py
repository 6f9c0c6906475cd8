"""Each door that Frappe's own endpoints leave open, tried as somebody with few rights; one test for each."""

import base64
from unittest.mock import Mock, patch

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from govcrm.gate import governed, methods, replies
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import BOB
from govcrm.tests.factories import make_case, make_citizen, make_request, make_user, make_worker

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


class TestTerms(GateTestCase):
	"""Both versions of REST, the client's methods and the list view go through the same judgement."""

	def everywhere(self, **args: object) -> None:
		for answer in (
			self.ask("/api/resource/Case", **args),
			self.ask("/api/v2/document/Case", **args),
			self.call(GETS, doctype="Case", **args),
			self.call("frappe.desk.reportview.get", doctype="Case", **args),
			self.call("frappe.desk.reportview.export_query", doctype="Case", file_format_type="CSV", **args),
		):
			self.refused(answer, FIELD)

	def test_a_link_is_not_followed_into_another_record(self) -> None:
		self.everywhere(fields='["parent_case.subject"]')
		self.everywhere(fields='["name","program.service_code as p"]')
		self.everywhere(fields='["assignee.last_name"]')
		title = self.ask("/api/resource/Case", fields='["program.program_name as program_program_name"]')
		self.assertEqual(title.message, [{"program_program_name": "Pothole"}])

	def test_a_link_of_another_doctype_does_not_lead_to_a_case(self) -> None:
		field = {"fieldname": "gate_case", "fieldtype": "Link", "options": "Case", "label": "Case"}
		meta = frappe.get_meta("ToDo")
		meta.append("fields", field)
		meta._fields["gate_case"] = meta.fields[-1]
		self.addCleanup(frappe.clear_cache, doctype="ToDo")
		for answer in (
			self.ask("/api/resource/ToDo", fields='["gate_case.subject"]'),
			self.call("frappe.desk.reportview.get", doctype="ToDo", fields='["gate_case.subject"]'),
		):
			self.refused(answer, READABLE)

	def test_a_list_of_another_doctype_reaches_for_no_table_of_ours(self) -> None:
		for args in (
			{"fields": '["`tabCase`.`subject`"]'},
			{"filters": '[["Citizen Identifier","value","like","1%"]]'},
			{"order_by": "(select subject from `tabCase` limit 1)"},
			{"order_by": "extractvalue(1,concat(0x7e,(select password from __Auth limit 1)))"},
			{"group_by": "(select 1)"},
			{"filters": '{"ifnull((select subject from tabCase limit 1), 1)": 1}'},
		):
			self.refused(self.ask("/api/resource/ToDo", **args), FIELD)
			self.refused(self.call("frappe.desk.reportview.get", doctype="ToDo", **args), FIELD)

	def test_a_table_that_only_begins_like_one_of_ours_is_another(self) -> None:
		for text in (
			"`tabCase`.name",
			'"tabCase"',
			"[tabCase]",
			"tabCase.name",
			"x tabcase y",
			"'tabService Request'",
		):
			self.assertTrue(governed.names_table(text), text)
		for text in (
			"`tabCase Statistic`.`name`",
			"`tabCaseworker`",
			"tabCaseload.name",
			"a case",
			"tab Case",
		):
			self.assertFalse(governed.names_table(text), text)

	def test_lists_of_others_that_tell_of_cases_by_a_filter_are_answered(self) -> None:
		for filters in ('{"reference_type":"Case"}', '[["reference_type","=","Case"]]'):
			self.assertEqual(self.ask("/api/resource/ToDo", filters=filters).status, 200)

	def test_a_function_of_more_than_one_name_is_refused(self) -> None:
		for field in ("greatest(name, subject)", "max(length(subject))", "concat(name, subject)", "1 as x"):
			self.everywhere(fields=frappe.as_json([field]))

	def test_an_order_is_a_name_and_a_direction(self) -> None:
		for order in (
			"extractvalue(1,concat(0x7e,version()))",
			"benchmark(9,md5(1))",
			"(select 1)",
			"rand()",
		):
			self.everywhere(order_by=order)

	def test_a_level_that_one_may_not_read_is_not_weighed(self) -> None:
		"""Filtering, ordering and grouping by a field answers questions about it one by one."""
		make_request(description="Wet.")
		frappe.set_user(make_user(ADMIN, "Agency Administrator").name)
		for args in (
			{"filters": '[["sensitive_answers","like","%a%"]]'},
			{"or_filters": '{"sensitive_answers": ["like", "%a%"]}'},
			{"order_by": "sensitive_answers desc"},
			{"group_by": "`tabService Request`.`sensitive_answers`"},
			{"fields": '["max(sensitive_answers) as x"]'},
		):
			self.refused(self.ask("/api/resource/Service Request", **args), READABLE)
			self.refused(self.call("frappe.desk.reportview.get", doctype="Service Request", **args), READABLE)
		for args in (
			{"fieldname": "name", "filters": '{"sensitive_answers": ["like", "%"]}'},
			{"fieldname": "max(sensitive_answers)"},
		):
			self.refused(self.call("frappe.client.get_value", doctype="Service Request", **args), READABLE)

	def test_a_table_that_one_may_not_read_is_not_weighed(self) -> None:
		frappe.set_user(make_user("gate-citizen@example.org", "Constituent").name)
		for args in (
			{"filters": '[["Citizen Contact Point","channel","=","Phone"]]'},
			{"fields": '["`tabCitizen Contact Point`.`value`"]'},
			{"fields": '["contact_points.value"]'},
		):
			self.refused(self.ask("/api/resource/Citizen", **args), FIELD)

	def test_a_calendar_and_a_sidebar_are_asked_by_names_of_fields(self) -> None:
		when = {"start": "2020-01-01", "end": "2030-01-01"}
		for method, args in {
			"frappe.desk.calendar.get_events": {
				**when,
				"field_map": '{"start":"if(1,now(),0)","end":"modified"}',
			},
			"frappe.desk.listview.get_group_by_count": {"current_filters": "[]", "field": "version()"},
			"frappe.desk.reportview.get_stats": {"stats": '["greatest(name,subject)"]'},
			"frappe.desk.form.utils.get_next": {"value": self.own, "prev": 0, "sort_field": "rand()"},
			"frappe.desk.query_report.get_data_for_custom_field": {"field": "greatest(name,subject)"},
			"frappe.desk.search.search_widget": {"txt": "", "filter_fields": '["name`, version() as `x"]'},
		}.items():
			self.refused(self.call(method, doctype="Case", **args), FIELD)

	def test_a_sort_has_a_direction_and_nothing_else(self) -> None:
		args = {"value": self.own, "prev": 0, "sort_order": "desc, (select 1)"}
		self.refused(self.call("frappe.desk.form.utils.get_next", doctype="Case", **args), FIELD)

	def test_an_export_for_import_holds_no_columns_that_one_may_not_read(self) -> None:
		frappe.set_user(make_user(ADMIN, "Agency Administrator").name)
		template = "frappe.core.doctype.data_import.data_import.download_template"
		fields = frappe.as_json({"Service Request": ["name", "sensitive_answers"]})
		args = {"doctype": "Service Request", "export_fields": fields, "export_records": "all"}
		self.refused(self.call(template, **args), READABLE)
		export = "frappe.core.doctype.data_export.exporter.export_data"
		self.refused(self.call(export, doctype="Service Request", select_columns=fields), READABLE)

	def test_number_cards_count_readable_fields(self) -> None:
		card = {"document_type": "Case", "function": "Sum", "aggregate_function_based_on": "length(subject)"}
		method = "frappe.desk.doctype.number_card.number_card.get_result"
		self.refused(self.call(method, doc=frappe.as_json(card), filters="[]"), FIELD)
		card = {"document_type": "Case", "function": "Count"}
		answer = self.call(method, doc=frappe.as_json(card), filters="[]")
		self.assertEqual(answer.message, 1)

	def test_charts_count_readable_fields(self) -> None:
		chart = {
			"document_type": "Case",
			"chart_type": "Count",
			"based_on": "if(1,creation,0)",
			"timeseries": 1,
		}
		method = "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"
		self.refused(self.call(method, chart=frappe.as_json(chart), no_cache=1), FIELD)

	def test_a_record_is_asked_for_by_its_name(self) -> None:
		for args in (
			{"filters": '{"subject": ["like", "A flooded%"]}'},
			{"name": {"subject": ["like", "A flooded%"]}},
		):
			self.refused(self.call("frappe.client.get", doctype="Case", **args), "by its name")


class TestSaving(GateTestCase):
	def test_the_reply_to_a_save_holds_no_field_that_one_may_not_read(self) -> None:
		from unittest.mock import patch

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
		from unittest.mock import patch

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
