"""A case opened to one person by name."""

import frappe

from govcrm.accountability import trail
from govcrm.casework.grants import deciding


class Openable:
	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def open_to(self, user: str, opens: str, reason: str, authority: str, valid_to: str) -> str:
		"""Let `user` Read or Work this case until `valid_to`, on somebody's authority. Returns the name of the grant.

		For supervisors who work the case, and for privacy officers who may read it. Nobody opens one to themselves.
		"""
		self.check_permission("read")
		return deciding.open_to(self, user, opens, reason, authority, valid_to).name
