"""What a list may be asked for, tried as somebody with few rights: names of fields, each of them readable."""

import frappe

from govcrm.gate import governed
from govcrm.gate.test_gate import ADMIN, FIELD, GETS, READABLE, GateTestCase
from govcrm.tests.factories import make_request, make_user


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
