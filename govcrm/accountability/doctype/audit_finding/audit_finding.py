from frappe.model.document import Document


class AuditFinding(Document):
	"""A record that was changed, made or removed behind the application's back, or damage of the log itself."""
