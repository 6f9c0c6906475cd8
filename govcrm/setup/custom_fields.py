"""Fields the app adds to Frappe's own DocTypes."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

# A row marks its field as the app's own (`module`), so that it is found again when the app is removed.
FIELDS = {
	"Workflow Document State": [
		{
			"fieldname": "state_category",
			"fieldtype": "Select",
			"label": "Category",
			"options": "\nOpen\nWaiting\nClosed\nCancelled",
			"insert_after": "state",
			"in_list_view": 1,
			"module": "Casework",
			"mandatory_depends_on": 'eval:parent.document_type == "Case"',
			"description": (
				"What this state means for a case. Open: somebody works on it. Waiting: nobody can go on until"
				" something arrives. Closed: decided or done. Cancelled: ended without a result."
			),
		}
	]
}


def make() -> None:
	"""Create the fields or bring them up to date. May be run any number of times."""
	create_custom_fields(FIELDS, update=True)


def remove() -> None:
	"""Delete the fields again, with what they hold."""
	for doctype, fields in FIELDS.items():
		for field in fields:
			frappe.delete_doc_if_exists("Custom Field", f"{doctype}-{field['fieldname']}", force=1)
