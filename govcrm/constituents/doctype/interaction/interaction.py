import frappe
from frappe import _
from frappe.utils import add_to_date, get_datetime, now_datetime

from govcrm.casework.clocks import following
from govcrm.faults import refuse_field
from govcrm.guarded import GuardedDocument

CLOCK_SKEW = 10  # minutes


class Interaction(GuardedDocument):
	"""One contact with a citizen, on any channel, in either direction.

	One that names a case belongs to the file of that case. One that names a request alone is seen by whoever may see the
	request, the intake agent who wrote it down among them.
	"""

	def validate(self) -> None:
		self.check_time()

	def after_insert(self) -> None:
		self.answer_clocks()

	def answer_clocks(self) -> None:
		"""Writing or calling those who asked is the first response, if there was none."""
		if self.direction == "Outbound":
			about = self.case or frappe.db.get_value("Service Request", self.service_request, "case")
			following.responded(about)

	def check_time(self) -> None:
		if get_datetime(self.occurred_at) > add_to_date(now_datetime(), minutes=CLOCK_SKEW):
			refuse_field("occurred_at", _("A contact is written down after it happened."))
