"""More time for a case, where its program allows it; and why its dates are what they are."""

import frappe
from frappe import _
from frappe.utils import format_datetime

from govcrm.accountability import trail
from govcrm.casework import notifying, public_status
from govcrm.casework.clocks import following, records, why
from govcrm.casework.clocks.records import Clock
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.casework.verbs.transferable import required
from govcrm.domain.deadlines_extending import TEXTS, refusal


class Extendable:
	"""Needs clocks (`govcrm.casework.clocks`)."""

	@frappe.whitelist(methods=["GET", "POST"])
	def why_these_dates(self) -> list[dict]:
		"""How each date of the case came about, step by step: see `govcrm.casework.clocks.why`."""
		self.check_permission("read")
		return why.why(self)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def extend(self, milestone: str, amount: float, reason: str, notice: str | None = None) -> None:
		"""Give a clock more time, in the unit of its milestone. A right of supervisors.

		How often and by how much the policy says, and whether those who asked must be told; `notice` is what they are
		told. A date that was missed is not extended: a promise cannot be made good by making it longer.
		"""
		self.begin()
		self.refuse_if_ended()
		require_supervisor(self)
		clocks = records.clocks_of(self.name)
		clock = find(clocks, milestone)
		self.refuse_extension(clock, amount, notice)
		due = following.extend(self, clocks, clock, amount, required(reason))
		self.finish("extend", reason, detail=f"{clock.rule.label} → {format_datetime(records.site(due))}")
		if notice:
			notifying.tell_those_who_asked(self, notice)

	def refuse_extension(self, clock: Clock, amount: float, notice: str | None) -> None:
		reading = clock.read(records.present())
		if why_not := refusal(clock.rule, reading, amount):
			frappe.throw(_(TEXTS[why_not[0]]).format(_(clock.rule.label), *map(str, why_not[1:])))
		if clock.rule.extension_notice and not (notice or "").strip() and public_status.open_requests(self):
			message = _("Write what those who asked are told: {0} is extended only with notice.")
			frappe.throw(message.format(_(clock.rule.label)), frappe.MandatoryError)


def find(clocks: list[Clock], milestone: str) -> Clock:
	found = next((clock for clock in clocks if clock.rule.code == milestone), None)
	if not found:
		frappe.throw(_("The case has no deadline {0}.").format(frappe.utils.escape_html(milestone)))
	return found
