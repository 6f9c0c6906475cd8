"""What a new record costs, and what of it is spared.

`append` takes the place of `Document.insert` for records whose every value the app has made itself, or has already checked
on another. What others hang on a new record runs as ever: the methods of its controller, doc events of other apps,
Notifications, Webhooks. Left out is what Frappe does for input from outside and for records that somebody may have open:
defaults, checks of links, rights, types and lengths, copies to forget, news to forms. That is half of what an insert takes.
"""

import frappe
from frappe.model.document import Document

from govcrm.accountability.trail import bare

BEFORE = ("before_insert", "before_validate", "validate", "before_save")
AFTER = ("after_insert", "on_update", "on_change")


def append(doc: Document, name: str | None = None) -> Document:
	"""Insert a record, under `name` or the name it gives itself. Nothing here cleans text that a person typed."""
	doc.flags.notifications_executed = []
	doc.flags.in_insert = True
	doc.set("__islocal", True)
	doc.set_user_and_timestamp()
	doc.set_new_name(set_name=name)
	_run(doc, BEFORE)
	with bare.in_hand(doc):  # the audit trail hears of it by the doc events that follow
		doc.db_insert()
	_run(doc, AFTER)
	doc.flags.in_insert = False
	del doc.__dict__["__islocal"]
	return doc


def _run(doc: Document, methods: tuple[str, ...]) -> None:
	for method in methods:
		doc.run_method(method)


class Unseen:
	"""For Documents whose names nobody can guess: before one is there, nobody has a copy of it or its form open."""

	def clear_cache(self) -> None:
		if not self.flags.in_insert:
			super().clear_cache()

	def notify_update(self) -> None:
		if not self.flags.in_insert:
			super().notify_update()
		elif not frappe.flags.in_patch:
			self.tell_lists()

	def tell_lists(self) -> None:
		"""As Frappe does: lists of the DocType that are open learn of the new row."""
		news = {"doctype": self.doctype, "name": self.name, "user": frappe.session.user}
		frappe.publish_realtime("list_update", news, after_commit=True)
