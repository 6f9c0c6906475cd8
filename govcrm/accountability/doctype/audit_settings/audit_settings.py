import frappe
from frappe.model.document import Document

from govcrm.accountability.exporting import writer
from govcrm.accountability.guard import horizon


class AuditSettings(Document):
	"""How the audit log is sealed, exported and kept."""

	def validate(self) -> None:
		horizon.refuse_move(self.removed_to_seq)
		self.check_export_folder()

	def check_export_folder(self) -> None:
		if self.has_value_changed("export_folder") and self.export_folder:
			fault = writer.fault_of(self.export_folder)
			if fault:
				frappe.throw(fault)
