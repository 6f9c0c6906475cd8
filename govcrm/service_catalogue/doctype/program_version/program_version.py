import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate

from govcrm.casework import what_if
from govcrm.domain.periods import holds_nothing
from govcrm.domain.routing import FACTS
from govcrm.service_catalogue import deadlines, publishing, versions
from govcrm.workflows import snapshot


class ProgramVersion(Document):
	"""What a program asks and how it is worked from a day on.

	Submitting publishes: the checks must pass, the workflow is pinned, the version before ends the day before.
	After that nothing changes but the last day; whoever wants other questions drafts the next version.
	Cancelling withdraws a version that nobody has used.
	"""

	def before_insert(self):
		# An amended version is simply the next one, numbered as any other.
		self.amended_from = None

	def autoname(self):
		self.version_no = versions.next_number(self.program)
		self.name = f"{self.program}-v{self.version_no}"

	def validate(self):
		self.reset_draft()
		self.check_dates()
		self.check_workflow_is_for_cases()

	def before_submit(self):
		versions.lock(self.program)
		publishing.refuse(publishing.defects(self))
		self.workflow_snapshot = frappe.as_json(snapshot.take(self.workflow), indent=None)
		self.deadline_snapshot = deadlines.pin(self.deadline_policy)
		self.status = "Published"

	def on_submit(self):
		versions.supersede(self)
		versions.refresh(self.program)

	def before_update_after_submit(self):
		self.check_dates()
		self.check_only_end_changed()

	def on_update_after_submit(self):
		versions.refresh(self.program)

	def before_cancel(self):
		versions.lock(self.program)
		self.refuse_when_used()
		self.status = "Withdrawn"

	def on_cancel(self):
		versions.restore_predecessor(self)
		versions.refresh(self.program)

	def reset_draft(self):
		"""What publishing sets is nobody's to enter, over REST neither."""
		self.status = "Draft"
		self.workflow_snapshot = self.deadline_snapshot = None

	def check_dates(self):
		if holds_nothing(versions.period(self)):
			frappe.throw(
				_("The version ends on {0}, before it begins. Correct the dates.").format(
					formatdate(self.effective_to)
				)
			)

	def check_workflow_is_for_cases(self):
		if frappe.db.get_value("Workflow", self.workflow, "document_type") != "Case":
			frappe.throw(
				_("Workflow {0} is not for cases. Choose one of document type Case.").format(self.workflow)
			)

	def check_only_end_changed(self):
		"""The last day may be set, today or later; status and pinned workflow follow from the acts alone."""
		if self.flags.by_schedule:
			return
		if any(
			self.has_value_changed(field) for field in ("status", "workflow_snapshot", "deadline_snapshot")
		):
			frappe.throw(_("A published version cannot be changed. Draft a new version instead."))
		if self.has_value_changed("effective_to"):
			publishing.refuse(publishing.end_defects(self))

	def refuse_when_used(self):
		for doctype in ("Service Request", "Case"):
			if frappe.db.exists(doctype, {"program_version": self.name}):
				frappe.throw(
					_(
						"Version {0} cannot be withdrawn: requests or cases follow it. Publish a new version"
						" instead; it takes over from its first day."
					).format(frappe.bold(self.name))
				)

	@frappe.whitelist(methods=["POST"])
	def check_now(self) -> list[dict]:
		"""What would keep this version, as it is saved or shown, from being published: part, message, hint."""
		self.check_permission("read")
		return [defect.as_dict() for defect in publishing.defects(self)]

	@frappe.whitelist(methods=["POST"])
	def try_rules(self, count: int = what_if.DEFAULT) -> dict:
		"""What the routing rules, as they are saved or shown, would have done with the last requests.

		See `govcrm.casework.what_if.try_rules`. A right of those who may change the version.
		"""
		self.check_permission("write")
		publishing.refuse(publishing.routing_defects_of(self))
		return what_if.try_rules(self, count)


@frappe.whitelist(methods=["GET"])
def condition_names() -> list[dict]:
	"""What the condition of a routing rule can use besides answers: name, meaning, kind, protected."""
	frappe.has_permission("Program Version", "read", throw=True)
	return [
		{"name": name, "meaning": _(fact.meaning), "kind": fact.kind, "protected": fact.protected}
		for name, fact in FACTS.items()
	]
