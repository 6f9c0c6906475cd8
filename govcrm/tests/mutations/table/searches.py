"""1.2: searches, links and titles."""

from govcrm.tests.mutations.switches import Answer, First
from govcrm.tests.mutations.table.door import (
	GATE,
	LINKS,
	NAMES,
	TELLING,
	TOGETHER,
	TOLD,
	Door,
	checked,
	overridden,
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
		overridden("frappe.desk.search.get_link_title"),
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
		overridden("frappe.utils.global_search.search"),
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
		overridden("frappe.desk.notifications.get_open_count"),
		f"{LINKS}test_connections_count_what_one_may_see",
	),
	Door(
		"1.2",
		"counts by assignee",
		"counted like a list",
		overridden("frappe.desk.listview.get_group_by_count"),
		f"{LINKS}test_groups_by_assignee_count_what_one_may_see",
	),
	Door(
		"1.2",
		"the record before and after",
		"from one that one may read",
		checked("frappe.desk.form.utils.get_next"),
		f"{LINKS}test_the_next_record_is_asked_for_from_one_that_one_may_read",
	),
	Door(
		"1.2",
		"counts of states of a workflow",
		"counted like a list",
		overridden("frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"),
		f"{LINKS}test_states_of_a_workflow_are_not_counted_over_all_cases",
	),
	Door(
		"1.2",
		"places on a map",
		"those of the list",
		overridden("frappe.geo.utils.get_coords"),
		f"{LINKS}test_a_map_shows_what_the_list_shows",
	),
	Door(
		"1.2",
		"tagged records",
		"turned back; the list finds them",
		(NAMES,),
		f"{TOGETHER}test_tagged_records_are_found_in_the_list",
	),
)
