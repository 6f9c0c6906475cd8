import frappe
from frappe import _
from frappe.model.document import Document


class CaseStatistic(Document):
	"""What was published of a month, a department, a kind of programs or a program: see `govcrm.reports.statistics`.

	Numbers are text, since one that is withheld is no number: it would be added up as nought. Names are those of the day of
	publishing.
	"""

	def before_insert(self) -> None:
		self.refuse()

	def validate(self) -> None:
		self.refuse()

	def on_trash(self) -> None:
		self.refuse()

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		self.refuse()

	def refuse(self) -> None:
		"""A number put right by hand would give away another that is withheld."""
		frappe.throw(_("What was published stays as it is. Publish the month again to replace it."))
