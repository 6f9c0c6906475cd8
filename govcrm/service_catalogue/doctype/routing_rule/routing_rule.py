from frappe.model.document import Document


class RoutingRule(Document):
	"""One rule of a program version: see `govcrm.domain.routing`."""
