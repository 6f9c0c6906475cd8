"""Desk records that an agency may edit: seeded if absent, never overwritten."""

import frappe

BOARD = "Cases by State"
# Column: colour. The columns are the state's categories, the same for the workflows of all programs.
COLUMNS = {"Open": "Blue", "Waiting": "Orange", "Closed": "Green", "Cancelled": "Gray"}
# Frappe shows on a card only what the list shows as well.
CARD_FIELDS = ["department", "workflow_state", "assignee", "priority", "deadline_status", "next_due"]

AUDIT_LIST = "Audit Event"
# Each of these would read more of a log of millions than the page that is shown.
QUIET = (
	"disable_count",
	"disable_sidebar_stats",
	"disable_comment_count",
	"disable_auto_refresh",
	"disable_automatic_recency_filters",
)


def seed_boards() -> None:
	"""Make the board of cases by state category, unless there is a board of cases already."""
	if frappe.db.exists("Kanban Board", {"reference_doctype": "Case"}):
		return
	board = frappe.new_doc("Kanban Board")
	board.update(
		{
			"kanban_board_name": BOARD,
			"reference_doctype": "Case",
			"field_name": "state_category",
			"fields": frappe.as_json(CARD_FIELDS, indent=None),
			"show_labels": 1,
		}
	)
	board.insert()
	# Only now: on insert Frappe would write the names of all cases into the columns.
	for column, indicator in COLUMNS.items():
		board.append("columns", {"column_name": column, "indicator": indicator, "status": _status(column)})
	board.save()


def seed_audit_list() -> None:
	"""What the list of audit events does not do: count, refresh itself, or show only the last 90 days."""
	if frappe.db.exists("List View Settings", AUDIT_LIST):
		return
	settings = frappe.new_doc("List View Settings", name=AUDIT_LIST)
	settings.update(dict.fromkeys(QUIET, 1))
	settings.insert(ignore_permissions=True)  # set-up, for no user


def _status(column: str) -> str:
	return "Archived" if column == "Cancelled" else "Active"
