from frappe.model.document import Document


class AuditEvent(Document):
	"""One act: who did what, when, from where and why. Appended with the change it tells of, never changed, sealed within seconds."""
