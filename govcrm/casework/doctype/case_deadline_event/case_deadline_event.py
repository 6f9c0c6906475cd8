from frappe.model.document import Document

from govcrm import compat


class CaseDeadlineEvent(Document):
	"""What happened to a clock of a case. With its rule and calendar it gives the due date again."""


def on_doctype_update() -> None:
	"""What is still to be carried out, in order of time, and the history of a case."""
	compat.add_index("Case Deadline Event", ["pending", "try_at", "creation"])
	compat.add_index("Case Deadline Event", ["case", "at_utc"])
