"""1.5: texts that are programs: templates, conditions, computed fields, queries, and what is previewed of them."""

from govcrm.tests.mutations.switches import Answer, First
from govcrm.tests.mutations.table.door import Door

HANDED = "govcrm/gate/test_template_doors.py::TestHandedOut::"
KEPT = "govcrm/gate/test_kept_elsewhere.py::TestKeptElsewhere::"
MEMBERS = "govcrm/gate/test_template_doors.py::TestMembers::"
SINKS = "govcrm/gate/test_template_doors.py::TestSinks::"
READABLE = Answer("govcrm.gate.members.is_readable", True)
RULED = First("govcrm.gate.templates._ruled")
TELLS = Answer("govcrm.gate.governed.tells", False)
NO_QUERY = First("govcrm.gate.sinks._not_past_the_rules")
TEXTS = (
	Door(
		"1.5",
		"methods of records in templates",
		"texts call of records what reads",
		(READABLE,),
		f"{MEMBERS}test_a_template_runs_no_method_of_a_record",
	),
	Door(
		"1.5",
		"a record in a template that becomes another",
		"texts call of records what reads",
		(READABLE,),
		f"{MEMBERS}test_a_record_that_a_template_holds_does_not_become_another",
	),
	Door(
		"1.5",
		"previews of webhooks",
		"none of governed DocTypes",
		(READABLE, First("govcrm.gate.sinks._of_no_governed_record")),
		f"{MEMBERS}test_a_preview_within_a_record_shows_no_case",
	),
	Door(
		"1.5",
		"functions handed to templates",
		"a list of what reads and formats",
		(Answer("govcrm.gate.templates._hand_out"),),
		f"{HANDED}test_a_template_is_handed_what_reads_and_formats_alone",
	),
	Door(
		"1.5",
		"what alerts hand their templates",
		"the same functions; Frappe 15 hands out less by itself, so there the test sees no difference",
		(RULED,),
		f"{HANDED}test_an_alert_hands_its_template_no_more",
	),
	Door(
		"1.5",
		"fields that are computed",
		"the same functions",
		(RULED,),
		f"{HANDED}test_a_field_that_is_computed_is_told_nothing_that_its_reader_may_not_see",
	),
	Door(
		"1.5",
		"conditions of alerts and webhooks",
		"they call of records what reads",
		(First("govcrm.gate.members.refused_in_conditions"),),
		f"{HANDED}test_a_condition_makes_no_other_record_of_the_one_it_is_about",
	),
	Door(
		"1.5",
		"methods called by templates that run by the clock",
		"none",
		(First("govcrm.gate.templates._through_the_gate"),),
		f"{HANDED}test_by_the_clock_a_template_calls_no_method",
	),
	Door(
		"1.5",
		"query reports run from within Frappe",
		"judged where they are run",
		(NO_QUERY,),
		f"{SINKS}test_a_query_over_cases_is_not_run_from_anywhere",
	),
	Door(
		"1.5",
		"the console run from within Frappe",
		"for Administrator alone",
		(First("govcrm.gate.sinks._for_the_administrator"),),
		f"{SINKS}test_the_console_is_run_by_the_administrator_from_anywhere",
	),
	Door(
		"1.5",
		"the report of what another user may see",
		"governed records are shown as to who asks alone",
		(First("govcrm.gate.sinks._as_oneself"),),
		f"{SINKS}test_nobody_lists_what_another_user_may_see",
	),
	Door(
		"1.5",
		"pages of the website with a program in them",
		"no methods of records, no query over governed tables",
		(READABLE, NO_QUERY),
		"govcrm/gate/test_template_doors.py::TestPages::test_a_page_of_the_website_tells_guests_of_no_case",
	),
	Door(
		"1.5",
		"query reports over what hangs on records",
		"every table of satellites is known",
		(Answer("govcrm.gate.governed.telling", frozenset()),),
		f"{KEPT}test_a_query_over_what_hangs_on_records_is_not_run",
	),
	Door(
		"1.5",
		"templates over what hangs on records",
		"asked as their reader",
		(TELLS,),
		f"{KEPT}test_a_template_lists_of_it_what_its_reader_may_see",
	),
	Door(
		"1.5",
		"templates over keys of the audit log",
		"asked as their reader",
		(TELLS,),
		f"{KEPT}test_a_template_lists_no_keys_of_the_audit_log",
	),
)
