import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from govcrm.accountability.exporting import running

# Written by the job alone. What a client says of them would be believed by who downloads or removes events.
COURSE = ("message", "first_seq", "last_seq", "checkpoint_hash", "file_path", "file_size", "file_sha256")


class AuditExport(Document):
	"""A period of the audit log in one file that can be verified without this site."""

	def before_insert(self) -> None:
		self.update(dict.fromkeys(COURSE))
		self.requested_by = frappe.session.user
		self.scheduled = int(bool(self.flags.scheduled))
		self.status = "Queued"

	def validate(self) -> None:
		self.refuse_change()
		self.check_period()

	def after_insert(self) -> None:
		if not self.flags.run_here:
			running.enqueue(self)

	def on_trash(self) -> None:
		frappe.throw(
			_("Exports stay: they tell that the audit log left the site. Remove the file, if you must.")
		)

	def refuse_change(self) -> None:
		if not self.is_new() and not self.flags.course:
			frappe.throw(_("What was exported is not changed. Make another export."), frappe.PermissionError)

	def check_period(self) -> None:
		if getdate(self.to_date) < getdate(self.from_date):
			frappe.throw(_("The period ends before it begins."))
		if getdate(self.from_date) > getdate():
			frappe.throw(_("The period has not begun yet."))
