from frappe.model.document import Document

from govcrm import compat


class CaseDeadline(Document):
	"""One clock of a case: what must be done by when. Computed from its events, its rule and its calendar; never edited."""


def on_doctype_update() -> None:
	"""What the sweep looks for, the clocks of a case, and open ones in order of time."""
	compat.add_index("Case Deadline", ["next_at", "case"])
	compat.add_index("Case Deadline", ["case", "status"])
	compat.add_index("Case Deadline", ["status", "due"])
