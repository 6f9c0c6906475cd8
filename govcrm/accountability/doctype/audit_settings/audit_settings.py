import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from govcrm.accountability.guard import AppendOnlyError, is_open


class AuditSettings(Document):
	"""How the audit log is sealed, exported and kept."""

	def validate(self) -> None:
		self.keep_horizon()

	def keep_horizon(self) -> None:
		"""Rows up to it may be deleted (`govcrm.accountability.guard.triggers`), so only the retention of the log moves it."""
		stored = frappe.db.get_single_value(self.doctype, "removed_to_seq", cache=False)
		if cint(self.removed_to_seq) != cint(stored) and not is_open():
			message = _("Up to where events were removed is set by the retention of the log alone.")
			frappe.throw(message, AppendOnlyError)
