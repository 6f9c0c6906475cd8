from frappe.model.document import Document


class ServiceRequest(Document):
	pass
