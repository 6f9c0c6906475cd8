import frappe
from frappe import _
from frappe.model.document import Document

from govcrm import compat


class CaseEvent(Document):
	"""One act on a case. Written once by `govcrm.casework.events`, never changed."""

	def validate(self) -> None:
		if not self.is_new():
			frappe.throw(_("What was done on a case cannot be rewritten."), frappe.PermissionError)

	def on_trash(self) -> None:
		frappe.throw(_("What was done on a case cannot be deleted."), frappe.PermissionError)


def on_doctype_update() -> None:
	compat.add_index("Case Event", ["case", "creation"])
