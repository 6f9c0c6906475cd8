from frappe.model.document import Document


class RequestFollower(Document):
	pass
