from frappe.model.document import Document


class AuditReconciliation(Document):
	"""A comparison of every governed row with what the audit log last said of it."""
