"""How confidential the case is."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability import trail
from govcrm.casework import events, public_status
from govcrm.casework.sealed import lowering, matter, raising
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.domain.access import LEVELS
from govcrm.domain.access.facts import SEALED


class Classifiable:
	"""Needs the field confidentiality, which is edited on the form like any other."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def lower(self, confidentiality: str, reason: str) -> None:
		"""Open a sealed case to those who may see one of this level. A right of supervisors who work it."""
		self.begin()
		lowering.open_up(self, confidentiality, reason)

	def refuse_declassifying(self) -> None:
		"""Whoever works the case may close it to more eyes; opening it to more is a right of supervisors."""
		if not self.confidentiality:  # to the access rule an unknown level: nobody could open the case again
			frappe.throw(_("Say how confidential the case is."), frappe.MandatoryError)
		before = self.get_doc_before_save()
		if before and rank(self.confidentiality) < rank(before.confidentiality) and not self.flags.by_verb:
			if before.confidentiality == SEALED:
				frappe.throw(_("The case is sealed. Use the button Lower: it asks for the reason."))
			require_supervisor(self)

	def refuse_what_sealing_cannot(self) -> None:
		"""Who is to work elsewhere could not read what is sealed."""
		before = self.get_doc_before_save()
		stays = before and self.confidentiality == before.confidentiality == SEALED
		if stays and before.department != self.department:
			frappe.throw(_("A sealed case stays in its department. Open it to a person elsewhere by name."))
		if not before and matter.is_sealed(self.parent_case):
			frappe.throw(_("A sealed case is not referred: the other department could not read its part."))

	def classification_changed(self) -> None:
		"""What citizens wrote is as confidential as the case it became."""
		before = self.get_doc_before_save()
		if before and before.confidentiality != self.confidentiality:
			detail = f"{before.confidentiality} → {self.confidentiality}"
			public_status.take_over(self, "confidentiality")
			if self.confidentiality == SEALED:
				raising.seal(self)
				tell_of_open_parts(self)
			events.write(self, "classify", reason=self.flags.pop("lowered_because", None), detail=detail)


def tell_of_open_parts(case: Document) -> None:
	"""Parts are cases of other departments, who decide about their level; what they are called tells of this one."""
	filters = {"parent_case": case.name, "confidentiality": ("!=", SEALED)}
	if parts := frappe.get_all("Case", filters, pluck="name", order_by="creation"):
		message = _("Its parts are not sealed with it: {0}. Ask those who work them to seal them too.")
		frappe.msgprint(message.format(", ".join(parts)), alert=True)


def rank(level: str | None) -> int:
	"""Position among the levels; an unknown one is above all."""
	return LEVELS.index(level) if level in LEVELS else len(LEVELS)
