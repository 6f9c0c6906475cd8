from frappe.model.document import Document


class StaffSkill(Document):
	"""One row of a table: staff skill."""
