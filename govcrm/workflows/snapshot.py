"""The copy of a workflow that a program version pins, and the Workflow document made of it again.

A published version never looks at the Workflow record any more: an admin may redraw the record for the next
version while running cases go on under the copy.
"""

import json

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.caching import site_cache

from govcrm.domain.workflow import WorkflowModel, from_dict

# Everything that decides what a case may do; layout of the builder and e-mail settings stay behind.
STATE_FIELDS = (
	"state",
	"state_category",
	"allow_edit",
	"update_field",
	"update_value",
	"message",
	"is_optional_state",
)
TRANSITION_FIELDS = ("state", "action", "next_state", "allowed", "allow_self_approval", "condition")


class NotPublished(frappe.ValidationError):
	"""The program version has no pinned workflow yet."""


def take(workflow_name: str) -> dict:
	"""Copy what decides about a case from the Workflow record into plain data fit for JSON."""
	return of_document(frappe.get_cached_doc("Workflow", workflow_name))


def of_document(workflow: Document) -> dict:
	"""Same as `take`, for a Workflow document at hand, saved or not."""
	return {
		"name": workflow.name or workflow.workflow_name,
		"states": [_pick(row, STATE_FIELDS) for row in workflow.states],
		"transitions": [_pick(row, TRANSITION_FIELDS) for row in workflow.transitions],
	}


def load(program_version: str) -> Document:
	"""The pinned workflow of a version as a Workflow document in memory, for reading only.

	Fit for `frappe.model.workflow.get_transitions(case, workflow=…)`. It is kept per process and shared by
	all requests of a site, so nobody may change or save it.

	Raises `NotPublished` if nothing is pinned.
	"""
	modified = frappe.get_cached_value("Program Version", program_version, "modified")
	return _build(program_version, str(modified))


def model(program_version: str) -> WorkflowModel:
	"""The pinned workflow of a version as the checker and other pure rules see it."""
	return from_dict(pinned(program_version))


def pinned(program_version: str) -> dict:
	"""The pinned data of a version as `take` gave them. Raises `NotPublished` if nothing is pinned."""
	text = frappe.get_cached_value("Program Version", program_version, "workflow_snapshot")
	if not text:
		frappe.throw(
			_("Version {0} is not published: no workflow is pinned to it. Publish the version first.").format(
				program_version
			),
			NotPublished,
		)
	return json.loads(text) if isinstance(text, str) else text


# Keyed by `modified` as well: whatever is saved or rolled back, an entry never speaks for another content.
@site_cache(maxsize=256)
def _build(program_version: str, modified: str) -> Document:
	return to_document(pinned(program_version))


def to_document(snapshot: dict) -> Document:
	"""A Workflow document in memory, inactive, never saved, made of the data `take` gave."""
	return frappe.get_doc(
		{
			"doctype": "Workflow",
			"name": snapshot["name"],
			"workflow_name": snapshot["name"],
			"document_type": "Case",
			"workflow_state_field": "workflow_state",
			"is_active": 0,
			"states": [dict(row, doc_status="0") for row in snapshot["states"]],
			"transitions": snapshot["transitions"],
		}
	)


def _pick(row: Document, fields: tuple[str, ...]) -> dict:
	return {field: row.get(field) for field in fields if row.get(field) not in (None, "")}
