"""The case goes to another department for good."""

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.casework import participation, public_status
from govcrm.casework.grants import ending
from govcrm.casework.queues import giving
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.casework.verbs.guarded import by_verb, is_active
from govcrm.domain.cases import TASK_DONE


class Transferable:
	"""Needs the field department."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def transfer(self, department: str, reason: str) -> None:
		"""Give the case to another department. A right of supervisors.

		It keeps its workflow, state and history. It loses its assignee, the old department its access, to its parts
		as well, and those to whom it was opened by name theirs; open tasks of that department, and the requests, go along.
		"""
		self.begin()
		self.refuse_if_ended()
		require_supervisor(self)
		require_active(department, self.department)
		left, self.department = self.department, department
		self.clear_assignee()
		self.finish("transfer", required(reason), detail=f"{left} → {department}")
		self.move_open_tasks(left)
		self.move_sight_of_parts(left)
		ending.end_with_transfer(self)
		public_status.take_over(self, "department")
		giving.give_out(self)

	def move_open_tasks(self, left: str) -> None:
		"""What the old department still had to do is the new one's now. Tasks given to persons stay theirs."""
		filters = {"case": self.name, "assigned_department": left, "status": ("not in", list(TASK_DONE))}
		for name in frappe.get_all("Case Task", filters=filters, pluck="name", order_by="creation"):
			task = frappe.get_doc("Case Task", name, for_update=True)
			task.assigned_department = self.department
			with by_verb(task):
				task.save()

	def move_sight_of_parts(self, left: str) -> None:
		"""The department that asked for a part can read it: now that is the new one."""
		for part in frappe.get_all("Case", {"parent_case": self.name}, pluck="name", order_by="creation"):
			participation.remove(part, "Referring Department", department=left, source=self)
			participation.add(part, "Referring Department", department=self.department, source=self)


def require_active(department: str, present: str | None = None) -> None:
	"""An existing department, in service, other than the present one."""
	if not frappe.db.exists("Agency Department", department):
		frappe.throw(_("There is no department {0}.").format(frappe.utils.escape_html(department)))
	if department == present:
		frappe.throw(_("The case is with {0} already.").format(department))
	if not is_active(department):
		frappe.throw(_("{0} takes no new cases: it is not active.").format(department))


def required(reason: str | None) -> str:
	if not (reason or "").strip():
		frappe.throw(_("Give a reason."), frappe.MandatoryError)
	return reason
