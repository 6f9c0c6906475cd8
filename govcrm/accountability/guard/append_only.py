"""Base of the controllers of the audit log."""

from frappe.model.document import Document

from govcrm.accountability.guard.door import refuse_unless_open


class AppendOnly(Document):
	"""A record that the app writes inside `guard.writing()`, and that nobody else can insert, save, rename or delete.

	First words, before rights and mandatory fields are looked at, so that everybody hears the same reason; last words at
	the statement, for whoever leaves out the steps between.
	"""

	def insert(self, *args, **kwargs):
		refuse_unless_open(self.doctype)
		return super().insert(*args, **kwargs)

	def save(self, *args, **kwargs):
		refuse_unless_open(self.doctype)
		return super().save(*args, **kwargs)

	def db_insert(self, *args, **kwargs):
		refuse_unless_open(self.doctype)
		return super().db_insert(*args, **kwargs)

	def db_update(self, *args, **kwargs):
		refuse_unless_open(self.doctype)
		return super().db_update(*args, **kwargs)

	def on_trash(self) -> None:
		refuse_unless_open(self.doctype)

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		refuse_unless_open(self.doctype)
