"""Frappe's methods that may be asked about governed records, for they ask the rule themselves.

Each was read in Frappe 15 and 16. What is not named here is turned back when it names a governed DocType: a method that is
new in a release of Frappe or of another app stays closed until somebody has read it. Other apps add theirs by the hook
`govcrm_known_methods`.
"""

from functools import cache

import frappe

from govcrm.gate.asked import LIST, RECORD

OWN = "govcrm."

# Lists: Frappe's query builder for lists, which both hooks narrow.
LISTS = frozenset(
	{
		LIST,
		"frappe.client.get_list",
		"frappe.client.get_value",
		"frappe.desk.calendar.get_events",
		"frappe.desk.form.utils.get_next",
		"frappe.desk.listview.get_group_by_count",
		"frappe.desk.reportview.delete_items",
		"frappe.desk.reportview.export_query",
		"frappe.desk.reportview.get",
		"frappe.desk.reportview.get_count",
		"frappe.desk.reportview.get_filter_dashboard_data",
		"frappe.desk.reportview.get_list",
		"frappe.desk.reportview.get_sidebar_stats",
		"frappe.desk.reportview.get_stats",
		"frappe.geo.utils.get_coords",
	}
)
LOOK_UPS = frozenset({"frappe.desk.search.search_link", "frappe.desk.search.search_widget"})

# One record: loaded, and asked for the right.
RECORDS = frozenset(
	{
		RECORD,
		"frappe.client.cancel",
		"frappe.client.delete",
		"frappe.client.get",
		"frappe.client.insert",
		"frappe.client.save",
		"frappe.client.set_value",
		"frappe.client.submit",
		"frappe.core.doctype.communication.email.make",
		"frappe.desk.form.assign_to.add",
		"frappe.desk.form.assign_to.add_multiple",
		"frappe.desk.form.assign_to.close",
		"frappe.desk.form.assign_to.remove",
		"frappe.desk.form.assign_to.remove_multiple",
		"frappe.desk.form.linked_with.get",
		"frappe.desk.form.load.get_communications",
		"frappe.desk.form.load.get_docinfo",
		"frappe.desk.form.load.getdoc",
		"frappe.desk.form.save.cancel",
		"frappe.desk.form.save.savedocs",
		"frappe.desk.form.utils.add_comment",
		"frappe.handler.run_doc_method",
		"frappe.handler.upload_file",
		"frappe.realtime.can_subscribe_doc",
		"frappe.realtime.has_permission",
		"frappe.utils.print_format.download_multi_pdf",
		"frappe.utils.print_format.download_pdf",
		"frappe.utils.weasyprint.download_pdf",
		"frappe.www.printview.get_html_and_style",
		"frappe.www.printview.get_rendered_raw_commands",
		"run_doc_method",
		"runserverobj",
		"upload_file",
	}
)

# About the DocType and not about its records, or about one's own settings of it.
ABOUT = frozenset(
	{
		"frappe.client.get_single_value",
		"frappe.core.doctype.data_import.data_import.download_template",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get",
		"frappe.desk.doctype.kanban_board.kanban_board.get_kanban_boards",
		"frappe.desk.doctype.kanban_board.kanban_board.update_order",
		"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card",
		"frappe.desk.doctype.list_view_settings.list_view_settings.get_default_listview_fields",
		"frappe.desk.doctype.list_view_settings.list_view_settings.save_listview_settings",
		"frappe.desk.doctype.number_card.number_card.get_percentage_difference",
		"frappe.desk.doctype.number_card.number_card.get_result",
		"frappe.desk.doctype.route_history.route_history.deferred_insert",
		"frappe.desk.doctype.tag.tag.get_tags",
		"frappe.desk.form.linked_with.get_linked_doctypes",
		"frappe.desk.form.load.getdoctype",
		"frappe.desk.listview.get_list_settings",
		"frappe.desk.listview.set_list_settings",
		"frappe.desk.query_report.get_script",
		"frappe.desk.query_report.run",
		"frappe.desk.query_report.export_query",
		"frappe.desk.reportview.save_report",
		"frappe.model.utils.user_settings.get",
		"frappe.model.utils.user_settings.save",
		"frappe.model.workflow.get_transitions",
		"frappe.printing.page.print.print.get_print_settings_to_show",
		"frappe.realtime.can_subscribe_doctype",
	}
)


@cache
def known() -> frozenset[str]:
	return LISTS | LOOK_UPS | RECORDS | ABOUT | frozenset(frappe.get_hooks("govcrm_known_methods"))


def is_own(method: str) -> bool:
	return method.startswith(OWN)
