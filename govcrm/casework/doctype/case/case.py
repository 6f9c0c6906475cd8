import frappe
from frappe import _
from frappe.utils import now_datetime

from govcrm import compat, naming
from govcrm.appending import Unseen
from govcrm.casework.clocks import opening, summary
from govcrm.casework.form import form_facts
from govcrm.casework.opening import record_opening, subject_of
from govcrm.casework.states import initial_state
from govcrm.casework.verbs.actionable import Actionable
from govcrm.casework.verbs.assignable import Assignable
from govcrm.casework.verbs.cancellable import Cancellable
from govcrm.casework.verbs.classifiable import Classifiable
from govcrm.casework.verbs.closable import Closable
from govcrm.casework.verbs.extendable import Extendable
from govcrm.casework.verbs.guarded import refuse_direct_edits
from govcrm.casework.verbs.openable import Openable
from govcrm.casework.verbs.referable import Referable
from govcrm.casework.verbs.transferable import Transferable
from govcrm.casework.verbs.transitionable import Transitionable
from govcrm.casework.verbs.waitable import Waitable
from govcrm.guarded import GuardedDocument

VERB_FIELDS = (
	"subject",
	"department",
	"assignee",
	"workflow_state",
	"state_category",
	"opened_datetime",
	"waiting_until",
	"waiting_reason",
	"closed_datetime",
	"outcome",
	"reason",
	"parent_case",
	"instructions",
	"holds_parent",
	"service_area",
	"routing_rule",
	"routing_reason",
)


class Case(
	Actionable,
	Assignable,
	Cancellable,
	Classifiable,
	Closable,
	Extendable,
	Openable,
	Referable,
	Transferable,
	Transitionable,
	Waitable,
	Unseen,
	GuardedDocument,
):
	"""What the agency does about one or more requests. Changed by its verbs (`govcrm.casework.verbs`)."""

	def autoname(self) -> None:
		self.name = naming.new_name(naming.CASE, self.opened_datetime)

	def before_insert(self) -> None:
		self.subject = self.subject or subject_of(self.program)
		self.opened_datetime = self.opened_datetime or now_datetime()
		if not self.workflow_state:
			self.workflow_state, self.state_category = initial_state(self.program_version)
		opening.start(self)

	def after_insert(self) -> None:
		record_opening(self)
		opening.write(self)

	def validate(self) -> None:
		summary.keep(self)
		refuse_direct_edits(self, VERB_FIELDS)
		self.refuse_declassifying()
		self.refuse_what_sealing_cannot()
		self.validate_join_rule()

	def on_update(self) -> None:
		self.classification_changed()

	def onload(self) -> None:
		self.set_onload("casework", form_facts(self))

	def validate_join_rule(self) -> None:
		self.refuse_other_join_rule()
		if self.join_rule == "N of M" and (self.join_count or 0) < 1:
			frappe.throw(_("Say for how many parts the case waits: at least 1."))


def on_doctype_update() -> None:
	"""Lists in order of time that the access rule narrows, one's own cases, the parts of a case, and what waits to be
	taken (`govcrm.casework.queues.waiting`)."""
	compat.add_index(
		"Case", ["state_category", "modified desc", "department", "assignee", "shared", "confidentiality"]
	)
	compat.add_index("Case", ["assignee", "state_category", "modified"])
	compat.add_index("Case", ["parent_case", "state_category"])
	compat.add_index(
		"Case", ["assignee", "state_category", "department", "priority", "next_due", "opened_datetime"]
	)
	compat.add_index("Case", ["waiting_until"])  # few have one: see `govcrm.casework.holds`
