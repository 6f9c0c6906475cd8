from frappe.model.document import Document


class AuditAnchorReceipt(Document):
	"""That a checkpoint was taken to an anchor, and what came back."""
