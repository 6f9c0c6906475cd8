"""1.1: Frappe's programming interface."""

from govcrm.tests.mutations.switches import Answer, First, Frappes, Unhooked, Without
from govcrm.tests.mutations.table.door import (
	GATE,
	HAS_PERMISSION,
	JUDGED,
	LINKS,
	NAMES,
	TABLES,
	TERMS,
	Door,
	overridden,
)

ACCESS = "govcrm/tests/test_access.py::"
METHODS = "govcrm/gate/test_gate.py::TestMethods::"
SAVING = "govcrm/gate/test_saving.py::TestSaving::"
_ONE_TO_A_LINK = f"{LINKS}test_what_is_not_there_and_what_is_not_ours_are_one_to_a_link"
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
		(HAS_PERMISSION,),
		f"{ACCESS}TestListEqualsForm::test_everybody_sees_in_lists_exactly_what_they_may_open",
	),
	Door(
		"1.1",
		"what a recusal came to reach within the request",
		"what was read of a recusal is forgotten when a link that it follows changes",
		(Answer("govcrm.access.subjects.follow"),),
		"govcrm/access/test_stored.py::TestWhatARecusalReachesMeanwhile::test_a_request_that_is_by_another_citizen_now",
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
		overridden("frappe.client.get_count"),
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
		(Answer("govcrm.gate.replies._withhold"),),
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
		for closing in [overridden(f"frappe.client.{name}")]
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
		(NAMES,),
		f"{METHODS}test_a_method_that_nobody_has_read_is_not_asked_about_a_case",
	),
	Door(
		"1.1",
		"what hangs on a closed record, by its name alone, told to methods that nobody has read",
		"the gate looks for names of rows in what they are told",
		(Answer("govcrm.gate.hanging.objection"),),
		f"{METHODS}test_a_method_that_nobody_has_read_is_not_told_of_what_hangs_on_a_closed_case",
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
