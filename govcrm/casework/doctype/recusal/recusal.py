import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from govcrm.access import subjects
from govcrm.casework.queues import recusals
from govcrm.domain.periods import holds_nothing, overlap
from govcrm.guarded import GuardedDocument

FIXED = ("user", "case", "citizen", "relation", "valid_from", "reason")


class Recusal(GuardedDocument):
	"""A person who must not work on a case, or for a citizen. It is ended by its last day, never deleted."""

	def before_insert(self) -> None:
		self.valid_from = self.valid_from or getdate()

	def validate(self) -> None:
		self.refuse_own_change()
		self.refuse_other_content()
		self.validate_from_what()
		self.refuse_strangers()
		self.validate_dates()
		self.refuse_second()

	def after_insert(self) -> None:
		subjects.forget()
		recusals.take_effect(self)

	def on_update(self) -> None:
		subjects.forget()

	def on_trash(self) -> None:
		frappe.throw(_("A recusal is not deleted. Enter the day on which it ends."), frappe.PermissionError)

	def refuse_own_change(self) -> None:
		"""People may recuse themselves; that it is over is for somebody else to say."""
		if not self.is_new() and self.user == frappe.session.user:
			message = _("You cannot change your own recusal. Ask another supervisor.")
			frappe.throw(message, frappe.PermissionError)

	def refuse_other_content(self) -> None:
		changed = [] if self.is_new() else [field for field in FIXED if self.has_value_changed(field)]
		if changed:
			labels = ", ".join(_(self.meta.get_label(field)) for field in changed)
			message = _("{0} cannot be changed. End this recusal and make another.")
			frappe.throw(message.format(labels), frappe.PermissionError)

	def validate_from_what(self) -> None:
		if bool(self.case) == bool(self.citizen):
			frappe.throw(
				_("Say from which case, or from which citizen, and not both."), frappe.MandatoryError
			)
		if self.citizen and not self.relation:
			frappe.throw(_("Say how the person is related to the citizen."), frappe.MandatoryError)

	def refuse_strangers(self) -> None:
		"""From a case: who supervises it, by the access rule. From a citizen: people of one's own departments."""
		user = frappe.session.user
		if self.case or user in ("Administrator", self.user):
			return
		if not subjects.subject_of(user).supervised & subjects.subject_of(self.user).departments:
			message = _("{0} works in none of the departments that you supervise. Ask their supervisor.")
			frappe.throw(message.format(frappe.utils.get_fullname(self.user)), frappe.PermissionError)

	def validate_dates(self) -> None:
		if holds_nothing(period(self)):
			message = _("The recusal ends on {0}, before it begins. Correct the dates.")
			frappe.throw(message.format(formatdate(self.valid_to)))

	def refuse_second(self) -> None:
		"""Two at a time, and ending one would change nothing."""
		from_what = {"case": self.case} if self.case else {"citizen": self.citizen}
		filters = {"user": self.user, **from_what, "name": ("!=", self.name or "")}
		others = frappe.get_all("Recusal", filters, ["valid_from", "valid_to"], order_by="creation")
		if any(overlap(period(self), period(other)) for other in others):
			message = _("{0} is recused from {1} in these days already.")
			frappe.throw(message.format(frappe.utils.get_fullname(self.user), self.case or self.citizen))


def period(row: Document) -> tuple:
	return tuple(getdate(row.get(field)) if row.get(field) else None for field in ("valid_from", "valid_to"))
