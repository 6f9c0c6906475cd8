from frappe.model.document import Document


class RequestImportDeadline(Document):
	pass
