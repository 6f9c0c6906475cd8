from frappe.model.document import Document


class RequestImport(Document):
	pass
