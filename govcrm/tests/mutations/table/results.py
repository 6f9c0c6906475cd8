"""1.5: reports, charts and exports."""

from contextlib import nullcontext

from govcrm.tests.mutations.switches import Answer, First, Frappes
from govcrm.tests.mutations.table.door import TELLING, TERMS, TOLD, Door

COLUMNS = "govcrm.exports.columns."
EXPORTS = "govcrm/exports/test_exports.py::TestFormulas::"
REPORTS = "govcrm/gate/test_doors.py::TestReports::"
RIGHTS = "govcrm/exports/test_rights.py::"
WRITERS = "govcrm.exports.writers."
RESULTS = (
	Door(
		"1.5",
		"query reports over what was kept of records",
		"not run where the query names such a table, or hides a name",
		(Answer("govcrm.gate.governed.read_by", False),),
		f"{REPORTS}test_nor_is_one_over_what_was_kept_of_cases",
	),
	Door(
		"1.5",
		"templates of mails, prints and pages",
		"what they ask of records is asked as their reader",
		(Answer("govcrm.gate.templates._rule"),),
		"govcrm/gate/test_templates.py::TestTemplates::test_a_template_lists_what_its_reader_may_see",
	),
	Door(
		"1.5",
		"conditions of workflows",
		"what they ask of records is asked as their reader",
		(First("govcrm.gate.templates._unless_governed"),),
		"govcrm/gate/test_templates.py::TestTemplates::test_a_condition_of_a_workflow_is_told_nothing_that_its_reader_may_not_see",
	),
	Door(
		"1.5",
		"reports mailed with the rows of another",
		"whoever writes an Auto Email Report is its user",
		(Answer("govcrm.exports.mailed.keep_reader"),),
		"govcrm/gate/test_readers.py::TestReaders::test_nobody_has_a_report_mailed_with_the_rows_of_another",
	),
	Door(
		"1.5",
		"reports mailed by the clock",
		"they run as their user",
		(Answer("govcrm.exports.mailed._as_reader", nullcontext()),),
		"govcrm/gate/test_readers.py::TestReaders::test_by_the_clock_a_program_too_is_run_as_its_reader",
	),
	Door(
		"1.5",
		"query reports over our tables",
		"not run",
		(Answer("govcrm.gate.reports.why_not"),),
		f"{REPORTS}test_a_query_report_over_cases_is_not_run",
	),
	Door(
		"1.5",
		"query_report.run(user=…)",
		"run as oneself",
		(Answer("govcrm.gate.reports.objection"),),
		f"{REPORTS}test_a_report_is_run_as_oneself",
	),
	Door(
		"1.5",
		"the same within Frappe",
		"asked for who is logged in",
		(First("govcrm.exports.askers._filtered"),),
		f"{RIGHTS}TestAskers::test_a_report_is_filtered_by_the_rights_of_who_is_logged_in",
	),
	Door(
		"1.5",
		"preparing a report that one may not run",
		"refused where the record of it is made",
		(Answer("govcrm.gate.reports.refuse_preparing"),),
		f"{REPORTS}test_a_report_is_prepared_for_who_may_run_it",
	),
	Door(
		"1.5",
		"the prepared result of another",
		"had by who had it prepared",
		(Answer("govcrm.gate.reports._is_ones_own", True),),
		f"{REPORTS}test_a_prepared_result_is_had_by_who_had_it_prepared",
	),
	Door(
		"1.5",
		"number cards over any expression",
		"judged as the list they count",
		(First("govcrm.gate.records.as_list"),),
		f"{TERMS}test_number_cards_count_readable_fields",
	),
	Door(
		"1.5",
		"heatmaps over any table",
		"none of governed DocTypes",
		(Answer("govcrm.api.desk.charts._refuse_heatmap"),),
		f"{REPORTS}test_there_are_no_heatmaps_of_cases_or_of_what_hangs_on_them",
	),
	Door(
		"1.5",
		"titles of linked records in charts of groups",
		"counted by names, titled as the reader may read",
		(Answer("govcrm.api.desk.charts._is_of_groups"),),
		"govcrm/tests/test_charts.py::TestCharts::test_a_group_does_not_tell_what_a_case_is_about_that_one_may_not_read",
	),
	Door(
		"1.5",
		"charts kept for the next reader",
		"those of governed DocTypes are never kept; taking that out changes nothing that this test sees",
		(),
		"govcrm/tests/test_desk.py::TestChartsAndCounts::test_a_chart_drawn_for_one_reader_is_not_shown_to_the_next",
	),
	Door(
		"1.5",
		"files for import: columns above one's level",
		"left out of what can be exported",
		(First(f"{COLUMNS}_readable_of_template"),),
		f"{RIGHTS}TestColumns::test_a_file_to_import_has_the_columns_of_tables_for_who_may_read_them_alone",
	),
	Door(
		"1.5",
		"Data Export: columns above one's level",
		"left out of what can be exported",
		(First(f"{COLUMNS}_readable_of_export"), First(f"{COLUMNS}_columns_of_readable")),
		f"{RIGHTS}TestColumns::test_data_export_has_the_columns_of_tables_for_who_may_read_them_alone",
	),
	Door(
		"1.5",
		"exports filtered by what one may not read",
		"refused",
		(First(f"{COLUMNS}_by_readable_filters"), First(f"{COLUMNS}_by_plain_filters")),
		f"{RIGHTS}TestColumns::test_an_export_is_not_filtered_by_what_its_reader_may_not_read",
	),
	Door(
		"1.5",
		"formulas in CSV",
		"neutral in Frappe's writer",
		(First(f"{WRITERS}_neutral_row"), First(f"{WRITERS}_neutral_rows")),
		f"{EXPORTS}test_a_list_is_exported_without_formulas",
	),
	Door(
		"1.5",
		"formulas in XLSX",
		"neutral in Frappe's writer",
		(First(f"{WRITERS}_neutral_book"),),
		f"{EXPORTS}test_a_report_is_exported_without_formulas_and_its_numbers_stay_numbers",
	),
	Door(
		"1.5",
		"alerts to a role",
		"each address is asked about",
		(Frappes(f"{TOLD}records.GovernedAlert.get_list_of_recipients"),),
		f"{TELLING}TestAlerts::test_an_alert_to_a_role_reaches_those_of_it_who_may_read_the_record",
	),
)
