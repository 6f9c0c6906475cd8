"""Where a department stands in the tree is two columns that Frappe shifts in all rows at once, past their documents.

The access rule reads them, so the audit trail is told of every department that a change may have shifted.
"""

import frappe
from frappe.model.document import Document

from govcrm.accountability import trail

DEPARTMENT, PARENT = "Agency Department", "parent_agency_department"


def after_change(doc: Document, method: str | None = None) -> None:
	"""Doc event: a department was made or moved to another place. What is said of itself comes after this."""
	before = doc.get_doc_before_save()
	if doc.flags.in_insert or (before and before.get(PARENT) != doc.get(PARENT)):
		tell(doc)


def after_removal(doc: Document, method: str | None = None) -> None:
	"""Doc event: the others have closed up."""
	tell(doc)


def tell(doc: Document) -> None:
	others = frappe.get_all(DEPARTMENT, {"name": ("!=", doc.name)}, pluck="name", order_by="name")
	if others and trail.ready():
		rows = [(DEPARTMENT, name, row) for name, row in trail.rows.stored(DEPARTMENT, others)]
		trail.record("shift", DEPARTMENT, doc.name, rows=rows)
