"""What is saved on a sealed case: its words go into the sealed matter before they reach the table."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.sealed import content, hanging, matter


class NoMailFromSealed(frappe.OutgoingEmailError):
	http_status_code = 403


def keep(doc: Document, method: str | None = None) -> None:
	"""Doc event `before_save` of all: after everything was checked, before anything is written."""
	if not content.is_covered(doc.doctype):
		return
	found = ((row, content.words_in(row.meta, row.__dict__)) for row in content.rows_of(doc))
	said = [(row, words) for row, words in found if words]
	if not said or not is_of_sealed(doc):
		return
	doc.flags.ignore_mandatory = True  # what is missing has been there, and lies in the sealed matter
	matter.put(hanging.case_of(doc.doctype, doc), _by_record(said))
	for row, words in said:
		neutral = content.neutral_values(row.meta, row.name)
		row.update({field: neutral[field] for field in words})


def _by_record(said: list[tuple[Document, content.Words]]) -> matter.Said:
	found: matter.Said = {}
	for row, words in said:
		found.setdefault(row.doctype, {})[row.name] = words
	return found


def is_of_sealed(doc: Document) -> bool:
	if doc.doctype == "Case":
		return doc.confidentiality == "Sealed"
	return matter.is_sealed(hanging.case_of(doc.doctype, doc))


def forget(doc: Document, method: str | None = None) -> None:
	"""Doc event `after_delete` of all."""
	if content.is_covered(doc.doctype) and doc.doctype != "Case" and is_of_sealed(doc):
		matter.drop(hanging.case_of(doc.doctype, doc), doc.doctype, doc.name)


def refuse_file(doc: Document) -> None:
	"""By the class of File, before its content is written to the disk as it is."""
	if is_of_sealed(doc):
		message = _(
			"A sealed case takes no files this way: they would be kept unencrypted. Add the file on its form, under Sealed Matter."
		)
		frappe.throw(message, frappe.PermissionError)


def quieten(doc: Document, method: str | None = None) -> None:
	"""Doc event of Notification Log, before it is inserted: that there is news, and nothing of it."""
	if is_of_sealed(doc):
		doc.subject = _("There is news on the sealed case {0}.").format(hanging.case_of(doc.doctype, doc))
		doc.email_content = None


def refuse_mail(doc: Document, method: str | None = None) -> None:
	"""Doc event of Email Queue and of Communication, before they are inserted. A mail leaves the agency as it is."""
	received = doc.doctype == "Communication" and (
		doc.communication_medium != "Email" or doc.sent_or_received != "Sent"
	)
	if not received and is_of_sealed(doc):
		message = _("Nothing about a sealed case is sent by mail. Tell them by letter, or in person.")
		frappe.throw(message, NoMailFromSealed)
