"""A case that waits: for the citizen, for another department, for a date."""

import frappe
from frappe import _
from frappe.utils import date_diff, getdate, today

from govcrm.casework import notices
from govcrm.casework.verbs.transitionable import refuse_no_way
from govcrm.domain.cases import HOLD_DAYS, OPEN, WAITING, valid_hold


class Waitable:
	"""Needs the fields waiting_until and waiting_reason."""

	@frappe.whitelist(methods=["POST"])
	def wait_for(self, reason: str, until: str | None = None, action: str | None = None) -> None:
		"""Move to a waiting state. With `until` (a date, 1 to 120 days ahead) the wait ends by itself."""
		self.begin()
		self.do_wait(self.choose(action, WAITING), reason, until)

	def do_wait(self, transition: dict, reason: str | None, until: str | None = None) -> None:
		require_hold_within_limits(until)
		self.apply(transition, reason, verb="wait", waiting_until=until or None, waiting_reason=reason)

	@frappe.whitelist(methods=["POST"])
	def resume(self, reason: str, action: str | None = None) -> None:
		"""Leave the waiting state: back to where the case came from, where the workflow has that way."""
		self.begin()
		if self.state_category != WAITING:
			frappe.throw(_("{0} does not wait.").format(self.name))
		self.do_resume(self.approved(self.way_back()) if not action else self.choose(action, OPEN), reason)

	def do_resume(self, transition: dict, reason: str | None) -> None:
		self.apply(transition, reason, verb="resume")

	def way_back(self) -> dict:
		"""The transition to the state the wait began in; else the only one into an open state."""
		began_in = self.state_before_wait()
		for transition in self.transitions(OPEN):
			if transition["next_state"] == began_in:
				return transition
		return self.choose(None, OPEN)

	def state_before_wait(self) -> str | None:
		filters = {
			"case": self.name,
			"to_state": self.workflow_state,
			"from_state": ("!=", self.workflow_state),
		}
		return frappe.db.get_value("Case Event", filters, "from_state", order_by="creation desc")

	def end_wait(self) -> None:
		"""The day has come on which the wait ends by itself. Where several ways lead on, the first is taken."""
		self.begin()
		if self.wait_is_over():
			ways = self.transitions(OPEN) or refuse_no_way(self, None, (OPEN,))
			began_in = self.state_before_wait()
			back = [way for way in ways if way["next_state"] == began_in]
			self.do_resume((back or ways)[0], _("The wait has ended."))
			notices.tell_assignee(self, _("The wait of {0} has ended.").format(self.name))

	def wait_is_over(self) -> bool:
		due = self.waiting_until and getdate(self.waiting_until) <= getdate(today())
		return bool(due and self.state_category == WAITING)


def require_hold_within_limits(until: str | None) -> None:
	if until and not valid_hold(date_diff(until, today())):
		frappe.throw(_("Choose a date {0} to {1} days from today.").format(*HOLD_DAYS))
