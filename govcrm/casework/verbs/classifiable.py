"""How confidential the case is."""

import frappe
from frappe import _

from govcrm.casework import events, public_status
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.domain.access import LEVELS


class Classifiable:
	"""Needs the field confidentiality, which is edited on the form like any other."""

	def refuse_declassifying(self) -> None:
		"""Whoever works the case may close it to more eyes; opening it to more is a right of supervisors."""
		if not self.confidentiality:  # to the access rule an unknown level: nobody could open the case again
			frappe.throw(_("Say how confidential the case is."), frappe.MandatoryError)
		before = self.get_doc_before_save()
		if before and rank(self.confidentiality) < rank(before.confidentiality) and not self.flags.by_verb:
			require_supervisor(self)

	def classification_changed(self) -> None:
		"""What citizens wrote is as confidential as the case it became."""
		before = self.get_doc_before_save()
		if before and before.confidentiality != self.confidentiality:
			detail = f"{before.confidentiality} → {self.confidentiality}"
			events.write(self, "classify", detail=detail)
			public_status.take_over(self, "confidentiality")


def rank(level: str | None) -> int:
	"""Position among the levels; an unknown one is above all."""
	return LEVELS.index(level) if level in LEVELS else len(LEVELS)
