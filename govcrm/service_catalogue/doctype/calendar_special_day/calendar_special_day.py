from frappe.model.document import Document


class CalendarSpecialDay(Document):
	"""One row of a table: calendar special day."""
