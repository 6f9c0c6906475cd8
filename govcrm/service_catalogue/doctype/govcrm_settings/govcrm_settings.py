import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from govcrm.domain.files import kinds

BOUNDS = {
	"emergency_hours": (1, 72),
	"emergency_review_days": (1, 30),
	"evidence_days_aside": (7, 3650),
	"smallest_count_shown": (3, 100),
}


class GovCRMSettings(Document):
	def validate(self) -> None:
		self.validate_bounds()
		self.validate_file_kinds()

	def validate_bounds(self) -> None:
		"""An emergency that lasts for months is a permission, which somebody else gives."""
		for field, (least, most) in BOUNDS.items():
			if self.get(field) and not least <= cint(self.get(field)) <= most:
				message = _("{0}: from {1} to {2}.")
				frappe.throw(message.format(_(self.meta.get_label(field)), least, most))

	def validate_file_kinds(self) -> None:
		chosen = (self.file_kinds or "").replace(",", " ").lower().split()
		if unknown := kinds.unknown(chosen):
			message = _("These kinds of files are not known: {0}. Known are: {1}.")
			frappe.throw(message.format(", ".join(unknown), ", ".join(sorted(kinds.KINDS))))
		self.file_kinds = "\n".join(chosen)
