from frappe.model.document import Document


class RequestImportMapping(Document):
	pass
