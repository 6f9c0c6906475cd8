from frappe.model.document import Document


class IntakeQuestion(Document):
	pass
