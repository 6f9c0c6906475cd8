"""Bring the shipped workflow definitions onto the site: what is there already belongs to the agency."""

import json
from pathlib import Path

import frappe

from govcrm.workflows import layout, snapshot

DEFINITIONS = Path(__file__).parent / "definitions"
STYLES = {"Open": "Primary", "Waiting": "Warning", "Closed": "Success", "Cancelled": "Inverse"}


def sync_workflow(definition: dict) -> None:
	"""Insert the Workflow, Workflow State and Workflow Action Master records of a definition that are missing.

	Never changes a record that exists. Needs the roles and the custom field `state_category` to be there.
	"""
	for row in definition["states"]:
		_seed("Workflow State", row["state"], style=STYLES[row["state_category"]])
	for row in definition["transitions"]:
		_seed("Workflow Action Master", row["action"])
	_seed_workflow(definition)


def definitions() -> list[dict]:
	"""The shipped definitions, in the form `snapshot.take` gives, ordered by file name."""
	return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(DEFINITIONS.glob("*.json"))]


def _seed_workflow(definition: dict) -> None:
	if frappe.db.exists("Workflow", definition["name"]):
		return
	drawn = layout.lay_out(definition)
	workflow = snapshot.to_document(drawn)
	workflow.workflow_data = drawn["workflow_data"]
	workflow.insert()


def _seed(doctype: str, name: str, **values) -> None:
	if frappe.db.exists(doctype, name):
		return
	title_field = frappe.get_meta(doctype).autoname.removeprefix("field:")
	frappe.get_doc({"doctype": doctype, title_field: name, **values}).insert()
