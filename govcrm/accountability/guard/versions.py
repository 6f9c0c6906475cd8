"""Frappe's own history of governed records: its rows stay as they were written, and it cannot be turned off.

It is not the audit log, but it is what people see on a form, and what is missing there would look as if it had never been.
"""

import re
from functools import wraps

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint

from govcrm.accountability.guard.door import AppendOnlyError, is_open, writing
from govcrm.accountability.trail.governed import governed

_CHANGING = re.compile(
	r"\s*(?:update|delete|truncate|replace)\b.*[`\"\s]tabVersion\b", re.IGNORECASE | re.DOTALL
)
# `frappe.model.rename_doc.rename_versions`: the history follows the record.
_RENAMING = re.compile(
	r"""UPDATE [`"]tabVersion[`"] SET [`"]docname[`"]=\S+ WHERE [`"]docname[`"]=\S+ AND [`"]ref_doctype[`"]=\S+$"""
)
# `frappe.model.delete_doc.delete_references`, which runs as a job when a record was deleted.
_CLEARING_UP = {"ref_doctype", "docname"}


def protect(doc: Document, method: str | None = None, *names: object) -> None:
	"""Doc event of Version, before it is changed, renamed or deleted."""
	if not doc.is_new() and is_kept(doc.ref_doctype) and not is_open():
		_refuse()


def is_kept(doctype: str | None) -> bool:
	return doctype in governed().doctypes


def refuse_statement(query: str) -> None:
	"""Raises AppendOnlyError for statements that change or delete rows of Version and do not come from here."""
	if _CHANGING.match(query) and not _RENAMING.match(query):
		_refuse()


def sparing(delete):
	"""`Database.delete`, so that rows of Version go where nothing forbids it, and the others stay."""

	@wraps(delete)
	def spare(self, doctype, filters=None, *args, **kwargs):
		if doctype != "Version" or is_open():
			return delete(self, doctype, filters, *args, **kwargs)
		if _is_clearing_up(filters) and is_kept(filters["ref_doctype"]):
			return None
		if _finds_kept(filters):
			_refuse()
		with writing():
			return delete(self, doctype, filters, *args, **kwargs)

	return spare


def _is_clearing_up(filters: object) -> bool:
	return isinstance(filters, dict) and filters.keys() == _CLEARING_UP


def _finds_kept(filters: object) -> bool:
	query = frappe.qb.get_query(
		"Version", fields=["ref_doctype"], filters=filters, distinct=True, validate_filters=True
	)
	return any(is_kept(doctype) for doctype in query.run(pluck=True))


def keep_tracking_by_property(doc: Document, method: str | None = None) -> None:
	"""Doc event of Property Setter, which Customize Form writes too."""
	if doc.property == "track_changes" and not cint(doc.value) and is_kept(doc.doc_type):
		_refuse_to_forget(doc.doc_type)


def keep_tracking(doc: Document, method: str | None = None) -> None:
	"""Doc event of DocType."""
	before = doc.get_doc_before_save()
	if before and before.track_changes and not doc.track_changes and is_kept(doc.name) and not _is_shipped():
		_refuse_to_forget(doc.name)


def keeping(set_value):
	"""`Database.set_value`, which would turn tracking off without a doc event."""

	@wraps(set_value)
	def keep(self, dt, dn, field, val=None, *args, **kwargs):
		if dt == "DocType" and isinstance(dn, str) and is_kept(dn):
			given = field if isinstance(field, dict) else {field: val}
			if not cint(given.get("track_changes", 1)):
				_refuse_to_forget(dn)
		return set_value(self, dt, dn, field, val, *args, **kwargs)

	return keep


def _is_shipped() -> bool:
	"""What an app's files say about its DocTypes is the app's own matter."""
	return bool(
		frappe.flags.in_install or frappe.flags.in_migrate or frappe.flags.in_patch or frappe.flags.in_import
	)


def _refuse() -> None:
	frappe.throw(
		_("The history of this record is kept. It cannot be changed or deleted."),
		AppendOnlyError,
		title=_("Version"),
	)


def _refuse_to_forget(doctype: str) -> None:
	message = _("{0} is governed by the audit trail. Tracking of its changes cannot be turned off.")
	frappe.throw(message.format(_(doctype)), AppendOnlyError)
