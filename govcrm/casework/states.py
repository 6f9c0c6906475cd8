"""Reads the workflow that a case is pinned to."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.domain.cases import CLOSED
from govcrm.workflows import snapshot


def initial_state(version: str) -> tuple[str, str]:
	"""(state, category) in which cases of this program version begin: the first of the workflow."""
	first = snapshot.load(version).states[0]
	return first.state, first.state_category


def first_closed_state(version: str) -> tuple[str, str]:
	"""(state, category) that history closed elsewhere arrives in: the first closed one of the workflow."""
	rows = snapshot.load(version).states
	closed = next((row for row in rows if row.state_category == CLOSED), None)
	if not closed:
		frappe.throw(_("The workflow of {0} has no closed state.").format(version))
	return closed.state, closed.state_category


def state_row(workflow: Document, state: str) -> Document:
	"""The row of the workflow that describes a state."""
	found = next((row for row in workflow.states if row.state == state), None)
	if not found:
		frappe.throw(_("The workflow of this case has no state {0}.").format(frappe.bold(_(state))))
	return found
