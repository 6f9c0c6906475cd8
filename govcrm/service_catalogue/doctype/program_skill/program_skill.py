from frappe.model.document import Document


class ProgramSkill(Document):
	"""One row of a table: program skill."""
