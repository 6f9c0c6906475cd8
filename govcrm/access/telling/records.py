"""Frappe's records that tell somebody of another record, in place of its own classes: hook `override_doctype_class`."""

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import NotificationLog
from frappe.email.doctype.document_follow.document_follow import DocumentFollow
from frappe.email.doctype.notification.notification import Notification
from frappe.model.document import Document

from govcrm import mails
from govcrm.access.satellites.reading import hangs_on_scoped
from govcrm.access.telling.readers import may_be_told, told_at


class GovernedNotice(NotificationLog):
	"""Mentions, assignments, shares, alerts. Who may not read the record gets none, and so no mail of it either.

	Nothing is said to whoever brought it about: the rest of what they do goes on, and who may read what is not their business.
	"""

	def insert(self, *args, **kwargs) -> Document:
		if may_be_told(self.for_user, self.document_type, self.document_name):
			return super().insert(*args, **kwargs)
		return self

	def after_insert(self) -> None:
		address = frappe.db.get_value("User", self.for_user, "email")
		with mails.about(self.document_type, self.document_name, address):
			super().after_insert()


class GovernedFollow(DocumentFollow):
	"""Frappe has people follow what they make, like, are assigned or given: here only what they may read."""

	def insert(self, *args, **kwargs) -> Document:
		if may_be_told(self.user, self.ref_doctype, self.ref_docname):
			return super().insert(*args, **kwargs)
		return self

	def validate(self) -> None:
		if not may_be_told(self.user, self.ref_doctype, self.ref_docname):
			frappe.throw(_("This is not there, or not for {0}.").format(self.user), frappe.PermissionError)


class GovernedAlert(Notification):
	"""The rules that an administrator writes send to roles and to fields of the record."""

	def get_list_of_recipients(self, doc, context) -> tuple[list[str], ...]:
		return tuple(told_at(found, doc) for found in super().get_list_of_recipients(doc, context))

	def get_receiver_list(self, doc, context, *args, **kwargs) -> list[str]:
		return told_at(super().get_receiver_list(doc, context, *args, **kwargs), doc, "mobile_no")


def refuse_points(doc: Document, method: str | None = None) -> None:
	"""Doc event of Energy Point Log, before insert: points tell for which record they are."""
	if not may_be_told(doc.user, doc.reference_doctype, doc.reference_name):
		frappe.throw(_("This is not there, or not for {0}.").format(doc.user), frappe.PermissionError)


def refuse_discussion(doc: Document, method: str | None = None) -> None:
	"""Doc event of Discussion Topic and Discussion Reply, before insert: what is said there goes out to every open page."""
	if hangs_on_scoped(doc.doctype, doc.as_dict()):
		frappe.throw(
			_("This is not discussed on the website. Write a comment instead."), frappe.PermissionError
		)
