from frappe.model.document import Document


class AuditSeal(Document):
	"""A signed checkpoint of the audit log: how many events it holds and the root of their tree."""
