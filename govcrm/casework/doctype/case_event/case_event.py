from frappe.model.document import Document


class CaseEvent(Document):
	pass
