from frappe import _
from frappe.utils import validate_email_address

from govcrm.access.rows import ScopedRow
from govcrm.constituents.region import dialling_region
from govcrm.domain.contacts import email_key, phone_key, plain_key
from govcrm.faults import refuse_field


class CitizenContactPoint(ScopedRow):
	"""Where a citizen can be reached."""

	def set_key(self) -> None:
		self.value = (self.value or "").strip()
		self.value_key = contact_key(self.channel, self.value)[:140]
		if self.channel == "E-mail" and not validate_email_address(self.value):
			refuse_field(
				f"contact_points.{self.idx}.value", _("{0} is not a valid e-mail address.").format(self.value)
			)


def contact_key(channel: str, value: str) -> str:
	"""Return what is compared to find out who is reached there."""
	if channel in ("Phone", "SMS"):
		return phone_key(value, dialling_region())
	return email_key(value) if channel == "E-mail" else plain_key(value)
