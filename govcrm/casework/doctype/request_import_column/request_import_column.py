from frappe.model.document import Document


class RequestImportColumn(Document):
	pass
