"""Charts of governed records: what they count, and under which words."""

from unittest.mock import patch

import frappe

from govcrm.api.desk import get_chart
from govcrm.reports.scope import label_of
from govcrm.tests.casework import ALICE, CaseTestCase
from govcrm.tests.factories import make_case, make_department


class TestCharts(CaseTestCase):
	def test_no_chart_counts_what_the_reader_may_not_see(self):
		chart = {"type": "Heatmap", "chart_type": "Count", "document_type": "Case", "based_on": "creation"}
		frappe.set_user(ALICE)
		self.assertRaises(frappe.ValidationError, get_chart, chart=chart)

	def test_groups_stand_under_the_names_of_what_they_are_linked_to(self):
		case = self.case(ALICE)
		title = frappe.db.get_value("Agency Program", case.program, "program_name")
		self.assertNotEqual(title, case.program)
		self.assertEqual(self.labels("program"), [title])

	def test_a_group_does_not_tell_what_a_case_is_about_that_one_may_not_read(self):
		above = make_case(subject="The cellar of the mayor", department=make_department("Water").name)
		part = self.case(ALICE)
		part.db_set("parent_case", above.name)
		for user, said in ((ALICE, above.name), ("Administrator", above.subject)):
			frappe.set_user(user)
			with patch.object(frappe.get_meta("Case"), "show_title_field_in_link", 1):
				self.assertIn(said, self.labels("parent_case"), user)

	def test_labels_are_text_to_who_draws_them_as_html(self):
		case = self.case(ALICE)
		frappe.db.set_value("Agency Program", case.program, "program_name", "<img src=x onerror=alert(1) x")
		self.assertEqual(self.labels("program"), ["&lt;img src=x onerror=alert(1) x"])
		frappe.clear_document_cache("Agency Program", case.program)
		self.assertEqual(label_of("Program", case.program), "&lt;img src=x onerror=alert(1) x")

	def test_groups_are_counted_summed_and_averaged(self):
		self.case(ALICE)
		self.case(ALICE).db_set("docstatus", 1)
		drawn = {
			kind: self.chart("program", group_by_type=kind, aggregate_function_based_on=field)
			for kind, field in (("Count", None), ("Sum", "docstatus"), ("Average", "docstatus"))
		}
		values = {
			kind: [float(value) for value in one["datasets"][0]["values"]] for kind, one in drawn.items()
		}
		self.assertEqual(values, {"Count": [2.0], "Sum": [1.0], "Average": [0.5]})
		self.assertRaises(frappe.ValidationError, self.chart, "program", group_by_type="Longest")

	def test_a_group_of_none_is_named(self):
		self.case(ALICE)
		self.assertEqual(self.labels("assignee"), ["Not Specified"])

	def labels(self, field: str) -> list[str]:
		return self.chart(field)["labels"]

	def chart(self, field: str, **words):
		grouped = {"chart_type": "Group By", "group_by_type": "Count", "group_by_based_on": field, **words}
		chart = {"name": "Cases", "type": "Bar", "document_type": "Case", "filters_json": "[]", **grouped}
		return get_chart(chart=chart)
