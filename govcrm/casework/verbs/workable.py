"""The verbs of a task. They go the way of a case's verbs: lock, read anew, check, change, save, event on the case."""

import frappe
from frappe import _
from frappe.utils import getdate, now_datetime, today

from govcrm import compat
from govcrm.accountability import trail
from govcrm.casework import events, participation, todos
from govcrm.casework.queues.recusals import refuse_acting
from govcrm.casework.verbs.authority import require_supervisor, require_worker
from govcrm.casework.verbs.guarded import by_verb
from govcrm.casework.verbs.transferable import required
from govcrm.casework.verbs.waitable import require_hold_within_limits
from govcrm.domain.cases import RUNNING

ASSIGNED, IN_PROGRESS, ON_HOLD, COMPLETED, CANCELLED = (
	"Assigned",
	"In Progress",
	"On Hold",
	"Completed",
	"Cancelled",
)

# Which verb a task may see in which status.
FROM = {
	"start": (ASSIGNED,),
	"hold": (ASSIGNED, IN_PROGRESS),
	"resume": (ON_HOLD,),
	"complete": (ASSIGNED, IN_PROGRESS, ON_HOLD),
	"cancel": (ASSIGNED, IN_PROGRESS, ON_HOLD),
	"assign": (ASSIGNED, IN_PROGRESS, ON_HOLD),
}


class Workable:
	"""Needs the fields of Case Task."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def start(self) -> None:
		"""Begin to work on it. A task that nobody has becomes the user's own."""
		self.begin("start")
		nobodys = not self.assigned_to
		if nobodys:
			require_worker(frappe.session.user, self.case)
			self.hand_to(frappe.session.user)
		self.status = IN_PROGRESS
		self.finish("start")
		if nobodys:
			self.give_todo()

	@frappe.whitelist(methods=["POST"])
	def hold(self, until: str, reason: str) -> None:
		"""Put it aside until a date 1 to 120 days ahead, on which the hold ends by itself."""
		self.begin("hold")
		require_hold_within_limits(until or today())
		self.update({"status": ON_HOLD, "hold_until": getdate(until), "hold_reason": required(reason)})
		self.finish("hold", reason)

	@frappe.whitelist(methods=["POST"])
	def resume(self, reason: str | None = None) -> None:
		"""Take it up again before the hold ends."""
		self.begin("resume")
		self.do_resume(reason)

	def do_resume(self, reason: str | None) -> None:
		self.update({"status": IN_PROGRESS, "hold_until": None, "hold_reason": None})
		self.finish("resume", reason)

	def end_hold(self) -> None:
		"""The day has come on which the hold ends by itself."""
		compat.read_locked(self)
		if self.status == ON_HOLD and getdate(self.hold_until) <= getdate(today()):
			self.do_resume(_("The hold has ended."))

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def complete(self, result: str | None = None) -> None:
		"""Done, with what came of it."""
		self.begin("complete")
		self.end(COMPLETED)
		self.result = result or self.result
		self.finish("complete", result)
		todos.close(self)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def cancel(self, reason: str | None = None) -> None:
		"""Not to be done. What the case may not go on without, only a supervisor can drop."""
		self.begin("cancel")
		if self.required or self.required_for_state:
			require_supervisor(self.case_doc())
		self.do_cancel(required(reason))

	def do_cancel(self, reason: str) -> None:
		self.end(CANCELLED)
		self.result = reason
		self.finish("cancel", reason)
		todos.cancel(self)

	def drop(self, reason: str) -> None:
		"""The case has ended, and this with it. Who may end the case has been checked there."""
		compat.read_locked(self)
		self.do_cancel(reason)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def assign(self, user: str, reason: str | None = None) -> None:
		"""Give it to a person, who may then see and work the case."""
		self.begin("assign")
		if user != frappe.session.user:
			require_supervisor(self.case_doc())
		self.do_assign(user, reason)

	def assign_by_rule(self, user: str) -> None:
		"""An Assignment Rule of the agency decides."""
		self.flags.ignore_permissions = True  # whose save it was that met the rule does not matter
		self.begin("assign")
		self.do_assign(user, None)

	def do_assign(self, user: str, reason: str | None) -> None:
		require_worker(user, self.case)
		self.hand_to(user)
		self.finish("assign", reason, detail=f"{self.title}: {user}")
		self.give_todo()

	def take_away(self, reason: str) -> None:
		"""Leave the task to nobody: who had it may not work on the case any more."""
		compat.read_locked(self)
		left = self.assigned_to
		self.leave()
		self.finish("take_away", reason, detail=f"{self.title}: {left}")

	# The path ----------------------------------------------------------------------------------------------

	def begin(self, verb: str) -> None:
		"""The copy in hand may be stale, or made up by a client: it is read anew."""
		compat.read_locked(self)
		self.check_permission("write")
		if not self.flags.ignore_permissions:  # an Assignment Rule acts, not the user
			refuse_acting(self.case)
		self.refuse_if_not_from(verb)
		self.refuse_if_case_ended()

	def refuse_if_not_from(self, verb: str) -> None:
		if self.status not in FROM[verb]:
			message = _("The task {0} is {1} now.")
			frappe.throw(message.format(frappe.bold(frappe.utils.escape_html(self.title)), _(self.status)))

	def refuse_if_case_ended(self) -> None:
		category = frappe.db.get_value("Case", self.case, "state_category")
		if category not in RUNNING:
			frappe.throw(_("{0} is {1}. Reopen it first.").format(self.case, _(category)))

	def end(self, status: str) -> None:
		self.update({"status": status, "hold_until": None, "hold_reason": None})
		self.update({"completed_at": now_datetime(), "completed_by": frappe.session.user})

	def hand_to(self, user: str) -> None:
		"""The one who is to do it takes part in the case before the to-do is made, which looks for that."""
		if self.assigned_to != user:
			self.leave()
		self.assigned_to = user
		participation.add(self.case_doc(), "Task", user=user, source=self)

	def leave(self) -> None:
		if self.assigned_to:
			participation.remove(self.case_doc(), "Task", user=self.assigned_to, source=self)
			todos.cancel(self, self.assigned_to)
			self.assigned_to = None

	def give_todo(self) -> None:
		"""After the save: Frappe writes `assigned_to` by itself and moves `modified`."""
		todos.give(self, self.assigned_to, self.title)
		self.load_from_db()

	def finish(self, verb: str, reason: str | None = None, detail: str | None = None) -> None:
		with trail.act(verb, reason, on=self):
			with by_verb(self):
				self.save()
			events.write(self.case_doc(), f"task_{verb}", reason=reason, detail=detail or self.title)

	def case_doc(self):
		return frappe.get_doc("Case", self.case)
