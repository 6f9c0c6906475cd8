from frappe.model.document import Document


class DeadlineMilestone(Document):
	"""One row of a table: deadline milestone."""
