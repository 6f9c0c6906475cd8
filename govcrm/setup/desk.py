"""Desk records that an agency may edit: seeded if absent, never overwritten."""

import frappe

BOARD = "Cases by State"
# Column: colour. The columns are the state's categories, the same for the workflows of all programs.
COLUMNS = {"Open": "Blue", "Waiting": "Orange", "Closed": "Green", "Cancelled": "Gray"}
# Frappe shows on a card only what the list shows as well.
CARD_FIELDS = ["department", "workflow_state", "assignee", "priority", "deadline_status", "next_due"]


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


def _status(column: str) -> str:
	return "Archived" if column == "Cancelled" else "Active"
