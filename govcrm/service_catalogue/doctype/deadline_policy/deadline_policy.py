from frappe.model.document import Document


class DeadlinePolicy(Document):
	"""What must be done by when, and what follows if not. Published versions of programs keep the copy they were published with."""
