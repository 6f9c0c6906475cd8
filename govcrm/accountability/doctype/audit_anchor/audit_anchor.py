import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.anchors import kinds, running
from govcrm.faults import Fault, refuse

PLACE = ("kind", "path", "host", "protocol", "url", "recipients", "certificates")


class AuditAnchor(Document):
	"""A place outside the database that is told of checkpoints, so that nobody can put back an older log unseen."""

	def validate(self) -> None:
		self.keep_course()
		self.check_place()
		self.check_interval()

	def keep_course(self) -> None:
		"""What became of deliveries is written by the jobs alone; a new place is tried at once."""
		before = self.get_doc_before_save()
		for field in running.COURSE:
			self.set(field, before.get(field) if before else None)
		if before and any(self.has_value_changed(field) for field in PLACE):
			self.update({"next_at": None, "last_error": None, "failures": 0})

	def check_place(self) -> None:
		refuse(kinds.of(self).faults())

	def check_interval(self) -> None:
		least = kinds.of(self).least_minutes
		if (self.every_minutes or 0) < least:
			message = _("{0} is told every {1} minutes at most.").format(_(self.kind), least)
			refuse([Fault("every_minutes", message)])

	@frappe.whitelist(methods=["POST"])
	def test(self) -> None:
		"""Take the newest checkpoint there now, in a job; how it went stands on the anchor a moment later."""
		self.check_permission("write")
		running.enqueue(self.name, now=True)
