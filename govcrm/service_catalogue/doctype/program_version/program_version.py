from frappe.model.document import Document


class ProgramVersion(Document):
	pass
