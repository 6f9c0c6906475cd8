from frappe.model.document import Document


class BusinessCalendar(Document):
	"""When an agency works: hours, holidays and exceptions, in a time zone. Working time of deadlines is counted on it."""
