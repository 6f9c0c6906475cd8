"""Kanban boards of governed records.

Dragging a card writes a field; a case changes by its verbs, which ask for a reason. A board of cases therefore
shows where things stand, and says how to move them. Nor does it keep an order of cards: Frappe writes the names of
all cards into the board, which everybody may read.
"""

from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.kanban_board import kanban_board
from frappe.model.document import Document
from frappe.utils import get_link_to_form

from govcrm.gate.governed import is_scoped


def update_order(board_name: str, order: str | dict) -> tuple[Document, list]:
	"""Leave the board of a governed DocType as it is; no card has changed its column."""
	board = frappe.get_doc("Kanban Board", board_name)
	if not is_scoped(board.reference_doctype):
		return kanban_board.update_order(
			board_name, order if isinstance(order, str) else frappe.as_json(order)
		)
	board.check_permission()
	return board, []


def move_card(board_name: str, docname: str, from_colname: str, to_colname: str, *indexes: Any) -> Document:
	"""Refuse to move a governed record to another column, and say what to do instead."""
	board = frappe.get_doc("Kanban Board", board_name)
	if not is_scoped(board.reference_doctype):
		return kanban_board.update_order_for_single_card(
			board_name, docname, from_colname, to_colname, *indexes
		)
	board.check_permission()
	if from_colname != to_colname:
		_refuse_move(board.reference_doctype, docname)
	return board


def _refuse_move(doctype: str, name: str) -> None:
	link = get_link_to_form(doctype, name, _("Open {0}").format(name))
	frappe.throw(
		_("A card is not moved by dragging: choose an action on the record, which keeps who did it and why.")
		+ f"<br>{link}",
		title=_("Not Moved"),
	)
