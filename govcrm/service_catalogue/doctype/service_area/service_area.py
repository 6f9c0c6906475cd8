from frappe.model.document import Document


class ServiceArea(Document):
	"""A district, ward or zone with its boundary. Says which department works there for which programs."""
