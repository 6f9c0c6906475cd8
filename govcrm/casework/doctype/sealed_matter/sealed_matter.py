import frappe
from frappe import _
from frappe.model.document import Document


class SealedMatter(Document):
	"""What a sealed case says, as cipher text. Written by `govcrm.casework.sealed.matter` alone."""

	def validate(self) -> None:
		self.refuse_direct_edits()

	def on_trash(self) -> None:
		self.refuse_direct_edits()

	def refuse_direct_edits(self) -> None:
		if not self.flags.by_act:
			message = _("What is sealed is read and written in the form of its case.")
			frappe.throw(message, frappe.PermissionError)
