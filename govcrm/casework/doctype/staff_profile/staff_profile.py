import frappe
from frappe import _
from frappe.model import table_fields
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from govcrm.casework.queues import profiles
from govcrm.casework.verbs.authority import require_worker
from govcrm.domain.periods import overlap
from govcrm.domain.queues import deputies_of, in_circle
from govcrm.guarded import GuardedDocument

ABSENCE = ("away_from", "away_to", "deputy")
ABILITIES = ("takes_work", "working_share", "max_open_cases", "skills", "languages")


class StaffProfile(GuardedDocument):
	"""What a member of staff can do and when they are there, for giving out work."""

	def validate(self) -> None:
		self.refuse_own_abilities()
		self.validate_share()
		self.validate_absence()
		self.validate_deputy()

	def refuse_own_abilities(self) -> None:
		"""People say themselves when they are away and who stands in; what they can do is for others to say."""
		# Read, not set: set-up and acts of the app save so.
		if self.flags.ignore_permissions or profiles.manages(frappe.session.user, self.name):
			return
		before = self.get_doc_before_save() or frappe.new_doc(self.doctype)
		changed = [field for field in ABILITIES if said(self, field) != said(before, field)]
		if changed:
			labels = ", ".join(_(self.meta.get_label(field)) for field in changed)
			message = _("You can enter your absence and your deputy. Ask a supervisor to change {0}.")
			frappe.throw(message.format(labels), frappe.PermissionError)

	def validate_share(self) -> None:
		if not 0 < (self.working_share or 0) <= 100:
			frappe.throw(
				_(
					'Working Share: enter more than 0, up to 100 percent. For no work at all clear "Takes Work".'
				)
			)

	def validate_absence(self) -> None:
		if self.away_to and not self.away_from:
			frappe.throw(_("Out Of Office: say from which day."))
		if self.away_to and getdate(self.away_to) < getdate(self.away_from):
			message = _("Out Of Office: it ends on {0}, before it begins. Correct the dates.")
			frappe.throw(message.format(formatdate(self.away_to)))

	def validate_deputy(self) -> None:
		if not self.deputy:
			return
		if self.deputy == self.user:
			frappe.throw(_("Deputy: choose somebody else than the person who is away."))
		if self.has_value_changed("deputy"):
			require_worker(self.deputy)
		self.refuse_circle()

	def refuse_circle(self) -> None:
		"""Two may stand in for each other, as long as they are not away on the same days."""
		deputies = {self.user: self.deputy, **self.deputies_away_meanwhile()}
		if in_circle(self.user, deputies):
			message = _("Nobody would be there: {0} stand in for each other and are away on the same days.")
			names = [self.user, *deputies_of(self.user, deputies)]
			frappe.throw(message.format(", ".join(map(frappe.utils.get_fullname, names))))

	def deputies_away_meanwhile(self) -> dict[str, str]:
		"""{user: deputy} of the others whose absence has a day in common with this one."""
		if not self.away_from:
			return {}
		filters = {"deputy": ("is", "set"), "name": ("!=", self.name or "")}
		fields = ["user", "deputy", "away_from", "away_to"]
		rows = frappe.get_all("Staff Profile", filters, fields, order_by="name", limit=0)
		return {
			row.user: row.deputy for row in rows if row.away_from and overlap(absence(self), absence(row))
		}


def absence(profile: Document) -> tuple:
	return tuple(getdate(day) if day else None for day in (profile.away_from, profile.away_to))


def said(profile: Document, field: str) -> object:
	"""A value to compare: of a table, what its rows name."""
	value = profile.get(field)
	if profile.meta.get_field(field).fieldtype in table_fields:
		return {row.get("skill") or row.get("language") for row in value or ()}
	return float(value or 0)
