from frappe.model.document import Document


class AuditTile(Document):
	"""The hash of 256 leaves of the audit tree, kept so that proofs need not read the log again."""
