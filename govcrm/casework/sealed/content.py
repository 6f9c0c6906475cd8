"""Which fields of a record say something, and what stands there while the case is sealed.

Whatever is not named here as needed for work is content: a field that somebody adds tomorrow is sealed from the first day.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.meta import Meta

KEPT = {
	"Case": """program program_version department assignee workflow_state state_category priority confidentiality
		opened_datetime expected_datetime next_due next_deadline deadline_status waiting_until closed_datetime parent_case
		holds_parent join_rule join_count shared""",
	# `source` and `source_id` keep an import from opening in plain sight what was sealed here.
	"Service Request": """program program_version department status channel priority confidentiality case anonymous
		requested_datetime updated_datetime expected_datetime closed_datetime source source_id idempotency_key""",
	"Request Follower": "channel since idempotency_key",
	"Case Access Grant": """case user kind opens status valid_from valid_to decided_by decided_at review_due finding
		reviewed_by reviewed_at""",
	"Case Deadline": """case label milestone nature status breached due started_at paused_at stopped_at breached_at program
		program_version department service_area calendar amount unit elapsed_seconds paused_seconds extensions
		warned_percent due_utc next_at next_kind next_percent rule""",
	# `detail` is a word of the clocks: they are derived from it.
	"Case Deadline Event": """case_deadline case kind at at_utc actor detail percent amount unit due_before due_after pending
		try_at attempts""",
	"Case Event": "case verb action actor at from_state to_state from_category to_category",
	"Case Participant": "case capacity user department since source_doctype source_name",
	"Case Task": """case status due assigned_to assigned_department required required_for_state hold_until completed_at
		completed_by""",
	"Interaction": "channel direction occurred_at agent service_request case",
	"Recusal": "user case citizen valid_from valid_to",
	# Of Frappe's records those that people write. Of its copies see `govcrm.casework.sealed.copies`.
	"Comment": """comment_type comment_email comment_by reference_doctype reference_name reference_owner published seen
		ip_address""",
	"Communication": """communication_medium communication_type comment_type sent_or_received reference_doctype
		reference_name reference_owner status delivery_status communication_date email_status user seen read_receipt
		read_by_recipient read_by_recipient_on has_attachment email_account unread_notification_sent in_reply_to message_id
		uid imap_folder send_after rating feedback_request timeline_links""",
	"Communication Link": "link_doctype",
	"ToDo": """status priority color date allocated_to assigned_by assigned_by_full_name reference_type reference_name role
		assignment_rule""",
}
WRITTEN = ("Comment", "Communication", "ToDo")  # of the satellites
NUMBERS = frozenset({"Check", "Currency", "Duration", "Float", "Int", "Long Int", "Percent", "Rating"})
TEXTS = frozenset(
	{"Code", "Data", "HTML Editor", "Long Text", "Markdown Editor", "Small Text", "Text", "Text Editor"}
)
NEUTRAL = "Sealed"
SHOWN = {("Comment", "content")}  # an empty one would look like a fault

Words = dict[str, Any]


def is_covered(doctype: str) -> bool:
	"""Whether records of this DocType can belong to a case: those of the access rule, and what people write on them."""
	return doctype in WRITTEN or (
		doctype in frappe.get_hooks("govcrm_scoped_doctypes") and doctype not in _APART
	)


def fields_of(meta: Meta) -> list:
	"""The fields that say something."""
	kept = KEPT.get(meta.name, "").split()
	skipped = {*no_value_fields, *table_fields}
	return [
		field
		for field in meta.fields
		if field.fieldtype not in skipped and field.fieldname not in kept and not field.get("is_virtual")
	]


def words_in(meta: Meta, row: Mapping[str, Any]) -> Words:
	"""{field: value} of what the row says that is not neutral."""
	found = {field.fieldname: row.get(field.fieldname) for field in fields_of(meta)}
	neutral = neutral_values(meta, row.get("name"))
	return {
		name: value
		for name, value in found.items()
		if value not in (None, "", 0, neutral.get(name)) and not isinstance(value, list | dict)
	}


def neutral_values(meta: Meta, name: str | None) -> Words:
	"""What stands in these fields while the case is sealed."""
	return {field.fieldname: _neutral(meta, field, name) for field in fields_of(meta)}


def subject_for(case: str | None) -> str:
	return f"Sealed case {case}"


def rows_of(doc) -> Iterator:
	"""The document, and the rows of its tables."""
	yield doc
	yield from doc.get_all_children()


def label_of(doctype: str, field: str) -> str:
	return _(frappe.get_meta(doctype).get_label(field))


def _neutral(meta: Meta, field, name: str | None) -> Any:
	if meta.name == "Case" and field.fieldname == "subject":
		return subject_for(name)
	if field.fieldtype in NUMBERS:
		return 0
	needed = field.reqd or (meta.name, field.fieldname) in SHOWN
	return NEUTRAL if needed and field.fieldtype in TEXTS else None


# Of the DocTypes of the rule: who people are is fenced by itself, and what is sealed lies here.
_APART = frozenset(
	{"Citizen", "Citizen Contact Point", "Citizen Identifier", "Sealed Evidence", "Sealed Matter"}
)
