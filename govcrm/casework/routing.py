"""Which department a new request goes to."""

import frappe
from frappe.model.document import Document


def responsible_department(version: Document) -> str | None:
	"""Return the first department in service of: the version's, the program's, the agency's default."""
	candidates = (
		version.default_department,
		frappe.get_cached_value("Agency Program", version.program, "department"),
		frappe.get_cached_doc("GovCRM Settings").default_department,
	)
	for department in candidates:
		if department and frappe.get_cached_value("Agency Department", department, "active"):
			return department
	return None
