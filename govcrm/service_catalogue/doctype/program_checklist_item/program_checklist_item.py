from frappe.model.document import Document


class ProgramChecklistItem(Document):
	pass
