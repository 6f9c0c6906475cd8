import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.guard import is_open
from govcrm.accountability.reconciling import accepting
from govcrm.accountability.reconciling.checking import MISSING_COLUMN

EXPLAINED = "Explained"


class AuditFinding(Document):
	"""A record that was changed, made or removed behind the application's back, or damage of the log itself."""

	def validate(self) -> None:
		self.keep_what_was_found()
		self.require_explanation()
		self.keep_missing_columns_open()

	def on_update(self) -> None:
		self.accept_what_is_explained()

	def on_trash(self) -> None:
		frappe.throw(_("Findings stay. Explain this one, with what became known about it."))

	def keep_what_was_found(self) -> None:
		"""People explain; only the reconciliation says what is open or gone."""
		before = self.get_doc_before_save()
		if before and before.status != self.status and self.status != EXPLAINED and not is_open():
			frappe.throw(
				_("A finding can be explained. Whether it still holds is found out by the reconciliation.")
			)

	def require_explanation(self) -> None:
		if self.status == EXPLAINED and not (self.explanation or "").strip():
			frappe.throw(
				_("Explain what happened to the record, and who looked into it."), title=_("Explanation")
			)

	def keep_missing_columns_open(self) -> None:
		"""An explanation would leave a table that nobody watches, and nobody hears of any more."""
		if self.status == EXPLAINED and self.kind == MISSING_COLUMN:
			message = _(
				"While the column is missing, records are compared with nothing. Make it again (bench --site {0} execute "
				"frappe.db.updatedb --args \"['{1}']\") and reconcile: this finding is then gone, and records that lost a "
				"value have findings of their own, which can be explained."
			)
			frappe.throw(message.format(frappe.local.site, self.reference_doctype), title=_("Column Missing"))

	def accept_what_is_explained(self) -> None:
		before = self.get_doc_before_save()
		if self.status == EXPLAINED and before and before.status != EXPLAINED:
			accepting.accept(self)
