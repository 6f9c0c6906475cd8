from frappe.model.document import Document


class Citizen(Document):
	pass
