import frappe
from frappe import _
from frappe.utils import getdate

from govcrm import compat, naming
from govcrm.faults import refuse_field
from govcrm.guarded import GuardedDocument


class Citizen(GuardedDocument):
	"""A person or organisation that asks something of the agency."""

	def autoname(self) -> None:
		self.name = naming.new_name(naming.CITIZEN)

	def validate(self) -> None:
		self.set_full_name()
		self.check_birth()
		self.check_merge()
		self.check_account()
		self.key_contact_points()
		self.protect_identifiers()

	def set_full_name(self) -> None:
		if self.citizen_type == "Organisation":
			self.first_name = self.last_name = self.date_of_birth = None
		else:
			self.organisation_name = None
		parts = (self.first_name, self.last_name, self.organisation_name)
		self.full_name = " ".join(" ".join(filter(None, parts)).split())[:140]
		if not self.full_name:
			refuse_field(
				"organisation_name" if self.citizen_type == "Organisation" else "first_name",
				_("Give a name."),
			)

	def check_birth(self) -> None:
		if self.date_of_birth and getdate(self.date_of_birth) > getdate():
			refuse_field("date_of_birth", _("The date of birth lies in the future."))

	def check_merge(self) -> None:
		"""Whoever is merged is filed under another record from then on: no field to fill in by the way."""
		before = self.get_doc_before_save()
		if (self.merged_into or None) != ((before and before.merged_into) or None):
			refuse_field("merged_into", _("A citizen is not merged by editing this field."))

	def check_account(self) -> None:
		"""Who holds the account sees the requests of this citizen: not for every clerk to give away."""
		before = self.get_doc_before_save()
		changed = (self.user or None) != ((before and before.user) or None)
		if changed and frappe.session.user != "Administrator" and "Privacy Officer" not in frappe.get_roles():
			refuse_field("user", _("Only the privacy officer ties an account to a citizen."))

	def key_contact_points(self) -> None:
		for point in self.contact_points:
			point.set_key()

	def protect_identifiers(self) -> None:
		before = self.get_doc_before_save()
		stored = {row.name: row for row in before.identifiers} if before else {}
		for identifier in self.identifiers:
			identifier.protect(stored.get(identifier.name))


def on_doctype_update() -> None:
	compat.add_index("Citizen", ["last_name"])
