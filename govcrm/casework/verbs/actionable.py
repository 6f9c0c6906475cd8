"""Workflow actions, as the buttons on the form make them."""

import frappe

from govcrm.accountability import trail
from govcrm.domain.cases import CANCELLED, CLOSED, OPEN, RUNNING, WAITING


class Actionable:
	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def take_action(
		self,
		action: str,
		reason: str | None = None,
		outcome: str | None = None,
		status_notes: str | None = None,
		until: str | None = None,
	) -> None:
		"""Make the step of the workflow with this action.

		An action that closes, cancels, reopens, or makes the case wait or resume does all that the verb does; a reason
		is needed then.
		"""
		self.begin()
		step = self.choose(action)
		verb = self.verb_of(step["next_category"])
		more = {
			"close": {"outcome": outcome, "status_notes": status_notes},
			"cancel": {"status_notes": status_notes},
			"wait": {"until": until},
		}
		getattr(self, f"do_{verb}")(step, reason, **more.get(verb, {}))

	def verb_of(self, category: str) -> str:
		"""Which verb a step into this category is."""
		if self.state_category not in RUNNING and category in RUNNING:
			return "reopen"
		if category == OPEN:
			return "resume" if self.state_category == WAITING else "act"
		return {WAITING: "wait", CLOSED: "close", CANCELLED: "cancel"}[category]

	def do_act(self, step: dict, reason: str | None) -> None:
		self.apply(step, reason)
