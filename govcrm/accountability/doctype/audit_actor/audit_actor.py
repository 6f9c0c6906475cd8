from frappe.model.document import Document


class AuditActor(Document):
	"""The pseudonym under which a user stands in the audit log."""
