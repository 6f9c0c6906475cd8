"""Frappe's methods, and what each asks by itself when it is called about a governed record.

Each was read in Frappe 15 and 16. A method that is named neither here nor in `lists/` is turned back when it names a
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


def _named(file: str) -> frozenset[str]:
	return frozenset((LISTS_FOLDER / f"{file}.txt").read_text().split())


# Lists: Frappe's query builder for lists, which both hooks narrow, once its terms say no more than names.
LISTS = _named("lists") | {LIST}
SEARCH_LINK, SEARCH_WIDGET = "frappe.desk.search.search_link", "frappe.desk.search.search_widget"
LOOK_UPS = frozenset({SEARCH_LINK, SEARCH_WIDGET})

# One record: loaded, and asked for the right.
RECORDS = _named("records") | {NEW, RECORD}

# About the DocType and not about its records, or about one's own settings of it.
OF_DOCTYPES = _named("of_doctypes") | {ABOUT}


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
	return _named("free")


@cache
def by_arguments() -> frozenset[str]:
	"""Methods of which it is judged what they are asked, beside their name."""
	return LISTS | LOOK_UPS | RECORDS | CHECKED.keys()


@cache
def turned_back() -> frozenset[str]:
	"""Methods that were read and ask too little, or that nobody needs for governed records. What is in no list is closed too."""
	return frozenset().union(*(_named(file.stem) for file in LISTS_FOLDER.glob("turned_back_*.txt")))


def known() -> frozenset[str]:
	return _ours() | frozenset(frappe.get_hooks("govcrm_known_methods"))


@cache
def _ours() -> frozenset[str]:
	# Where a method is taken, what it calls by name is judged in its place.
	return LISTS | LOOK_UPS | RECORDS | OF_DOCTYPES | CHECKED.keys() | free()
