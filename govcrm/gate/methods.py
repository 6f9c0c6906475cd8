"""Frappe's methods, and what each asks by itself when it is called about a governed record.

Each was read in Frappe 15 and 16. A method that is named neither here nor in `lists/free.txt` is turned back when it names a
scoped DocType: what is new in a release of Frappe or of another app stays closed until somebody has read it. Other apps add
theirs by the hook `govcrm_known_methods`.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import frappe

from govcrm.gate.asked import ABOUT, LIST, NEW, RECORD

LISTS_FOLDER = Path(__file__).parent / "lists"
FORM = "frappe.desk.form.load.getdoc"  # asks for the right to one record many times, and changes nothing

# Lists: Frappe's query builder for lists, which both hooks narrow, once its terms say no more than names.
LISTS = frozenset(
	{
		LIST,
		"frappe.client.get_count",
		"frappe.client.get_list",
		"frappe.client.get_value",
		"frappe.core.doctype.data_export.exporter.export_data",
		"frappe.core.doctype.data_import.data_import.download_template",
		"frappe.desk.calendar.get_events",
		"frappe.desk.doctype.number_card.number_card.get_percentage_difference",
		"frappe.desk.doctype.number_card.number_card.get_result",
		"frappe.desk.form.utils.get_next",
		"frappe.desk.listview.get_group_by_count",
		"frappe.desk.query_report.get_data_for_custom_field",
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
SEARCH_LINK, SEARCH_WIDGET = "frappe.desk.search.search_link", "frappe.desk.search.search_widget"
LOOK_UPS = frozenset({SEARCH_LINK, SEARCH_WIDGET})

# One record: loaded, and asked for the right.
RECORDS = frozenset(
	{
		NEW,
		RECORD,
		"frappe.client.bulk_update",
		"frappe.client.cancel",
		"frappe.client.delete",
		"frappe.client.get",
		"frappe.client.insert",
		"frappe.client.insert_many",
		"frappe.client.rename_doc",
		"frappe.client.save",
		"frappe.client.set_value",
		"frappe.client.submit",
		"frappe.core.doctype.communication.email.make",
		"frappe.core.doctype.data_import.data_import.DataImport.get_preview_from_template",
		"frappe.desk.calendar.update_event",
		"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
		"frappe.desk.form.assign_to.add",
		"frappe.desk.form.assign_to.add_multiple",
		"frappe.desk.form.assign_to.close",
		"frappe.desk.form.assign_to.remove",
		"frappe.desk.form.assign_to.remove_multiple",
		"frappe.desk.form.linked_with.get",
		"frappe.desk.form.load.get_communications",
		"frappe.desk.form.load.get_docinfo",
		FORM,
		"frappe.desk.form.save.cancel",
		"frappe.desk.form.save.discard",
		"frappe.desk.form.save.savedocs",
		"frappe.desk.form.utils.add_comment",
		"frappe.desk.form.utils.remove_attach",
		"frappe.desk.gantt.update_task",
		"frappe.desk.link_preview.get_preview_data",
		"frappe.desk.treeview.add_node",
		"frappe.email.doctype.email_template.email_template.get_email_template",
		"frappe.handler.upload_file",
		"frappe.handler.uploadfile",
		"frappe.model.document.Document.cancel",
		"frappe.model.document.Document.discard",
		"frappe.model.document.Document.rename",
		"frappe.model.document.Document.submit",
		"frappe.model.rename_doc.update_document_title",
		"frappe.model.workflow.apply_workflow",
		"frappe.model.workflow.bulk_workflow_approval",
		"frappe.model.workflow.get_common_transition_actions",
		"frappe.model.workflow.get_transitions",
		"frappe.realtime.can_subscribe_doc",
		"frappe.realtime.has_permission",
		"frappe.share.add",
		"frappe.share.get_users",
		"frappe.share.set_permission",
		"frappe.utils.print_format.download_multi_pdf",
		"frappe.utils.print_format.download_multi_pdf_async",
		"frappe.utils.print_format.download_pdf",
		"frappe.utils.print_format.print_by_server",
		"frappe.utils.weasyprint.download_pdf",
		"frappe.www.printview.get_html_and_style",
		"frappe.www.printview.get_rendered_raw_commands",
	}
)

# About the DocType and not about its records, or about one's own settings of it.
OF_DOCTYPES = frozenset(
	{
		ABOUT,
		"frappe.automation.doctype.auto_repeat.auto_repeat.get_auto_repeat_doctypes",
		"frappe.client.get_single_value",
		"frappe.contacts.address_and_contact.filter_dynamic_link_doctypes",
		"frappe.core.doctype.access_log.access_log.make_access_log",
		"frappe.core.doctype.doctype.doctype.get_row_size_utilization",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.get_current",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.get_options",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.get_transactions_and_prefixes",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.preview_series",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.update_amendment_rule",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.update_series",
		"frappe.core.doctype.document_naming_settings.document_naming_settings.DocumentNamingSettings.update_series_start",
		"frappe.core.doctype.log_settings.log_settings.get_log_doctypes",
		"frappe.core.doctype.prepared_report.prepared_report.get_reports_in_queued_state",
		"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report",
		"frappe.core.doctype.report.report.Report.set_doctype_roles",
		"frappe.core.doctype.report.report.Report.toggle_disable",
		"frappe.core.doctype.role.role.role_query",
		"frappe.core.doctype.user.user.get_perm_info",
		"frappe.core.doctype.user.user.user_query",
		"frappe.core.doctype.user_permission.user_permission.add_user_permissions",
		"frappe.core.doctype.user_permission.user_permission.check_applicable_doc_perm",
		"frappe.core.doctype.user_permission.user_permission.clear_user_permissions",
		"frappe.core.doctype.user_permission.user_permission.get_applicable_for_doctype_list",
		"frappe.core.doctype.user_type.user_type.get_user_linked_doctypes",
		"frappe.core.page.permission_manager.permission_manager.add",
		"frappe.core.page.permission_manager.permission_manager.get_permissions",
		"frappe.core.page.permission_manager.permission_manager.get_standard_permissions",
		"frappe.core.page.permission_manager.permission_manager.remove",
		"frappe.core.page.permission_manager.permission_manager.reset",
		"frappe.core.page.permission_manager.permission_manager.update",
		"frappe.core.report.database_storage_usage_by_tables.database_storage_usage_by_tables.optimize_doctype",
		"frappe.core.report.permitted_documents_for_user.permitted_documents_for_user.query_doctypes",
		"frappe.custom.doctype.custom_field.custom_field.get_fields_label",
		"frappe.custom.doctype.customize_form.customize_form.CustomizeForm.fetch_to_customize",
		"frappe.custom.doctype.customize_form.customize_form.CustomizeForm.reset_layout",
		"frappe.custom.doctype.customize_form.customize_form.CustomizeForm.reset_to_defaults",
		"frappe.custom.doctype.customize_form.customize_form.CustomizeForm.save_customization",
		"frappe.custom.doctype.customize_form.customize_form.CustomizeForm.trim_table",
		"frappe.custom.doctype.customize_form.customize_form.get_link_filters_from_doc_without_customisations",
		"frappe.custom.doctype.customize_form.customize_form.get_orphaned_columns",
		"frappe.custom.doctype.doctype_layout.doctype_layout.DocTypeLayout.sync_fields",
		"frappe.desk.doctype.custom_html_block.custom_html_block.get_custom_blocks_for_user",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.add_chart_to_dashboard",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.create_dashboard_chart",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.create_report_chart",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get_charts_for_user",
		"frappe.desk.doctype.dashboard_chart.dashboard_chart.get_parent_doctypes",
		"frappe.desk.doctype.dashboard_settings.dashboard_settings.save_chart_config",
		"frappe.desk.doctype.desktop_icon.desktop_icon.add_user_icon",
		"frappe.desk.doctype.kanban_board.kanban_board.get_kanban_boards",
		"frappe.desk.doctype.kanban_board.kanban_board.quick_kanban_board",
		"frappe.desk.doctype.list_view_settings.list_view_settings.get_default_listview_fields",
		"frappe.desk.doctype.list_view_settings.list_view_settings.save_listview_settings",
		"frappe.desk.doctype.number_card.number_card.add_card_to_dashboard",
		"frappe.desk.doctype.number_card.number_card.create_number_card",
		"frappe.desk.doctype.number_card.number_card.create_report_number_card",
		"frappe.desk.doctype.number_card.number_card.get_cards_for_user",
		"frappe.desk.doctype.onboarding_step.onboarding_step.get_onboarding_steps",
		"frappe.desk.doctype.route_history.route_history.deferred_insert",
		"frappe.desk.doctype.tag.tag.get_tags",
		"frappe.desk.doctype.workspace.workspace.save_page",
		"frappe.desk.doctype.workspace.workspace.update_page",
		"frappe.desk.form.linked_with.get_linked_doctypes",
		"frappe.desk.form.load.getdoctype",
		"frappe.desk.listview.get_list_settings",
		"frappe.desk.listview.set_list_settings",
		"frappe.desk.query_report.export_query",
		"frappe.desk.query_report.get_script",
		"frappe.desk.query_report.run",
		"frappe.desk.query_report.save_report",
		"frappe.desk.reportview.save_report",
		"frappe.desk.treeview.get_children",
		"frappe.email.doctype.email_account.email_account.get_append_to",
		"frappe.email.get_communication_doctype",
		"frappe.email.queue.unsubscribe",
		"frappe.model.utils.user_settings.get",
		"frappe.model.utils.user_settings.save",
		"frappe.model.workflow.can_cancel_document",
		"frappe.modules.utils.export_customizations",
		"frappe.printing.page.print_format_builder.print_format_builder.create_custom_format",
		"frappe.realtime.can_subscribe_doctype",
		"frappe.utils.diff.version_query",
		"frappe.utils.global_search.search",
	}
)


class Look(NamedTuple):
	"""The right to a record that is asked for first: the arguments that hold its DocType (`=` before a fixed one) and name."""

	doctype: str
	name: str
	right: str = "read"


_NAMED = Look("doctype", "name")
_FOLLOWED = (Look("doctype", "doc_name"),)
_TAGGED = (Look("dt", "dn", "write"),)
_IMPORTED, _FILED = (Look("=Data Import", "data_import"),), (Look("=Data Import", "data_import_name"),)
_MAIL = (Look("=Communication", "communication", "write"),)
_ATTACHED = Look("=File", "attachments")

# Methods that ask nothing, or too late: the gate asks in their place, for a record of a scoped DocType and for what hangs on one.
CHECKED: dict[str, tuple[Look, ...]] = {
	"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply": (
		Look("doctype", "docnames", "write"),
	),
	"frappe.automation.doctype.reminder.reminder.create_new_reminder": (
		Look("reminder_doctype", "reminder_docname"),
	),
	"frappe.client.attach_file": (Look("doctype", "docname", "write"),),
	"frappe.client.is_document_amended": (Look("doctype", "docname"),),
	"frappe.core.api.file.get_attached_images": (Look("doctype", "names"),),
	"frappe.core.doctype.communication.email.make": (_ATTACHED,),
	"frappe.core.doctype.data_import.data_import.download_errored_template": _FILED,
	"frappe.core.doctype.data_import.data_import.download_import_log": _FILED,
	"frappe.core.doctype.data_import.data_import.form_start_import": _IMPORTED,
	"frappe.core.doctype.data_import.data_import.get_import_logs": _IMPORTED,
	"frappe.core.doctype.data_import.data_import.get_import_status": _FILED,
	"frappe.core.doctype.data_import.data_import.get_preview_from_template": _IMPORTED,
	"frappe.core.doctype.deleted_document.deleted_document.bulk_restore": (
		Look("=Deleted Document", "docnames"),
	),
	"frappe.core.doctype.deleted_document.deleted_document.restore": (Look("=Deleted Document", "name"),),
	"frappe.core.doctype.prepared_report.prepared_report.enqueue_json_to_csv_conversion": (
		Look("=Prepared Report", "prepared_report_name"),
	),
	"frappe.core.doctype.sms_settings.sms_settings.get_contact_number": (
		Look("=Contact", "contact_name"),
		Look("ref_doctype", "ref_name"),
	),
	"frappe.core.doctype.submission_queue.submission_queue.get_latest_submissions": (
		Look("doctype", "docname"),
	),
	"frappe.desk.doctype.event.event.delete_communication": (
		Look("reference_doctype", "reference_docname", "write"),
	),
	"frappe.desk.doctype.tag.tag.add_tag": _TAGGED,
	"frappe.desk.doctype.tag.tag.add_tags": (Look("dt", "docs", "write"),),
	"frappe.desk.doctype.tag.tag.remove_tag": _TAGGED,
	"frappe.desk.form.document_follow.follow_document": _FOLLOWED,
	"frappe.desk.form.document_follow.get_follow_users": _FOLLOWED,
	"frappe.desk.form.document_follow.unfollow_document": _FOLLOWED,
	"frappe.desk.form.document_follow.update_follow": _FOLLOWED,
	"frappe.desk.form.utils.get_next": (Look("doctype", "value"),),
	"frappe.desk.form.utils.update_comment_publicity": (Look("=Comment", "name"),),
	"frappe.desk.like.toggle_like": (_NAMED,),
	"frappe.email.inbox.mark_as_closed_open": _MAIL,
	"frappe.email.inbox.mark_as_spam": _MAIL,
	"frappe.email.inbox.mark_as_trash": _MAIL,
	"frappe.email.inbox.move_email": _MAIL,
	"frappe.email.relink": (
		Look("=Communication", "name", "write"),
		Look("reference_doctype", "reference_name", "write"),
	),
	"frappe.model.document.unlock_document": (Look("doctype", "name", "write"),),
	"frappe.printing.page.print.print.get_print_settings_to_show": (Look("doctype", "docname"),),
	"frappe.realtime.can_subscribe_doc": (Look("doctype", "docname"),),
	"frappe.realtime.has_permission": (_NAMED,),
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": (Look("doctype", "docname"),),
	"frappe.utils.file_manager.add_attachments": (_NAMED._replace(right="write"), _ATTACHED),
}

# Methods that take the name of another: where it stands. It gets its arguments by their places, so that nothing is called so
# whose arguments the gate would have to read.
NESTED = {
	SEARCH_LINK: "query",
	SEARCH_WIDGET: "query",
	"frappe.desk.treeview.get_all_nodes": "tree_method",
	"frappe.handler.upload_file": "method",
	"frappe.handler.uploadfile": "method",
	"frappe.model.mapper.make_mapped_doc": "method",
	"frappe.model.mapper.map_docs": "method",
}
OF_DOCUMENTS = frozenset(
	{"frappe.handler.run_doc_method", "frappe.handler.runserverobj", "frappe.api.v2.run_doc_method"}
)

# Methods that do for another user what they are told by anybody: only for oneself, or by who looks after users.
FOR_ONESELF = frozenset(
	{
		"frappe.core.doctype.user_permission.user_permission.get_user_permissions",
		"frappe.desk.form.document_follow.follow_document",
		"frappe.desk.form.document_follow.unfollow_document",
	}
)

# It sends whatever a System Manager writes to the database, past every rule; Administrator is what that is for.
CLOSED = frozenset({"frappe.desk.doctype.system_console.system_console.execute_code"})

# Arguments that hold words, and units and groups of goods that may be called like a DocType of ours.
PROSE = frozenset(
	{
		"comment",
		"content",
		"customer_group",
		"description",
		"item_code",
		"item_group",
		"item_name",
		"label",
		"message",
		"purchase_uom",
		"remarks",
		"sales_uom",
		"search_term",
		"stock_uom",
		"subject",
		"text",
		"title",
		"txt",
		"uom",
		"weight_uom",
	}
)

# Arguments that name no DocType and yet lead to one: (argument, DocType, its field).
LEADING = {
	"board_name": ("Kanban Board", "reference_doctype"),
	"notification": ("Notification", "document_type"),
	"web_form": ("Web Form", "doc_type"),
	"web_form_name": ("Web Form", "doc_type"),
}


@cache
def free() -> frozenset[str]:
	"""Methods that take no DocType: a word among their arguments is a word, or they look for the right themselves."""
	return frozenset((LISTS_FOLDER / "free.txt").read_text().split())


@cache
def by_arguments() -> frozenset[str]:
	"""Methods of which it is judged what they are asked, beside their name."""
	return LISTS | LOOK_UPS | RECORDS | CHECKED.keys()


@cache
def turned_back() -> frozenset[str]:
	"""Methods that were read and ask too little, or that nobody needs for governed records. What is in no list is closed too."""
	files = LISTS_FOLDER.glob("turned_back_*.txt")
	return frozenset(name for file in files for name in file.read_text().split())


def known() -> frozenset[str]:
	return _ours() | frozenset(frappe.get_hooks("govcrm_known_methods"))


@cache
def _ours() -> frozenset[str]:
	# Where a method is taken, what it calls by name is judged in its place.
	return LISTS | LOOK_UPS | RECORDS | OF_DOCTYPES | CHECKED.keys() | free()
