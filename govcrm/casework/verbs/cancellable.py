"""A case that should not have been, or that nobody wants any more."""

import frappe

from govcrm.accountability import trail
from govcrm.casework import public_status
from govcrm.domain.cases import CANCELLED


class Cancellable:
	"""Replaces Frappe's `cancel`, which is for submittable documents and means something else."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def cancel(
		self, reason: str | None = None, status_notes: str | None = None, action: str | None = None
	) -> None:
		"""Give the case up, with its open tasks. Nothing can stand in the way.

		Parts in other departments are told and go on by themselves: whether their work still has a purpose is theirs to
		say.
		"""
		self.begin()
		self.do_cancel(self.choose(action, CANCELLED), reason, status_notes)

	def do_cancel(self, transition: dict, reason: str | None, status_notes: str | None = None) -> None:
		self.require_answer(status_notes)
		self.apply(transition, reason, verb="cancel")
		public_status.close_requests(self, status_notes)
