"""Fields above a user's level, where Frappe lets them be written."""

import frappe
from frappe.model.document import Document


def keep_rows(doc: Document, method: str | None = None) -> None:
	"""Doc event: in rows of a new record they become what they are by default. Frappe sees to them from the second save on."""
	if not doc.flags.in_insert or doc.doctype not in frappe.get_hooks("govcrm_scoped_doctypes"):
		return
	if doc.flags.ignore_permissions or frappe.session.user == "Administrator" or frappe.flags.in_install:
		return
	for table in doc.meta.get_table_fields():
		if raised := frappe.get_meta(table.options).get_high_permlevel_fields():
			_reset(doc, doc.get(table.fieldname), raised)


def _reset(doc: Document, rows: list[Document], raised: list) -> None:
	allowed = doc.get_permlevel_access()
	for row in rows:
		row.reset_values_if_no_permlevel_access(allowed, raised)
