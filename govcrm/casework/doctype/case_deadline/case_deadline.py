from frappe.model.document import Document


class CaseDeadline(Document):
	"""One clock of a case: what must be done by when. Computed from its events, its rule and its calendar; never edited."""
