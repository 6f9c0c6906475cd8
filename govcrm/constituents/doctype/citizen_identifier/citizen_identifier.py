from frappe.model.document import Document


class CitizenIdentifier(Document):
	pass
