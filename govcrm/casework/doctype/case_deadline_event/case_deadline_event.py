from frappe.model.document import Document


class CaseDeadlineEvent(Document):
	"""What happened to a clock of a case. With its rule and calendar it gives the due date again."""
