from frappe.model.document import Document


class AuditExport(Document):
	"""A period of the audit log in one file that can be verified without this site."""
