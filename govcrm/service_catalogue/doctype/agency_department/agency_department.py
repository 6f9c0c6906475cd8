from frappe.model.document import Document


class AgencyDepartment(Document):
	pass
