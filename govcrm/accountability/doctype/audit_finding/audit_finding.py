import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.guard import is_open
from govcrm.accountability.reconciling import accepting

EXPLAINED = "Explained"


class AuditFinding(Document):
	"""A record that was changed, made or removed behind the application's back, or damage of the log itself."""

	def validate(self) -> None:
		self.keep_what_was_found()
		self.require_explanation()

	def on_update(self) -> None:
		self.accept_what_is_explained()

	def on_trash(self) -> None:
		frappe.throw(_("Findings stay. Explain this one, with what became known about it."))

	def keep_what_was_found(self) -> None:
		"""People explain; only the reconciliation says what is open or gone."""
		before = self.get_doc_before_save()
		if before and before.status != self.status and self.status != EXPLAINED and not is_open():
			frappe.throw(_("A finding can be explained. Whether it still holds is found out by the reconciliation."))

	def require_explanation(self) -> None:
		if self.status == EXPLAINED and not (self.explanation or "").strip():
			frappe.throw(_("Explain what happened to the record, and who looked into it."), title=_("Explanation"))

	def accept_what_is_explained(self) -> None:
		before = self.get_doc_before_save()
		if self.status == EXPLAINED and before and before.status != EXPLAINED:
			accepting.accept(self)
