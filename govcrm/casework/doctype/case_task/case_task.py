import frappe
from frappe import _
from frappe.model.document import Document

from govcrm import compat
from govcrm.casework import events, participation
from govcrm.casework.verbs.authority import require_supervisor, require_worker
from govcrm.casework.verbs.guarded import is_active, refuse_direct_edits
from govcrm.casework.verbs.workable import Workable
from govcrm.domain.cases import RUNNING
from govcrm.guarded import GuardedDocument

VERB_FIELDS = (
	"status",
	"assigned_to",
	"hold_until",
	"hold_reason",
	"completed_at",
	"completed_by",
)


class CaseTask(Workable, GuardedDocument):
	"""A step within a case, given to a person or a department. Changed by its verbs."""

	def before_insert(self) -> None:
		self.status = "Assigned"
		self.update(dict.fromkeys(("hold_until", "hold_reason", "completed_at", "completed_by")))
		if not self.flags.from_checklist:
			self.hold_running_case()

	def validate(self) -> None:
		refuse_direct_edits(self, VERB_FIELDS)
		self.validate_gate()
		self.validate_assignment()

	def after_insert(self) -> None:
		self.let_take_part()
		if not self.flags.from_checklist:
			events.write(self.case_doc(), "task_added", detail=self.title)

	def on_update(self) -> None:
		self.move_participation()

	def onload(self) -> None:
		self.set_onload("writable", frappe.has_permission("Case Task", "write", doc=self))

	def hold_running_case(self) -> None:
		"""Locks the case, so that it cannot close while a task that must be done first comes in."""
		compat.lock_row("Case", self.case)
		category = frappe.db.get_value("Case", self.case, "state_category", for_update=True)
		if category not in RUNNING:
			frappe.throw(_("{0} is {1}. Reopen it first.").format(self.case, _(category)))

	def validate_gate(self) -> None:
		"""Anybody who works the case can add a gate; only a supervisor can lift one."""
		before = self.get_doc_before_save()
		if before and not self.flags.by_verb and lifts_gate(before, self):
			require_supervisor(self.case_doc())

	def validate_assignment(self) -> None:
		if self.assigned_to and self.is_new():
			self.validate_person()
		moved = self.assigned_department and self.has_value_changed("assigned_department")
		if moved and not is_active(self.assigned_department):
			frappe.throw(_("{0} takes no tasks: it is not active.").format(self.assigned_department))

	def validate_person(self) -> None:
		require_worker(self.assigned_to, self.case)
		if self.assigned_to != frappe.session.user:
			require_supervisor(self.case_doc())

	def let_take_part(self) -> None:
		self.let_department_take_part()
		if self.assigned_to:
			participation.add(self.case_doc(), "Task", user=self.assigned_to, source=self)
			self.give_todo()

	def let_department_take_part(self) -> None:
		case = self.case_doc()
		if self.assigned_department and self.assigned_department != case.department:
			participation.add(case, "Task", department=self.assigned_department, source=self)

	def move_participation(self) -> None:
		before = self.get_doc_before_save()
		if not before or before.assigned_department == self.assigned_department:
			return
		if before.assigned_department:
			participation.remove(self.case_doc(), "Task", department=before.assigned_department, source=self)
		self.let_department_take_part()


def lifts_gate(before: Document, after: Document) -> bool:
	"""Could the case go on after this change where it could not before?"""
	moved = before.required_for_state and before.required_for_state != after.required_for_state
	return bool(moved or (before.required and not after.required))


def on_doctype_update() -> None:
	compat.add_index("Case Task", ["case", "status"])
