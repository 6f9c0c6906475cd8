from frappe.model.document import Document


class StaffLanguage(Document):
	"""One row of a table: staff language."""
