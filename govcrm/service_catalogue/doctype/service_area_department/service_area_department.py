from frappe.model.document import Document


class ServiceAreaDepartment(Document):
	"""One row of a table: service area department."""
