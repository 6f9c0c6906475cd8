from frappe.model.document import Document


class CalendarHours(Document):
	"""One row of a table: calendar hours."""
