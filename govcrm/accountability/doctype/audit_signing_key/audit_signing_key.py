from frappe.model.document import Document


class AuditSigningKey(Document):
	"""A public key with which checkpoints are signed. The private key lies in a file outside the database."""
