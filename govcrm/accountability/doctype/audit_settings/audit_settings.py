from frappe.model.document import Document


class AuditSettings(Document):
	"""How the audit log is sealed, exported and kept."""
