import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.importing import faults, mappings
from govcrm.domain.importing import check_columns


class RequestImportMapping(Document):
	"""How the columns of a file become the fields of service requests."""

	def validate(self) -> None:
		self.check_columns()
		self.check_workflow()
		self.check_deadlines()

	def check_columns(self) -> None:
		found = check_columns(mappings.from_document(self).columns)
		if found:
			lines = [f"{frappe.bold(fault.column)}: {faults.explain(fault)}" for fault in found]
			frappe.throw("<br>".join(lines), title=_("Columns"))

	def check_workflow(self) -> None:
		"""A program that is made needs a workflow. Seeding may come before there is one."""
		if self.create_missing and not self.workflow and not self.flags.seeding:
			frappe.throw(_("Choose the workflow for programs that are made."))

	def check_deadlines(self) -> None:
		"""One policy for a program, however it is spelt."""
		seen = set()
		for row in self.deadlines:
			if (program := mappings.spelt(row.program)) in seen:
				message = _("Deadlines, row {0}: {1} stands above already. Remove one of the two.")
				frappe.throw(message.format(row.idx, row.program))
			seen.add(program)
