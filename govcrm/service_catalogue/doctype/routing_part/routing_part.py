from frappe.model.document import Document


class RoutingPart(Document):
	"""One row of a table: routing part."""
