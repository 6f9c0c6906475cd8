from frappe.model.document import Document


class Recusal(Document):
	"""A person who must not work on a case: kinship, interest, an earlier decision."""
