import frappe
from frappe import _

from govcrm import compat
from govcrm.accountability import trail
from govcrm.casework.grants import deciding, reviewing
from govcrm.guarded import GuardedDocument


class CaseAccessGrant(GuardedDocument):
	"""One case opened to one person. Changed by its verbs alone; what it opens ends by the clock."""

	def validate(self) -> None:
		self.refuse_direct_edits()

	def on_trash(self) -> None:
		frappe.throw(_("A permission is not deleted. End it."), frappe.PermissionError)

	def onload(self) -> None:
		self.set_onload("verbs", deciding.verbs_for(self) + reviewing.verbs_for(self))

	def refuse_direct_edits(self) -> None:
		if not self.flags.by_verb:
			message = _(
				"Open the case and use its buttons: a permission is given, ended and reviewed by them."
			)
			frappe.throw(message, frappe.PermissionError)

	def stored(self) -> "CaseAccessGrant":
		"""As it is stored, and held: what a caller's copy says of whom and of which case is not believed."""
		return frappe.get_doc(self.doctype, self.name, for_update=True)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def give(self, valid_to: str, authority: str, opens: str | None = None) -> None:
		"""Grant what was asked for until `valid_to`. `opens` gives less, or more, than was asked."""
		deciding.give(self.stored(), valid_to, authority, opens)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def refuse(self, note: str) -> None:
		deciding.refuse(self.stored(), note)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def end(self, note: str) -> None:
		"""End it before its time."""
		deciding.end(self.stored(), note)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def review(self, finding: str, note: str) -> None:
		"""Say whether an emergency was one: `finding` is Justified or Not Justified. A privacy officer's."""
		reviewing.review(self.stored(), finding, note)


def on_doctype_update() -> None:
	"""What is open to one person, asked with every list."""
	compat.add_index("Case Access Grant", ["user", "status", "valid_to"])
