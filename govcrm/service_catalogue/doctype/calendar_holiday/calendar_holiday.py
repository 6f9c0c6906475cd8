from frappe.model.document import Document


class CalendarHoliday(Document):
	"""One row of a table: calendar holiday."""
