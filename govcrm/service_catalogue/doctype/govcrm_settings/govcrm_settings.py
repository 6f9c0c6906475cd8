import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

BOUNDS = {"emergency_hours": (1, 72), "emergency_review_days": (1, 30)}


class GovCRMSettings(Document):
	def validate(self) -> None:
		self.validate_bounds()

	def validate_bounds(self) -> None:
		"""An emergency that lasts for months is a permission, which somebody else gives."""
		for field, (least, most) in BOUNDS.items():
			if self.get(field) and not least <= cint(self.get(field)) <= most:
				message = _("{0}: from {1} to {2}.")
				frappe.throw(message.format(_(self.meta.get_label(field)), least, most))
