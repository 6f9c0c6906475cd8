"""Rows of child tables that obey the rule of the record they stand in, also when they are asked for alone."""

import frappe
from frappe.model.document import Document


class ScopedRow(Document):
	"""Base class of the child tables of scoped records.

	For a row that was loaded by itself (`/api/resource/Request Follower/…`) Frappe knows no parent document, and then
	checks the DocType alone: whoever may read one request could read the followers of all.
	"""

	@property
	def parent_doc(self) -> Document | None:
		return Document.parent_doc.fget(self) or self._stored_parent()

	@parent_doc.setter
	def parent_doc(self, value) -> None:
		self._parent_doc = value

	@parent_doc.deleter
	def parent_doc(self) -> None:
		self._parent_doc = None

	def _stored_parent(self) -> Document | None:
		"""Where the row is stored counts, not where it says it belongs. A parent that is gone is an error: no row shown."""
		stored = self.name and frappe.db.get_value(self.doctype, self.name, ("parenttype", "parent"))
		parenttype, parent = stored or (self.get("parenttype"), self.get("parent"))
		return frappe.get_doc(parenttype, parent) if parenttype and parent else None
