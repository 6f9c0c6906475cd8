from frappe.model.document import Document


class DeadlineEscalation(Document):
	"""One row of a table: deadline escalation."""
