from frappe.model.document import Document


class RoutingPart(Document):
	"""Work that another department gets with the case: see `govcrm.casework.parts`."""
