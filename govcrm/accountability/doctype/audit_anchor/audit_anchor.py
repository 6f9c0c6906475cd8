from frappe.model.document import Document


class AuditAnchor(Document):
	"""A place outside the database that is told of checkpoints, so that nobody can put back an older log unseen."""
