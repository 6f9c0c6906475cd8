from frappe.model.document import Document


class CitizenContactPoint(Document):
	pass
