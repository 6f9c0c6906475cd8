from frappe.model.document import Document


class CaseParticipant(Document):
	pass
