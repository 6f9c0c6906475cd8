from frappe.model.document import Document


class CaseTask(Document):
	pass
