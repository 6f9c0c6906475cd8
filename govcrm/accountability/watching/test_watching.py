"""Requests as Frappe hands them to the hook, and what is written when the response has gone out."""

from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

import frappe
from frappe.core.doctype.activity_log.activity_log import add_authentication_log
from frappe.utils import CallbackManager
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from govcrm.accountability import trail, watching
from govcrm.accountability.trail import actors, payload
from govcrm.accountability.watching import after, doors, identity, shown
from govcrm.tests.casework import ALICE, BOB, CaseTestCase
from govcrm.tests.factories import make_case, make_task

GETDOC = "frappe.desk.form.load.getdoc"
HISTORY = "govcrm.api.accountability.history.page"


class WatchingTestCase(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.shut = make_case(confidentiality="Restricted").name
		self.open = make_case().name
		self.began = trail.record("read", "Case", self.shut)
		self.addCleanup(self.end_request)

	def end_request(self) -> None:
		frappe.local.request = None
		frappe.local.form_dict = frappe._dict()
		frappe.local.response = frappe._dict(docs=[])

	def ask(
		self, path: str, status: int | None = 200, method: str = "GET", answer=None, **form: object
	) -> list:
		"""The events that a request leaves. `status` None: it ended in an error of Werkzeug's."""
		request = Request(EnvironBuilder(path, method=method).get_environ())
		request.after_response = CallbackManager()
		frappe.local.request, frappe.local.form_dict = request, frappe._dict(form)
		frappe.local.response = frappe._dict(answer or {})
		after.note(response=None if status is None else Response(status=status), request=request)
		with self.on_this_connection():
			request.after_response.run()
		return self.events_since()

	def call(self, cmd: str, status: int = 200, answer=None, **form: object) -> list:
		return self.ask(f"/api/method/{cmd}", status, answer=answer, cmd=cmd, **form)

	@contextmanager
	def on_this_connection(self):
		"""The test's transaction is what the request left behind: neither ended nor taken back."""
		with patch.object(frappe.db, "rollback"), patch.object(frappe.db, "commit"):
			yield

	def events_since(self) -> list:
		fields = [
			"name",
			"verb",
			"reference_doctype",
			"reference_name",
			"outcome",
			"actor",
			"subject",
			"payload",
		]
		found = frappe.get_all("Audit Event", {"name": (">", self.began)}, fields, order_by="name")
		self.began = found[-1].name if found else self.began
		return found

	def told(self, events: list) -> list[tuple]:
		return [(one.verb, one.reference_doctype, one.reference_name, one.outcome) for one in events]


class TestReads(WatchingTestCase):
	def test_every_way_to_read_a_restricted_case_leaves_an_event(self) -> None:
		for verb, ask in (
			("read", lambda: self.call(GETDOC, doctype="Case", name=self.shut)),
			("read", lambda: self.call("frappe.desk.form.load.get_docinfo", doctype="Case", name=self.shut)),
			("read", lambda: self.call("frappe.client.get", doctype="Case", name=self.shut)),
			("read", lambda: self.ask(f"/api/resource/Case/{self.shut}")),
			("read", lambda: self.ask(f"/api/v1/resource/Case/{self.shut}")),
			("read", lambda: self.ask(f"/api/v2/document/Case/{self.shut}/")),
			("read", lambda: self.ask(f"/api/v2/document/Case/{self.shut}/copy")),
			("read", lambda: self.ask(f"/api/v2/method/{GETDOC}", doctype="Case", name=self.shut)),
			("read", lambda: self.call(HISTORY, doctype="Case", name=self.shut)),
			("print", lambda: self.ask("/printview", doctype="Case", name=self.shut)),
			(
				"print",
				lambda: self.call("frappe.utils.print_format.download_pdf", doctype="Case", name=self.shut),
			),
			(
				"print",
				lambda: self.call("frappe.www.printview.get_html_and_style", doc="Case", name=self.shut),
			),
			("email", lambda: self.mail(send_email=1)),
		):
			self.assertEqual(self.told(ask()), [(verb, "Case", self.shut, "Success")])

	def mail(self, send_email: int) -> list:
		make = "frappe.core.doctype.communication.email.make"
		return self.call(make, doctype="Case", name=self.shut, send_email=send_email)

	def test_a_comment_by_that_way_is_no_mail(self) -> None:
		self.assertEqual(self.mail(send_email=0), [])

	def test_a_read_by_filters_is_known_by_its_answer(self) -> None:
		doc = frappe.get_doc("Case", self.shut).as_dict()
		found = self.call("frappe.client.get", doctype="Case", filters="{}", answer={"message": doc})
		self.assertEqual(self.told(found), [("read", "Case", self.shut, "Success")])

	def test_many_prints_are_an_event_each(self) -> None:
		method = "frappe.utils.print_format.download_multi_pdf"
		found = self.call(method, doctype="Case", name=frappe.as_json([self.shut, self.open]))
		self.assertEqual(self.told(found), [("print", "Case", self.shut, "Success")])
		found = self.call(method, doctype=frappe.as_json({"Case": [self.shut]}), name="x")
		self.assertEqual(self.told(found), [("print", "Case", self.shut, "Success")])

	def test_what_hangs_on_a_restricted_case_is_watched_with_it(self) -> None:
		task = make_task(self.shut).name
		self.events_since()
		[event] = self.call(GETDOC, doctype="Case Task", name=task)
		self.assertEqual((event.reference_name, event.subject), (task, f"Case/{self.shut}"))

	def test_a_file_of_a_restricted_case_is_watched_by_each_of_its_addresses(self) -> None:
		values = {"doctype": "File", "file_name": "x.txt", "content": frappe.generate_hash(), "is_private": 1}
		file = frappe.get_doc(
			{**values, "attached_to_doctype": "Case", "attached_to_name": self.shut}
		).insert()
		self.addCleanup(file.delete_file_data_content)
		self.events_since()
		for ask in (
			lambda: self.ask(file.file_url),
			lambda: self.ask(file.file_url, fid=file.name),
			lambda: self.call("download_file", file_url=file.file_url),
			lambda: self.call("frappe.core.api.file.zip_files", files=frappe.as_json([file.name])),
		):
			self.assertEqual(self.told(ask()), [("download", "File", file.name, "Success")])

	def test_a_list_that_shows_restricted_cases_names_them_in_one_event(self) -> None:
		other = make_case(confidentiality="Restricted").name
		shown = [{"name": name} for name in (self.shut, self.open, other)]
		levels = dict.fromkeys((self.shut, other), "Restricted")
		with_level = [{**row, "confidentiality": levels.get(row["name"], "Internal")} for row in shown]
		compressed = {"keys": ["name"], "values": [[row["name"]] for row in shown]}
		self.events_since()
		for told in (
			self.call("frappe.desk.reportview.get", answer={"message": compressed}, doctype="Case"),
			self.call("frappe.client.get_list", answer={"message": shown}, doctype="Case"),
			self.ask("/api/resource/Case", answer={"data": with_level}),
		):
			self.assertEqual(self.told(told), [("list", "Case", None, "Success")])
			said = payload.read(told[0])
			self.assertEqual(sorted(said["detail/restricted"].split(", ")), sorted((self.shut, other)))
			self.assertEqual(said["detail/records"], 2)

	def listed(self, answer: object, cmd: str = "frappe.client.get_list", **form: object) -> list[dict]:
		"""What the events of a list of cases say of it."""
		events = self.call(cmd, answer={"message": answer}, doctype="Case", **form)
		self.assertEqual(self.told(events), [("list", "Case", None, "Success")] * len(events))
		return [payload.read(one) for one in events]

	def test_a_long_list_names_the_first_of_them_and_counts_all(self) -> None:
		names = [self.shut, *(make_case(confidentiality="Restricted").name for _ in range(2))]
		self.events_since()
		with patch.object(shown, "MOST_NAMED", 2):
			[said] = self.listed([{"name": name} for name in names])
		self.assertEqual((said["detail/records"], len(said["detail/restricted"].split(", "))), (3, 2))

	def test_no_column_of_the_answer_says_how_confidential_a_case_is(self) -> None:
		row = {"name": self.shut, "subject": "x", "confidentiality": "Open"}
		[said] = self.listed([row], fields='["name", "subject", "status as confidentiality"]')
		self.assertEqual(said["detail/restricted"], self.shut)

	def test_a_name_that_another_column_bears_is_not_believed(self) -> None:
		row = {"name": self.open, "description": "x"}
		for fields in (
			["description", "parent_case as name"],
			["description", "parent_case `name`"],
			["description", "`tabCase Note`.*"],
			"description, parent_case as name",
		):
			[said] = self.listed([row], fields=fields, filters={"name": self.shut})
			self.assertEqual(said["detail/among"], self.shut)
		value = {"fields": ["name"], "fieldname": '["description", "parent_case as name"]'}
		self.assertEqual(len(self.listed(row, "frappe.client.get_value", filters=self.shut, **value)), 1)

	def test_rows_without_names_are_told_by_what_was_asked_for(self) -> None:
		value = "frappe.client.get_value"
		for cmd, answer, filters in (
			(value, {"description": "x"}, self.shut),
			(value, {"description": "x"}, frappe.as_json({"name": self.shut})),
			(value, "x", {"name": ["=", self.shut]}),
			(value, {"keys": "x", "values": None}, self.shut),
			("frappe.client.get_list", [["x"]], [["name", "=", self.shut]]),
			("frappe.desk.reportview.get_list", [{"description": "x"}], [["Case", "name", "=", self.shut]]),
			(
				"frappe.desk.reportview.get",
				{"keys": ["description"], "values": [["x"]]},
				frappe.as_json([["Case", "name", "in", [self.shut, self.open]]]),
			),
		):
			narrowed = {"or_filters": [["name", "=", "none"]]} if cmd == value else {}
			[said] = self.listed(answer, cmd, filters=filters, fields=["description"], **narrowed)
			self.assertEqual(said["detail/among"], self.shut)
			self.assertEqual(
				self.listed(answer, cmd, filters={"name": self.open}, fields=["description"]), []
			)
		for path in ("/api/resource/Case", "/api/v1/resource/Case", "/api/v2/document/Case"):
			answer = {"data": [{"description": "x"}]}
			self.assertEqual(len(self.ask(path, answer=answer, fields=["description"], filters="{}")), 1)

	def test_counts_that_show_what_stands_in_restricted_cases_are_told_like_lists(self) -> None:
		group, view = "frappe.desk.listview.get_group_by_count", "frappe.desk.reportview"
		whose = frappe.as_json([["Case", "name", "=", self.shut]])
		frappe.db.set_value("Case", self.shut, "subject", "Groups show this")
		shown = frappe.call(frappe.get_attr(group), doctype="Case", current_filters=whose, field="subject")
		self.assertEqual([row["name"] for row in shown], ["Groups show this"])
		self.events_since()
		for cmd, answer, form in (
			(group, shown, {"field": "subject", "current_filters": whose}),
			(group, [{"name": self.open, "count": 1}], {"field": "name", "current_filters": whose}),
			(f"{view}.get_stats", {"subject": [["x", 1]]}, {"stats": '["subject"]', "filters": whose}),
			(
				f"{view}.get_filter_dashboard_data",
				{"creation": [["x", 1]]},
				{"stats": '[{"name": "creation", "type": "Date"}]', "filters": whose},
			),
		):
			[said] = self.listed(answer, cmd, **form)
			self.assertEqual(said["detail/among"], self.shut, cmd)

	def test_counts_by_a_choice_and_of_open_cases_are_no_reads(self) -> None:
		group = "frappe.desk.listview.get_group_by_count"
		answer, only_open = [{"name": "x", "count": 1}], frappe.as_json([["name", "=", self.open]])
		for field in ("status", "department", "owner", "assigned_to"):
			self.assertEqual(self.listed(answer, group, field=field, current_filters="[]"), [], field)
		self.assertEqual(self.listed(answer, group, field="subject", current_filters=only_open), [])

	def test_what_cannot_be_asked_again_is_told_all_the_same(self) -> None:
		[said] = self.listed([{"description": "x"}] * 3, filters=[["nowhere", "=", 1]])
		self.assertEqual(said["detail/unnamed"], 3)

	def test_a_row_that_is_not_like_the_others_does_not_lose_the_note(self) -> None:
		before = watching.lost()
		[said] = self.listed([{"name": self.shut, "confidentiality": "Restricted"}, {"name": self.open}])
		self.assertEqual((said["detail/restricted"], watching.lost()), (self.shut, before))

	def test_an_answer_without_rows_leaves_nothing(self) -> None:
		for answer in ([], {}, None, {"keys": ["name"], "values": []}):
			self.assertEqual(self.listed(answer, filters="{}"), [])

	def test_a_list_of_open_cases_leaves_nothing(self) -> None:
		self.assertEqual(
			self.call("frappe.client.get_list", answer={"message": [{"name": self.open}]}, doctype="Case"), []
		)
		found = [{"name": self.open, "confidentiality": "Internal"}]
		self.assertEqual(self.call("frappe.client.get_list", answer={"message": found}, doctype="Case"), [])

	def test_an_open_case_and_what_is_no_case_leave_nothing(self) -> None:
		self.assertEqual(self.call(GETDOC, doctype="Case", name=self.open), [])
		self.assertEqual(self.call(GETDOC, doctype="Agency Program", name="POTHOLE"), [])
		self.assertEqual(self.ask("/api/method/ping"), [])

	def test_a_read_that_failed_leaves_nothing(self) -> None:
		for status in (404, 417, 500):
			self.assertEqual(self.call(GETDOC, status, doctype="Case", name=self.shut), [])
		self.assertEqual(self.call(GETDOC, doctype="Case", name="CASE-none"), [])

	def test_names_that_are_no_names_do_no_harm(self) -> None:
		for name in ('{"a": 1}', "[[]]", "x" * 10_000, "[", None):
			self.assertEqual(self.call(GETDOC, doctype="Case", name=name), [])
		self.assertEqual(self.call(GETDOC, doctype=["Case"], name=self.shut), [])
		self.assertEqual(watching.lost(), 0)

	def test_reads_are_not_recorded_where_the_settings_say_so_and_exports_still_are(self) -> None:
		self.addCleanup(frappe.db.value_cache.clear)  # Frappe keeps it past the rollback
		frappe.db.set_single_value("Audit Settings", "reads_recorded", 0)
		self.events_since()
		self.assertEqual(self.call(GETDOC, doctype="Case", name=self.shut), [])
		found = self.call("frappe.desk.reportview.export_query", doctype="Case")
		self.assertEqual(self.told(found), [("export", "Case", None, "Success")])

	def test_an_open_case_costs_no_query_before_the_response(self) -> None:
		request = Request(EnvironBuilder("/api/method/frappe.ping").get_environ())
		request.after_response = CallbackManager()
		frappe.local.form_dict = frappe._dict(cmd=GETDOC, doctype="Case", name=self.open)
		with patch.object(frappe.db, "sql", side_effect=AssertionError("a query")):
			after.note(response=Response(), request=request)


class TestIdentity(WatchingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.citizen = frappe.get_doc(doctype="Citizen", first_name="Ann", last_name="Lee").insert().name
		self.events_since()

	def test_who_reads_a_citizen_s_identity_is_recorded(self) -> None:
		found = self.call(GETDOC, doctype="Citizen", name=self.citizen)
		self.assertEqual(self.told(found), [("read", "Citizen", self.citizen, "Success")])

	def test_a_list_with_identity_columns_tells_whose_they_were(self) -> None:
		rows = [{"name": self.citizen, "last_name": "Lee"}]
		for answer in (
			{"message": rows},
			{"data": rows},
			{"message": {"keys": ["name", "last_name"], "values": [[self.citizen, "Lee"]]}},
		):
			found = self.call("frappe.client.get_list", doctype="Citizen", answer=answer)
			self.assertEqual(self.told(found), [("list", "Citizen", self.citizen, "Success")])
			self.assertEqual(payload.read(found[0])["detail/columns"], "last_name")

	def test_a_list_without_them_leaves_nothing(self) -> None:
		answer = {"message": [{"name": self.citizen, "owner": "x", "last_name": None}]}
		self.assertEqual(self.call("frappe.client.get_list", doctype="Citizen", answer=answer), [])

	def test_identity_without_names_is_counted(self) -> None:
		answer = {"data": [{"last_name": "Lee"}] * 3}
		[event] = self.ask("/api/resource/Citizen", answer=answer)
		self.assertEqual((event.verb, event.reference_name, event.subject), ("list", None, "Site/Citizen"))
		self.assertEqual(payload.read(event)["detail/records"], 3)

	def test_an_identity_column_under_another_name_is_told_as_what_it_is(self) -> None:
		for fields in (
			'["name", "last_name as x"]',
			"name, `tabCitizen`.`last_name` as x",
			'["name", "max(last_name) as x"]',
		):
			answer = {"message": [{"name": self.citizen, "x": "Lee"}]}
			[event] = self.call("frappe.client.get_list", doctype="Citizen", fields=fields, answer=answer)
			self.assertEqual((event.verb, event.reference_name), ("list", self.citizen))
			self.assertEqual(payload.read(event)["detail/columns"], "last_name")

	def test_what_passes_for_a_name_is_in_no_header(self) -> None:
		answer = {"message": [{"name": "Lee"}]}
		fields = '["last_name as name"]'
		[event] = self.call("frappe.client.get_list", doctype="Citizen", fields=fields, answer=answer)
		self.assertEqual((event.reference_name, event.subject), (None, "Site/Citizen"))

	def test_rows_without_names_of_columns_are_told(self) -> None:
		answer = {"message": [[self.citizen, "Lee"]]}
		[event] = self.call(
			"frappe.client.get_list", doctype="Citizen", fields='["name", "last_name"]', answer=answer
		)
		self.assertEqual((event.reference_name, payload.read(event)["detail/records"]), (self.citizen, 1))

	def test_who_finds_by_identity_learns_it(self) -> None:
		answer = {"message": [{"name": self.citizen}]}
		[event] = self.call(
			"frappe.client.get_list", doctype="Citizen", filters='{"last_name": "Lee"}', answer=answer
		)
		self.assertEqual(payload.read(event)["detail/columns"], "last_name")
		self.assertEqual(
			self.call("frappe.client.get_list", doctype="Citizen", filters='{"owner": "x"}', answer=answer),
			[],
		)

	def test_identity_that_a_list_of_others_takes_from_their_citizen_is_told(self) -> None:
		answer = {"message": [{"name": "SR-1", "x": "Lee"}]}
		fields = '["name", "citizen.last_name as x"]'
		found = self.call("frappe.client.get_list", doctype="Service Request", fields=fields, answer=answer)
		event = next(one for one in found if one.subject == "Site/Citizen")
		self.assertEqual(payload.read(event)["detail/columns"], "last_name")

	def test_look_ups_of_link_fields_that_show_identity_are_told(self) -> None:
		widget, link = "frappe.desk.search.search_widget", "frappe.desk.search.search_link"
		shows = {"message": [{"value": self.citizen, "description": "Lee"}]}
		for method, answer, form in (
			(link, shows, {"searchfield": "last_name"}),
			(link, shows, {"filters": '{"last_name": "Lee"}'}),
			(widget, {"message": [[self.citizen, "Lee"]]}, {"filter_fields": '["last_name"]'}),
			(
				widget,
				{"message": [[self.citizen]]},
				{"query": "frappe.client.get_list", "txt": '["last_name as x"]'},
			),
		):
			found = self.call(method, doctype="Citizen", answer=answer, **{"txt": "L", **form})
			self.assertEqual(self.told(found), [("search", "Citizen", self.citizen, "Success")], form)
			self.assertEqual(payload.read(found[0])["detail/columns"], "last_name")

	def test_look_ups_that_show_none_leave_nothing(self) -> None:
		answer = {"message": [{"value": self.citizen, "description": "Person, en"}]}
		self.assertEqual(
			self.call("frappe.desk.search.search_link", doctype="Citizen", txt="C", answer=answer), []
		)

	def really(self, cmd: str, **form: object) -> list[dict]:
		"""What the events of a request say that Frappe has answered."""
		frappe.local.form_dict = frappe._dict(form)
		answer = frappe.call(frappe.get_attr(cmd), **form)
		found = self.call(cmd, answer={"message": answer}, **form)
		return [{"verb": one.verb, "name": one.reference_name, **payload.read(one)} for one in found]

	def test_all_columns_are_told_whatever_the_answer_looks_like(self) -> None:
		whose = frappe.as_json({"name": self.citizen})
		get_list, get_value = "frappe.client.get_list", "frappe.client.get_value"
		for columns in ('["*"]', "*"):
			for as_dict in (0, 1):
				found = self.really(
					get_list, doctype="Citizen", fields=columns, filters=whose, as_dict=as_dict
				)
				self.assertEqual([one["verb"] for one in found], ["list"], (columns, as_dict))
				self.assertLessEqual({"first_name", "last_name"}, self.columns_of(found))
		for columns in ('["*"]', "*", '["last_name", "first_name"]'):
			for as_dict in (False, True):
				found = self.really(
					get_value, doctype="Citizen", fieldname=columns, filters=whose, as_dict=as_dict
				)
				self.assertLessEqual({"first_name", "last_name"}, self.columns_of(found), (columns, as_dict))

	def columns_of(self, said: list[dict]) -> set[str]:
		return {column for one in said for column in one["detail/columns"].split(", ")}

	def test_all_columns_over_rest_without_their_names_are_told(self) -> None:
		for path in ("/api/resource/Citizen", "/api/v2/document/Citizen"):
			for fields in ('["*"]', '["name", "`tabCitizen`.*"]', "name, `tabCitizen`.*"):
				[event] = self.ask(path, answer={"data": [[self.citizen, "Lee"]]}, fields=fields, as_dict="0")
				self.assertIn("last_name", payload.read(event)["detail/columns"])

	def test_counting_rows_asks_for_no_columns(self) -> None:
		answer = {"message": [[1]]}
		get_list = "frappe.client.get_list"
		for columns in ('["count(*)"]', frappe.as_json([{"COUNT": "*"}])):
			self.assertEqual(self.call(get_list, doctype="Citizen", fields=columns, answer=answer), [])

	def test_counts_by_identity_are_told(self) -> None:
		by_name = frappe.as_json([["Citizen", "last_name", "=", "Lee"]])
		view = "frappe.desk.reportview"
		for cmd, form in (
			("frappe.client.get_count", {"filters": '{"last_name": "Lee"}'}),
			(f"{view}.get_count", {"filters": by_name}),
			(f"{view}.get_stats", {"stats": '["last_name"]', "filters": "[]"}),
			(f"{view}.get_stats", {"stats": '["_user_tags", "owner"]', "filters": by_name}),
			(f"{view}.get_sidebar_stats", {"stats": '["last_name"]', "filters": "[]"}),
			("frappe.desk.listview.get_group_by_count", {"field": "last_name", "current_filters": "[]"}),
			("frappe.desk.listview.get_group_by_count", {"field": "owner", "current_filters": by_name}),
		):
			[said] = self.really(cmd, doctype="Citizen", **form)
			told = (said["verb"], said["name"], said["detail/columns"])
			self.assertEqual(told, ("count", None, "last_name"), (cmd, form))

	def test_counts_for_a_dashboard_and_over_rest_are_told(self) -> None:
		stats = frappe.as_json([{"name": "last_name", "type": "Data"}])
		answer = {"message": {"last_name": [["Lee", 1]]}}
		dashboard = "frappe.desk.reportview.get_filter_dashboard_data"
		found = self.call(dashboard, doctype="Citizen", stats=stats, filters="[]", answer=answer)
		self.assertEqual(self.told(found), [("count", "Citizen", None, "Success")])
		path, filters = "/api/v2/doctype/Citizen/count", '[["last_name", "=", "Lee"]]'
		found = self.ask(path, answer={"data": 1}, filters=filters)
		self.assertEqual(self.told(found), [("count", "Citizen", None, "Success")])

	def test_counts_of_something_else_leave_nothing(self) -> None:
		view, none = "frappe.desk.reportview", {"filters": "[]"}
		for cmd, form in (
			(f"{view}.get_count", {**none, "fields": '["last_name"]'}),
			(f"{view}.get_sidebar_stats", {**none, "stats": '["_user_tags"]'}),
			("frappe.desk.listview.get_group_by_count", {"field": "owner", "current_filters": "[]"}),
		):
			self.assertEqual(self.really(cmd, doctype="Citizen", **form), [], cmd)

	def test_who_finds_by_what_they_may_not_see_learns_it_all_the_same(self) -> None:
		get_list, filters = "frappe.client.get_list", '{"last_name": "Lee"}'
		answer = {"message": [{"name": self.citizen}]}
		with patch.object(identity, "is_seen", return_value=False):
			[event] = self.call(get_list, doctype="Citizen", filters=filters, answer=answer)
		self.assertEqual(payload.read(event)["detail/columns"], "last_name")

	def test_who_may_not_see_identity_was_given_none(self) -> None:
		frappe.set_user(BOB)
		with patch.object(identity, "is_seen", return_value=False):
			answer = {"message": [{"name": self.citizen}]}
			found = self.call(
				"frappe.client.get_list", doctype="Citizen", fields='["last_name as x"]', answer=answer
			)
		self.assertEqual(found, [])

	def test_looking_up_callers_is_recorded(self) -> None:
		found = self.call("govcrm.api.intake.find_citizen", answer={"message": [{"name": self.citizen}]})
		self.assertEqual(self.told(found), [("search", "Citizen", self.citizen, "Success")])


class TestRefusals(WatchingTestCase):
	def test_a_refusal_tells_who_asked_for_what(self) -> None:
		frappe.set_user(BOB)
		[event] = self.call(GETDOC, 403, doctype="Case", name=self.shut)
		self.assertEqual(self.told([event]), [("read", "Case", self.shut, "Denied")])
		self.assertEqual(actors.user_of(event.actor), BOB)

	def test_refused_writes_tell_of_their_record(self) -> None:
		frappe.set_user(BOB)
		found = self.ask(f"/api/resource/Case/{self.open}", 403, method="PUT")
		found += self.call("frappe.client.set_value", 403, doctype="Case", name=self.open)
		self.assertEqual(self.told(found), [("request", "Case", self.open, "Denied")] * 2)

	def test_a_name_that_nothing_bears_stays_out_of_the_header(self) -> None:
		frappe.set_user(BOB)
		[event] = self.call(GETDOC, 403, doctype="Case", name="Ann Lee of Main Street")
		self.assertEqual((event.reference_doctype, event.reference_name), ("Case", None))
		self.assertEqual(payload.read(event)["detail/name"], "Ann Lee of Main Street")

	def test_a_refused_file_has_no_response_and_is_told_all_the_same(self) -> None:
		values = {"doctype": "File", "file_name": "x.txt", "content": frappe.generate_hash(), "is_private": 1}
		file = frappe.get_doc(
			{**values, "attached_to_doctype": "Case", "attached_to_name": self.shut}
		).insert()
		self.addCleanup(file.delete_file_data_content)
		self.events_since()
		self.assertEqual(
			self.told(self.ask(file.file_url, None)), [("download", "File", file.name, "Denied")]
		)
		self.assertEqual(self.ask("/nowhere", None), [])

	def test_refusals_of_nobody_in_particular_count_where_a_record_was_asked_for(self) -> None:
		frappe.set_user("Guest")
		self.assertEqual(self.call("frappe.realtime.has_permission", 403), [])
		self.assertEqual(len(self.call(GETDOC, 403, doctype="Case", name=self.shut)), 1)


class TestCopies(WatchingTestCase):
	def test_every_export_is_recorded_with_its_terms(self) -> None:
		for cmd, form, told in (
			("frappe.desk.reportview.export_query", {"doctype": "Case"}, ("Case", None)),
			("frappe.desk.query_report.export_query", {"report_name": "ToDo"}, ("Report", "ToDo")),
			("frappe.core.doctype.data_export.exporter.export_data", {"doctype": "Case"}, ("Case", None)),
			(
				"frappe.core.doctype.data_import.data_import.download_template",
				{"doctype": "Case"},
				("Case", None),
			),
		):
			[event] = self.call(cmd, filters='{"status": "Open"}', **form)
			self.assertEqual(("export", *told, "Success"), self.told([event])[0])
			self.assertEqual(payload.read(event)["detail/filters"], '{"status": "Open"}')

	def test_a_template_without_records_is_no_export(self) -> None:
		method = "frappe.core.doctype.data_import.data_import.download_template"
		self.assertEqual(self.call(method, doctype="Case", export_records="blank_template"), [])

	def test_a_backup_that_is_taken_away_is_recorded(self) -> None:
		[event] = self.ask("/backups/20261122-database.sql.gz")
		self.assertEqual(event.verb, "export")
		self.assertEqual(payload.read(event)["detail/backup"], "20261122-database.sql.gz")

	def test_reports_on_people_are_recorded_and_others_not(self) -> None:
		run = "frappe.desk.query_report.run"
		about = frappe.db.get_value("Report", {"ref_doctype": "Case"}, "name")
		other = frappe.db.get_value(
			"Report", {"ref_doctype": ("in", ["Website Settings", "Note", "ToDo", "Role"])}
		)
		self.assertEqual(
			self.told(self.call(run, report_name=about)), [("run report", "Report", about, "Success")]
		)
		if other and frappe.db.get_value("Report", other, "ref_doctype") != "ToDo":
			self.assertEqual(self.call(run, report_name=other), [])


class TestSessions(WatchingTestCase):
	def test_log_ins_and_log_outs_are_told_in_the_transaction_of_their_own_log(self) -> None:
		actor = actors.pseudonym(ALICE)
		add_authentication_log("in", ALICE)
		add_authentication_log("no", ALICE, status="Failed")
		add_authentication_log("out", ALICE, operation="Logout")
		told = [("log in", "Success"), ("log in", "Denied"), ("log out", "Success")]
		found = self.events_since()
		self.assertEqual([(one.verb, one.outcome) for one in found], told)
		self.assertEqual({one.reference_name for one in found}, {actor})

	def test_what_was_typed_for_a_user_nobody_has_is_not_kept(self) -> None:
		add_authentication_log("no", "my-Password-1", status="Failed")
		[event] = self.events_since()
		self.assertEqual((event.reference_name, event.subject), (None, "Site/User"))
		self.assertNotIn("my-Password-1", str(payload.read(event)))

	def test_acting_as_another_is_told_with_its_reason(self) -> None:
		frappe.local.form_dict = frappe._dict(reason="Ticket 7")
		add_authentication_log("as", ALICE, operation="Impersonate")
		[event] = self.events_since()
		self.assertEqual((event.verb, payload.read(event)["reason"]), ("impersonate", "Ticket 7"))


class TestLosing(WatchingTestCase):
	def test_what_cannot_be_written_is_counted_and_logged_and_harms_nobody(self) -> None:
		before, logger = watching.lost(), SimpleNamespace(lines=[])
		logger.error = lambda *words, **more: logger.lines.append(words)
		self.addCleanup(frappe.cache.delete_value, after.LOST)
		with (
			patch.object(trail, "record_many", side_effect=OSError("disk")),
			patch.object(frappe, "logger", lambda *_, **__: logger),
		):
			self.assertEqual(self.call(GETDOC, doctype="Case", name=self.shut), [])
		self.assertEqual(watching.lost(), before + 1)
		self.assertIn(self.shut, logger.lines[0])

	def test_other_apps_add_their_doors(self) -> None:
		hooks = {"their.app.show": ["govcrm.accountability.watching.asked.printed"]}
		frappe.local.form_dict = frappe._dict(doc="Case", name=self.shut)
		with patch.object(frappe, "get_hooks", lambda *_: hooks):
			[asked] = doors._called("their.app.show")
		self.assertEqual((asked.verb, asked.names), ("print", (self.shut,)))
