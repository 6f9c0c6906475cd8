"""The doors, each with what shuts it and the test that is named after it: one table, from which docs/doors.md is written.

Numbers are those of the list of Frappe's doors that the app was built against: 1.1 its programming interface, 1.2 searches, links and
titles, 1.3 tables that tell of records, 1.4 files, 1.5 reports and exports, 1.6 what people do with each other. A door without
closing is shut by what is no function of ours; `how` says by what, and its test holds it.
"""

from contextlib import nullcontext
from typing import NamedTuple

from govcrm.tests.mutations.switches import Answer, First, Frappes, Second, Switch, Unhooked, Without

ACCESS = "govcrm/tests/test_access.py::"
CLASS = "govcrm.files.controller.GovernedFile."
COLUMNS = "govcrm.exports.columns."
EXPORTS = "govcrm/exports/test_exports.py::TestFormulas::"
FILES = "govcrm/files/test_doors.py::"
FOLLOW = "frappe.desk.form.document_follow."
GATE = "govcrm.gate.check."
JUDGED = "govcrm.gate.methods."
LINKS = "govcrm/gate/test_doors.py::TestSearchAndLinks::"
METHODS = "govcrm/gate/test_gate.py::TestMethods::"
OVERRIDES = "override_whitelisted_methods"
REPORTS = "govcrm/gate/test_doors.py::TestReports::"
RIGHTS = "govcrm/exports/test_rights.py::"
SAVING = "govcrm/gate/test_gate.py::TestSaving::"
TABLES = "govcrm/access/test_satellite_doors.py::"
TAGS = "frappe.desk.doctype.tag.tag."
TELLING = "govcrm/access/test_telling.py::"
TERMS = "govcrm/gate/test_gate.py::TestTerms::"
TOGETHER = "govcrm/gate/test_doors.py::TestCollaboration::"
TOLD = "govcrm.access.telling."
WRITERS = "govcrm.exports.writers."


class Door(NamedTuple):
	number: str
	name: str
	how: str
	closing: tuple[Switch, ...]
	test: str


_NAMES = Answer(f"{GATE}_objection_to_names")
_HAS_PERMISSION = Answer("govcrm.permissions.has_permission", True)
_NOT_FOLLOWED = f"{TOGETHER}test_who_may_not_read_a_record_does_not_follow_like_or_tag_it"
_ONE_TO_A_LINK = f"{LINKS}test_what_is_not_there_and_what_is_not_ours_are_one_to_a_link"


def _overridden(method: str) -> tuple[Switch, ...]:
	return (Unhooked(OVERRIDES, method),)


def _checked(method: str) -> tuple[Switch, ...]:
	return (Without(f"{JUDGED}CHECKED", method),)


INTERFACE = (
	Door(
		"1.1",
		"lists of records",
		"query conditions of every scoped DocType",
		(Answer("govcrm.permissions.query_conditions", ""),),
		f"{ACCESS}TestListEqualsForm::test_everybody_sees_in_lists_exactly_what_they_may_open",
	),
	Door(
		"1.1",
		"one record: form, REST, client.get",
		"has_permission of every scoped DocType",
		(_HAS_PERMISSION,),
		f"{ACCESS}TestListEqualsForm::test_everybody_sees_in_lists_exactly_what_they_may_open",
	),
	Door(
		"1.1",
		"rows of a table with fields above one's level, on insert",
		"in rows of a new record they become what they are by default",
		(Answer("govcrm.access.levels._reset"),),
		"govcrm/access/test_levels.py::TestLevels::test_who_may_not_write_them_writes_none_on_insert",
	),
	Door(
		"1.1",
		"missing or forbidden",
		"answered alike before either is looked up",
		(Answer("govcrm.gate.existence.objection"),),
		"govcrm/gate/test_noninterference.py::TestThereAndNotThere::test_a_record_that_is_missing_and_one_that_is_forbidden_are_answered_alike",
	),
	Door(
		"1.1",
		"the page of what is not there, with the address that another asked for",
		"Frappe keeps that page for nobody",
		(Answer("govcrm.gate.pages.keep_for_nobody"),),
		"govcrm/gate/test_pages.py::TestPages::test_the_page_of_what_is_not_there_is_kept_for_nobody",
	),
	Door(
		"1.1",
		"rows of a child table, by parent=",
		"query conditions of the table itself, by the record a row stands in",
		(Unhooked("permission_query_conditions", "Citizen Contact Point"),),
		f"{TABLES}TestChildTables::test_rows_of_a_table_are_listed_like_the_record_they_stand_in",
	),
	Door(
		"1.1",
		"a row of a child table by its name",
		"the class of the row finds the record it is stored in",
		(Frappes("govcrm.access.rows.ScopedRow.parent_doc"),),
		f"{TABLES}TestChildTables::test_a_row_by_its_name_is_opened_like_the_record_it_stands_in",
	),
	Door(
		"1.1",
		"link.field into another record, from a case",
		"the gate lets a list name its own fields and tables alone",
		(Answer("govcrm.gate.terms._terms", ()),),
		f"{TERMS}test_a_link_is_not_followed_into_another_record",
	),
	Door(
		"1.1",
		"link.field into a case, from elsewhere",
		"the gate looks where a link leads",
		(Answer("govcrm.gate.terms._refuse_reaching"),),
		f"{TERMS}test_a_link_of_another_doctype_does_not_lead_to_a_case",
	),
	Door(
		"1.1",
		"our tables in the query of another list",
		"the gate knows the names of our tables in any text",
		(Answer("govcrm.gate.terms._refuse_reaching"),),
		f"{TERMS}test_a_list_of_another_doctype_reaches_for_no_table_of_ours",
	),
	Door(
		"1.1",
		"filters, order and groups by a field above one's level",
		"the gate looks at the level of each field that weighs",
		(Answer("govcrm.gate.terms._refuse_unreadable"),),
		f"{TERMS}test_a_level_that_one_may_not_read_is_not_weighed",
	),
	Door(
		"1.1",
		"filters by a table above one's level",
		"the gate looks at the level of each table that weighs",
		(Answer("govcrm.gate.terms._refuse_unreadable"), Answer("govcrm.gate.terms._refuse_foreign")),
		f"{TERMS}test_a_table_that_one_may_not_read_is_not_weighed",
	),
	Door(
		"1.1",
		"functions in fields",
		"the gate takes names and known functions of one name",
		(Answer(f"{GATE}objection_to_terms"),),
		f"{TERMS}test_a_function_of_more_than_one_name_is_refused",
	),
	Door(
		"1.1",
		"expressions in order_by",
		"the gate takes a name and a direction",
		(Answer(f"{GATE}objection_to_terms"),),
		f"{TERMS}test_an_order_is_a_name_and_a_direction",
	),
	Door(
		"1.1",
		"client.get_count of any table",
		"answered by a list's own count",
		_overridden("frappe.client.get_count"),
		f"{LINKS}test_a_count_of_any_table_asks_for_the_right",
	),
	Door(
		"1.1",
		"client.get and the like by filters",
		"the gate has records asked for by name",
		(Answer("govcrm.gate.records._objection_to_filters"),),
		f"{TERMS}test_a_record_is_asked_for_by_its_name",
	),
	Door(
		"1.1",
		"the reply to a save",
		"fields above one's level are taken out of replies",
		(Answer("govcrm.gate.replies.withhold"),),
		f"{SAVING}test_the_reply_to_a_save_holds_no_field_that_one_may_not_read",
	),
	Door(
		"1.1",
		"a name given by the caller",
		"the gate refuses names for new records",
		(Answer("govcrm.gate.records._objection_to_given_name"),),
		f"{SAVING}test_a_record_is_given_its_name_here",
	),
	*(
		Door(
			"1.1",
			f"existence told by client.{name}",
			"what is not there and what is closed are one",
			closing,
			_ONE_TO_A_LINK,
		)
		for name in ("validate_link", "has_permission", "get_doc_permissions")
		for closing in [_overridden(f"frappe.client.{name}")]
	),
	Door(
		"1.1",
		"a method within a method",
		"the gate judges it as if asked for by itself",
		(Answer(f"{GATE}_objection_to_nested"),),
		f"{METHODS}test_what_is_judged_by_its_arguments_is_not_called_within_another",
	),
	Door(
		"1.1",
		"a function by another of its names",
		"the gate judges it by where it is defined",
		(First("govcrm.gate.functions.own_name"),),
		f"{METHODS}test_an_alias_of_a_function_is_judged_as_the_function",
	),
	Door(
		"1.1",
		"methods that nobody has read",
		"turned back when they name a scoped DocType",
		(_NAMES,),
		f"{METHODS}test_a_method_that_nobody_has_read_is_not_asked_about_a_case",
	),
	Door(
		"1.1",
		"methods of a document",
		"known by name, or turned back",
		(Answer(f"{GATE}_objection_to_member"),),
		f"{METHODS}test_a_method_of_frappes_document_is_not_had_from_a_case",
	),
	Door(
		"1.1",
		"the console",
		"for Administrator alone",
		(Without(f"{JUDGED}CLOSED", "frappe.desk.doctype.system_console.system_console.execute_code"),),
		f"{METHODS}test_the_console_is_for_the_administrator",
	),
)
SEARCHES = (
	Door(
		"1.2",
		"look-ups that ignore permissions",
		"the gate drops what means that",
		(Answer(f"{GATE}_drop"),),
		f"{LINKS}test_a_look_up_asks_for_the_right_whatever_the_caller_says",
	),
	Door(
		"1.2",
		"look-ups by a method of others",
		"for scoped DocTypes by ours alone",
		(Answer(f"{GATE}_objection_to_query"),),
		f"{LINKS}test_a_look_up_of_cases_is_by_no_method_of_others",
	),
	Door(
		"1.2",
		"get_link_title",
		"answered for who may read the record",
		_overridden("frappe.desk.search.get_link_title"),
		f"{LINKS}test_a_title_is_told_to_who_may_read_the_record",
	),
	Door(
		"1.2",
		"titles of links that a form brings along",
		"those of records that one may read",
		(First(f"{TOLD}forms.readable_titles"),),
		f"{TELLING}TestForms::test_a_form_brings_no_titles_of_records_that_one_may_not_read",
	),
	Door(
		"1.2",
		"titles of links on a print",
		"those of records that one may read",
		(First(f"{TOLD}forms.printable_titles"),),
		f"{TELLING}TestForms::test_a_form_brings_no_titles_of_records_that_one_may_not_read",
	),
	Door(
		"1.2",
		"the global search",
		"its finds are asked for one by one",
		_overridden("frappe.utils.global_search.search"),
		f"{LINKS}test_the_global_index_tells_of_records_only_to_who_may_read_them",
	),
	Door(
		"1.2",
		"the index of the global search",
		"no field of a scoped DocType goes into it",
		(),
		f"{LINKS}test_no_scoped_doctype_shows_its_title_in_links_or_stands_in_the_global_index",
	),
	Door(
		"1.2",
		"counts of connections",
		"counted like a list",
		_overridden("frappe.desk.notifications.get_open_count"),
		f"{LINKS}test_connections_count_what_one_may_see",
	),
	Door(
		"1.2",
		"counts by assignee",
		"counted like a list",
		_overridden("frappe.desk.listview.get_group_by_count"),
		f"{LINKS}test_groups_by_assignee_count_what_one_may_see",
	),
	Door(
		"1.2",
		"the record before and after",
		"from one that one may read",
		_checked("frappe.desk.form.utils.get_next"),
		f"{LINKS}test_the_next_record_is_asked_for_from_one_that_one_may_read",
	),
	Door(
		"1.2",
		"counts of states of a workflow",
		"counted like a list",
		_overridden("frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"),
		f"{LINKS}test_states_of_a_workflow_are_not_counted_over_all_cases",
	),
	Door(
		"1.2",
		"places on a map",
		"those of the list",
		_overridden("frappe.geo.utils.get_coords"),
		f"{LINKS}test_a_map_shows_what_the_list_shows",
	),
	Door(
		"1.2",
		"tagged records",
		"turned back; the list finds them",
		(_NAMES,),
		f"{LINKS.replace('SearchAndLinks', 'Collaboration')}test_tagged_records_are_found_in_the_list",
	),
)
# DocType to its test. Each has two doors: its list, and a row by its name.
SATELLITES = {
	"Version": "versions",
	"Comment": "comments",
	"Communication": "communications",
	"File": "files",
	"ToDo": "todos",
	"View Log": "view_logs",
	"Access Log": "access_logs",
	"Activity Log": "activity_logs",
	"Deleted Document": "deleted_documents",
	"Email Queue": "email_queue",
	"Error Log": "error_logs",
	"DocShare": "shares",
	"Document Share Key": "share_keys",
	"Document Follow": "follows",
	"Notification Log": "notifications",
	"Workflow Action": "workflow_actions",
	"Prepared Report": "prepared_reports",
	"Tag Link": "tags",
	"List Filter": "saved_filters",
}
ROWS = (
	*(
		Door("1.3", f"{doctype}: {way}", how, (Unhooked(hook, doctype),), f"{TABLES}TestTables::test_{test}")
		for doctype, test in SATELLITES.items()
		for way, hook, how in (
			("its list", "permission_query_conditions", "shown with what it hangs on"),
			("a row by its name", "has_permission", "opened with what it hangs on"),
		)
	),
	Door(
		"1.3",
		"Communication Link: its list",
		"shown with the mail, and with all that this hangs on",
		(Unhooked("permission_query_conditions", "Communication Link"),),
		f"{TABLES}TestTables::test_communication_links",
	),
	Door(
		"1.3",
		"mails of closed cases in the timeline of a contact",
		"left out, and the page filled up",
		(First(f"{TOLD}forms.shown_mails"),),
		f"{TELLING}TestForms::test_the_timeline_of_a_contact_has_no_mails_of_closed_cases",
	),
	Door(
		"1.3",
		"values above one's level in the history of a form",
		"they never enter a Version",
		(Answer("govcrm.access.versions.withhold"),),
		"govcrm/casework/doctype/service_request/test_service_request.py"
		"::TestServiceRequest::test_the_history_does_not_tell_sensitive_answers",
	),
	Door(
		"1.3",
		"public files of closed cases in the list of files",
		"our condition binds to the whole of Frappe's",
		(First("govcrm.access.satellites.bracketed._bracketed"),),
		"govcrm/access/test_satellites.py"
		"::TestSatellites::test_a_public_file_of_a_closed_case_is_not_listed_either",
	),
)
STORED = (
	Door(
		"1.4",
		"downloads by who uploaded",
		"the class of File asks the rule",
		(Answer("govcrm.files.hanging.may_see", True),),
		f"{FILES}TestDownloads::test_who_uploaded_a_file_cannot_read_it_once_recused",
	),
	Door(
		"1.4",
		"a File with the address of another",
		"addresses are joined by who may read what is there",
		(Answer("govcrm.files.addresses.require_readable"),),
		f"{FILES}TestAddresses::test_the_url_of_a_file_cannot_be_adopted",
	),
	Door(
		"1.4",
		"the address of a file in a field",
		"asked about before Frappe makes a File of it",
		(Answer("govcrm.files.attaching.check"),),
		f"{FILES}TestAddresses::test_the_url_of_a_file_cannot_be_adopted_by_a_field_for_attachments",
	),
	Door(
		"1.4",
		"one content for files that are alike",
		"every upload has its own content and address",
		(Frappes(f"{CLASS}save_file"),),
		f"{FILES}TestAddresses::test_an_upload_like_a_closed_file_does_not_share_its_content",
	),
	Door(
		"1.4",
		"addresses that can be guessed",
		"addresses are random",
		(Answer("govcrm.files.addresses.unguessable", "/private/files/known.txt"),),
		f"{FILES}TestPlaces::test_nobody_guesses_the_address_of_a_file",
	),
	Door(
		"1.4",
		"public files of a case",
		"they are private whatever is said",
		(Frappes(f"{CLASS}set_is_private"), Answer(f"{CLASS}keep_private")),
		f"{FILES}TestPlaces::test_a_file_of_a_case_is_private_whatever_is_said",
	),
	Door(
		"1.4",
		"uploads that a browser or computer would run",
		"kinds are allowed by content",
		(Second("govcrm.files.taking.taken"),),
		f"{FILES}TestPlaces::test_an_upload_is_judged_by_its_content",
	),
	Door(
		"1.4",
		"archives of files",
		"without those that one may not read",
		(Answer(f"{CLASS}is_downloadable", True),),
		f"{FILES}TestDownloads::test_an_archive_of_files_leaves_out_those_of_closed_cases",
	),
)
RESULTS = (
	Door(
		"1.5",
		"query reports over what was kept of records",
		"not run where the query names such a table, or hides a name",
		(Answer("govcrm.gate.governed.read_by", False),),
		"govcrm/gate/test_doors.py::TestReports::test_nor_is_one_over_what_was_kept_of_cases",
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
PEOPLE = (
	*(
		Door("1.6", name, "the gate asks for the right first", _checked(method), _NOT_FOLLOWED)
		for name, method in (
			("following a record", f"{FOLLOW}update_follow"),
			("having somebody follow", f"{FOLLOW}follow_document"),
			("who follows a record", f"{FOLLOW}get_follow_users"),
			("liking a record", "frappe.desk.like.toggle_like"),
			("tagging a record", f"{TAGS}add_tag"),
			("tagging many records", f"{TAGS}add_tags"),
		)
	),
	Door(
		"1.6",
		"having others follow",
		"one follows for oneself",
		(Without(f"{JUDGED}FOR_ONESELF", f"{FOLLOW}follow_document"),),
		f"{TOGETHER}test_one_follows_for_oneself",
	),
	Door(
		"1.6",
		"following by what Frappe does besides",
		"the class of Document Follow asks the rule",
		(Frappes(f"{TOLD}records.GovernedFollow.insert"), Frappes(f"{TOLD}records.GovernedFollow.validate")),
		f"{TELLING}TestFollowing::test_nobody_follows_what_they_may_not_read",
	),
	Door(
		"1.6",
		"the digest of followed records",
		"what its reader may read now",
		(First(f"{TOLD}digests.readable"),),
		f"{TELLING}TestFollowing::test_the_digest_leaves_out_what_its_reader_may_no_longer_read",
	),
	Door(
		"1.6",
		"mentions",
		"the class of Notification Log asks the rule",
		(Frappes(f"{TOLD}records.GovernedNotice.insert"),),
		f"{TELLING}TestNotices::test_a_mention_tells_only_who_may_read_the_record",
	),
	Door(
		"1.6",
		"notices and their mails, after access was lost",
		"the class of Notification Log asks the rule",
		(Frappes(f"{TOLD}records.GovernedNotice.insert"),),
		f"{TELLING}TestNotices::test_who_was_recused_meanwhile_is_not_told_by_notice_or_mail",
	),
	Door(
		"1.6",
		"portal comments and likes",
		"turned back",
		(_NAMES,),
		f"{TOGETHER}test_the_portal_neither_comments_on_cases_nor_discusses_them",
	),
	Door(
		"1.6",
		"discussions",
		"none of what hangs on scoped records",
		(Answer(f"{TOLD}records.refuse_discussion"),),
		f"{TELLING}TestSockets::test_cases_are_not_discussed_on_the_website",
	),
	Door(
		"1.6",
		"hanging a mail on another record",
		"the gate asks for the right to both",
		_checked("frappe.email.relink"),
		f"{TOGETHER}test_mail_is_not_hung_on_other_records",
	),
	Door(
		"1.6",
		"the number of any contact",
		"the gate asks for the right first",
		_checked("frappe.core.doctype.sms_settings.sms_settings.get_contact_number"),
		f"{TOGETHER}test_the_number_of_a_contact_is_told_to_who_may_read_it",
	),
	Door(
		"1.6",
		"the User Permissions of others",
		"for oneself, or who looks after users",
		(
			Without(
				f"{JUDGED}FOR_ONESELF",
				"frappe.core.doctype.user_permission.user_permission.get_user_permissions",
			),
		),
		f"{TOGETHER}test_what_others_may_see_is_told_to_who_looks_after_users",
	),
	Door(
		"1.6",
		"comments in the name of others",
		"by who is logged in",
		_overridden("frappe.desk.form.utils.add_comment"),
		f"{TOGETHER}test_a_comment_is_by_who_is_logged_in",
	),
	Door(
		"1.6",
		"mails that take along any file",
		"the gate asks for the right to each",
		_checked("frappe.core.doctype.communication.email.make"),
		f"{TOGETHER}test_a_mail_takes_along_files_that_one_may_read",
	),
	Door(
		"1.6",
		"sharing, by hand and by assigning",
		"refused where the share is made",
		(Answer("govcrm.permissions.refuse_share"),),
		f"{TELLING}TestShares::test_what_hangs_on_a_case_is_not_shared",
	),
	Door(
		"1.6",
		"shares that are there",
		"they open nothing scoped",
		(First(f"{TOLD}shares.without_scoped"),),
		f"{TELLING}TestShares::test_a_share_made_behind_the_back_opens_no_case",
	),
	Door(
		"1.6",
		"share keys on prints",
		"no key opens what the rule closes",
		(First(f"{TOLD}shares.without_keys"),),
		f"{TELLING}TestShares::test_the_key_of_a_print_opens_no_case",
	),
	Door(
		"1.6",
		"workflow links in mails",
		"turned back",
		(_NAMES,),
		f"{TOGETHER}test_links_in_mails_move_no_case",
	),
	Door(
		"1.6",
		"web forms and web lists",
		"turned back",
		(_NAMES,),
		f"{TOGETHER}test_no_web_form_and_no_web_list_is_about_cases",
	),
	Door(
		"1.6",
		"news of lists on the socket",
		"to who has the record open, and to who acts",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_news_of_a_list_go_to_who_has_the_record_open_and_to_who_acts",
	),
	Door(
		"1.6",
		"comments and mails on the socket",
		"to who acts and is assigned, if they may read it now",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_a_comment_goes_to_no_page_that_was_opened_before_a_recusal",
	),
	Door(
		"1.6",
		"where a print lies, on the socket",
		"to who asked for it",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_where_a_print_lies_is_told_to_who_asked_for_it",
	),
	Door(
		"1.6",
		"the room of a record",
		"joined by who may read it",
		(_HAS_PERMISSION,),
		f"{TELLING}TestSockets::test_the_room_of_a_record_is_for_who_may_read_it",
	),
	Door(
		"1.6",
		"jobs that are tried again",
		"as who asked for them",
		(First("govcrm.jobs._for_the_same"),),
		"govcrm/tests/test_jobs.py::TestJobsKeepTheirUser::test_a_job_that_is_tried_again_runs_as_who_asked_for_it",
	),
	Door(
		"1.6",
		"settings that leave doors open",
		"made safe when the app comes, told on the page Security Posture",
		(Answer("govcrm.accountability.posture.hardening.harden"),),
		"govcrm/accountability/posture/test_posture.py"
		"::TestHardening::test_what_is_as_frappe_made_it_is_made_safe_in_one_recorded_change",
	),
)
DOORS = (*INTERFACE, *SEARCHES, *ROWS, *STORED, *RESULTS, *PEOPLE)
# What is no door of a request, or stays as Frappe has it, and why.
LEFT = {
	"1.1": (
		(
			"raw reads in our own code",
			"No function of ours to switch off. Each endpoint has tests of its own.",
		),
	),
	"1.6": (
		(
			"a form that was open when access was lost",
			"Its page hears when the record was last changed, and nothing else, until it is closed.",
		),
		(
			"a mail that was queued when access was lost",
			"It is sent. Who is told is asked when the mail is made, which is minutes before.",
		),
		(
			"mail that a person writes to somebody by hand",
			"It goes to whom they address; who sent it, and the mail, stay on the record and in the audit log.",
		),
	),
}
