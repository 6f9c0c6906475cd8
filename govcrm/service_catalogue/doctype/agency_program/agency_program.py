from frappe.model.document import Document


class AgencyProgram(Document):
	pass
