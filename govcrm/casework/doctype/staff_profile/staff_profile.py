from frappe.model.document import Document


class StaffProfile(Document):
	"""What a member of staff can do and when they are there, for giving out work."""
