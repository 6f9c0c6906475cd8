from frappe.model.document import Document


class GovCRMSettings(Document):
	pass
