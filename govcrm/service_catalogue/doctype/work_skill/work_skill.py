from frappe.model.document import Document


class WorkSkill(Document):
	"""Something a person must be able to do to work a case: an inspection licence, a trade, a field of law."""
