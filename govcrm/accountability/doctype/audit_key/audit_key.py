from frappe.model.document import Document


class AuditKey(Document):
	"""The key of one matter. Destroying it makes the values in its events unreadable for ever."""
