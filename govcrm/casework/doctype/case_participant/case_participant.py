import frappe
from frappe import _
from frappe.model.document import Document

from govcrm import compat
from govcrm.casework.participation import participant_name

SAYS = ("case", "capacity", "user", "department", "source_doctype", "source_name")


class CaseParticipant(Document):
	"""Who takes part in a case. Written by `govcrm.casework.participation` alone, and never changed."""

	def autoname(self) -> None:
		self.name = participant_name(**{field: self.get(field) for field in SAYS})

	def validate(self) -> None:
		self.refuse_direct_edits()
		self.refuse_change()
		self.validate_one_party()

	def on_trash(self) -> None:
		self.refuse_direct_edits()

	def refuse_direct_edits(self) -> None:
		if not self.flags.by_system:
			frappe.throw(
				_("Who takes part in a case follows from its work. Assign it, give out a task or refer it."),
				frappe.PermissionError,
			)

	def refuse_change(self) -> None:
		if not self.is_new():
			frappe.throw(_("A participation ends and another begins. It is never changed."))

	def validate_one_party(self) -> None:
		if bool(self.user) == bool(self.department):
			frappe.throw(_("Either a user or a department takes part in a case: set one of them."))


def on_doctype_update() -> None:
	"""Who takes part in one case, asked by every scoped list, and in which cases somebody takes part."""
	compat.add_index("Case Participant", ["case", "user", "department"])
	compat.add_index("Case Participant", ["user", "case"])
	compat.add_index("Case Participant", ["department", "case"])
