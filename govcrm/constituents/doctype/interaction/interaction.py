import frappe
from frappe import _
from frappe.utils import add_to_date, get_datetime, now_datetime

from govcrm.faults import refuse_field
from govcrm.guarded import GuardedDocument

CLOCK_SKEW = 10  # minutes


class Interaction(GuardedDocument):
	"""One contact with a citizen, on any channel, in either direction."""

	def validate(self) -> None:
		self.take_case_of_request()
		self.check_time()

	def take_case_of_request(self) -> None:
		"""Who may see a contact about a request depends on its case; the first contact brings it along."""
		if self.service_request and not self.case:
			self.case = frappe.db.get_value("Service Request", self.service_request, "case")

	def check_time(self) -> None:
		if get_datetime(self.occurred_at) > add_to_date(now_datetime(), minutes=CLOCK_SKEW):
			refuse_field("occurred_at", _("A contact is written down after it happened."))
