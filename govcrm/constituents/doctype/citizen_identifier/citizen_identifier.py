from frappe import _
from frappe.model.document import Document
from frappe.utils.password import decrypt, encrypt

from govcrm.access.rows import ScopedRow
from govcrm.constituents.secrecy import keyed_hash
from govcrm.domain.contacts import identifier_key, last_characters
from govcrm.faults import refuse_field

KEPT = ("value_encrypted", "value_hash", "last_characters")


class CitizenIdentifier(ScopedRow):
	"""A number by which others know the citizen. The value is kept encrypted, and as a keyed hash for look-up."""

	def protect(self, stored: Document | None) -> None:
		"""Replace a readable value by what is kept of it; `stored` is the row as it was, if there was one."""
		if self.value:
			self.seal()
		elif not stored or stored.identifier_type != self.identifier_type:
			# The hash belongs to the type as well, and what is kept of a value is never taken from a client.
			refuse_field(f"identifiers.{self.idx}.value", _("Enter the number."))
		else:
			self.update({field: stored.get(field) for field in KEPT})

	def seal(self) -> None:
		self.value_encrypted = encrypt(self.value)
		self.value_hash = identifier_hash(self.identifier_type, self.value)
		self.last_characters = last_characters(self.value)
		self.value = None

	def reveal(self) -> str | None:
		"""Return the value in clear. Who calls this answers for the right to it."""
		return decrypt(self.value_encrypted) if self.value_encrypted else None


def identifier_hash(identifier_type: str, value: str) -> str:
	"""Return what to look for in `value_hash`."""
	return keyed_hash(f"identifier:{identifier_type}", identifier_key(value))
