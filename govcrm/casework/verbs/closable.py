"""The end of a case, and its new beginning."""

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.casework import public_status, todos
from govcrm.casework.queues.recusals import in_words, recused_on
from govcrm.domain.cases import CLOSED, OPEN, RUNNING, TASK_DONE, WAITING


class Closable:
	"""Needs the fields outcome, reason, closed_datetime."""

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def close(
		self, outcome: str, reason: str, status_notes: str | None = None, action: str | None = None
	) -> None:
		"""Decide and close. `status_notes` is what the citizens who asked are told; their requests close with it.

		Where the workflow has several ways to close, the action says which; an outcome named like one will do.
		"""
		self.begin()
		step = self.choose(action, CLOSED, hint=outcome)
		self.do_close(step, reason, outcome, status_notes)

	def do_close(
		self, transition: dict, reason: str | None, outcome: str | None, status_notes: str | None
	) -> None:
		self.require_answer(status_notes)
		outcome = outcome or transition["action"]
		self.apply(transition, reason, verb="close", outcome=outcome)
		public_status.close_requests(self, status_notes)

	def require_answer(self, status_notes: str | None) -> None:
		"""Nobody who asked is left without an answer."""
		waiting = public_status.open_requests(self)
		if waiting and not (status_notes or "").strip():
			names = ", ".join(waiting[:5])
			frappe.throw(
				_("Write the answer to the public: {0} waits for it.").format(names), frappe.MandatoryError
			)

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def reopen(self, reason: str, action: str | None = None) -> None:
		"""Take up a closed or cancelled case again. Its requests are open again, too."""
		self.begin()
		if self.state_category in RUNNING:
			frappe.throw(_("{0} is open.").format(self.name))
		self.do_reopen(self.choose(action, OPEN, WAITING), reason)

	def do_reopen(self, transition: dict, reason: str | None) -> None:
		self.apply(transition, reason, verb="reopen")
		public_status.reopen_requests(self)

	def end_work(self) -> None:
		"""What follows when a case is closed or cancelled."""
		todos.close(self)
		self.cancel_open_tasks(self.reason)
		self.detach_open_parts()
		self.tell_parent()

	def cancel_open_tasks(self, reason: str) -> None:
		"""What need not be done any more: nobody could end it on a case that has ended."""
		filters = {"case": self.name, "status": ("not in", list(TASK_DONE))}
		for name in frappe.get_all("Case Task", filters=filters, pluck="name", order_by="creation"):
			frappe.get_doc("Case Task", name).drop(reason)

	def resume_work(self) -> None:
		"""What follows when it is taken up again. Who was recused meanwhile does not get it back."""
		if self.assignee in recused_on(self.name):
			self.take_away("take_away", in_words(self.assignee))
		elif self.assignee:
			self.give_todo()
