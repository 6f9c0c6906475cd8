import re

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from govcrm.service_catalogue import publishing, versions

SERVICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


class AgencyProgram(Document):
	"""Something citizens can ask for. What it asks of them and how it is worked stands in its versions."""

	def validate(self):
		self.check_service_code()
		self.check_duplicate_search()
		self.check_kind_fits_workflow()
		self.point_to_current_version()

	def check_service_code(self):
		"""The code is part of web addresses and of the names of versions (Open311 GeoReport v2)."""
		if not SERVICE_CODE.fullmatch(self.service_code or ""):
			frappe.throw(
				_(
					"{0} cannot be a service code. Use up to 60 letters, digits, dots, hyphens and underscores,"
					" beginning with a letter or digit."
				).format(frappe.bold(self.service_code))
			)

	def check_duplicate_search(self):
		for field in ("duplicate_radius", "duplicate_days"):
			if (self.get(field) or 0) < 0:
				frappe.throw(
					_("{0} cannot be negative. Enter 0 for no suggestions.").format(
						_(self.meta.get_label(field))
					)
				)

	def check_kind_fits_workflow(self):
		"""A program that comes to grant or deny needs a workflow in which nobody decides alone."""
		if self.current_version and self.has_value_changed("kind"):
			publishing.refuse(publishing.pinned_workflow_defects(self.current_version, self.kind))

	def point_to_current_version(self):
		# Set again on each save: a form that was open while a version came into force holds the old one.
		self.current_version = None if self.is_new() else versions.find_version(self.name, getdate())

	@frappe.whitelist(methods=["POST"])
	def new_version(self) -> str:
		"""Draft the next version as a copy of the current one (else of the latest); return its name."""
		self.check_permission("read")
		origin = self.current_version or versions.latest_version(self.name)
		if not origin:
			frappe.throw(_("There is no version to copy yet. Add the first one by hand."))
		draft = frappe.copy_doc(frappe.get_doc("Program Version", origin), ignore_no_copy=False)
		draft.update({"docstatus": 0, "effective_from": add_days(getdate(), 1)})
		return draft.insert().name
