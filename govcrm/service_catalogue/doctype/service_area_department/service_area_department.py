from frappe.model.document import Document


class ServiceAreaDepartment(Document):
	"""Which department works in an area for a group of programs; without a group, for all others."""
