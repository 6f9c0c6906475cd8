from frappe.model.document import Document


class AuditRow(Document):
	"""What the log last said of a record: derived from sealed events, for the reconciliation."""
