from frappe.model.document import Document


class RoutingRule(Document):
	"""One row of a table: routing rule."""
