"""Who works on the case."""

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.casework import participation, todos
from govcrm.casework.verbs.authority import require_supervisor, require_worker
from govcrm.casework.verbs.transferable import required
from govcrm.domain.cases import RUNNING, TASK_DONE


class Assignable:
	"""Needs the field assignee."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def accept(self) -> None:
		"""Take the case to work on it, unless somebody has it already."""
		self.begin()
		self.refuse_if_ended()
		self.refuse_if_taken(frappe.session.user)
		require_worker(frappe.session.user, self.name)
		self.hand_to(frappe.session.user)
		self.finish("accept")
		self.give_todo()

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def assign(self, user: str, reason: str | None = None) -> None:
		"""Give the case to a person, who may then see and work it. A right of supervisors."""
		self.begin()
		require_supervisor(self)
		self.do_assign(user, reason)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def give_back(self, reason: str) -> None:
		"""Lay the case down for somebody else to take. A right of who has it, and of supervisors."""
		self.begin()
		if not self.assignee:
			frappe.throw(_("Nobody has {0}.").format(self.name))
		if self.assignee != frappe.session.user:
			require_supervisor(self)
		self.take_away("give_back", required(reason))

	def take_from(self, user: str, reason: str) -> None:
		"""Leave what this user has of the case to nobody: they may not work on it any more."""
		self.flags.ignore_permissions = True  # who may enter the recusal that is the reason has been checked
		self.begin()
		if self.assignee == user and self.state_category in RUNNING:
			self.take_away("take_away", reason)
		filters = {"case": self.name, "assigned_to": user, "status": ("not in", list(TASK_DONE))}
		for task in frappe.get_all("Case Task", filters, pluck="name", order_by="creation"):
			frappe.get_doc("Case Task", task).take_away(reason)

	def take_away(self, verb: str, reason: str) -> None:
		"""Leave the case to nobody. `begin` must have been called."""
		left = self.assignee
		self.clear_assignee()
		self.finish(verb, reason, detail=left)

	def assign_by_rule(self, user: str) -> None:
		"""An Assignment Rule of the agency decides; whose save it was that met the rule does not matter."""
		self.flags.ignore_permissions = True  # see above
		self.begin()
		self.do_assign(user, None)

	def do_assign(self, user: str, reason: str | None) -> None:
		self.refuse_if_ended()
		require_worker(user, self.name)
		self.hand_to(user)
		self.finish("assign", reason, detail=user)
		self.give_todo()

	def hand_to(self, user: str) -> None:
		"""The assignee takes part before anything else, so that the to-do finds somebody who may read the case."""
		self.clear_assignee(but=user)
		self.assignee = user
		participation.add(self, "Assignee", user=user)

	def clear_assignee(self, but: str | None = None) -> None:
		if self.assignee and self.assignee != but:
			participation.remove(self, "Assignee", user=self.assignee)
			todos.cancel(self, self.assignee)
			self.assignee = None

	def give_todo(self) -> None:
		todos.give(self, self.assignee, self.subject)

	def refuse_if_ended(self) -> None:
		if self.state_category not in RUNNING:
			frappe.throw(_("{0} is {1}. Reopen it first.").format(self.name, _(self.state_category)))

	def refuse_if_taken(self, user: str) -> None:
		if self.assignee and self.assignee != user:
			message = _("{0} works on this case already. A supervisor can assign it to you.")
			frappe.throw(message.format(frappe.utils.get_fullname(self.assignee)))
