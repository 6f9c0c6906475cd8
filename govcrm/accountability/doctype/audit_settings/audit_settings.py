from frappe.model.document import Document

from govcrm.accountability.guard import horizon


class AuditSettings(Document):
	"""How the audit log is sealed, exported and kept."""

	def validate(self) -> None:
		horizon.refuse_move(self.removed_to_seq)
