"""`db_insert` and `db_update` of a document that is not being saved: no doc event follows, so they tell by themselves.

Frappe writes fields of its Customize Form and of shipped customizations like that, and a Server Script can with any record.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import frappe
from frappe.model.base_document import BaseDocument
from frappe.model.document import Document
from frappe.model.naming import set_new_name

from govcrm.accountability.trail import setvalue


def install() -> None:
	"""Wrap Frappe's documents, once in each process."""
	for kind, name, wrapper in _WRAPPERS:
		original = vars(kind)[name]
		if not hasattr(original, "govcrm_trail"):
			wrapped = wrapper(original)
			wrapped.govcrm_trail = True
			setattr(kind, name, wrapped)


def _saving(original: Callable) -> Callable:
	@wraps(original)
	def save(self, *args, **kwargs):
		with in_hand(self):
			return original(self, *args, **kwargs)

	return save


def _bare(original: Callable) -> Callable:
	@wraps(original)
	def write(self, *args, **kwargs):
		if is_in_hand(self) or not setvalue.is_watched(self.doctype):
			return original(self, *args, **kwargs)
		if not self.name:
			set_new_name(self)  # as the original would
		with in_hand(self), setvalue.watching(_record_of(self)):
			return original(self, *args, **kwargs)

	return write


_WRAPPERS = (
	(Document, "insert", _saving),
	(Document, "_save", _saving),
	(BaseDocument, "db_insert", _bare),
	(BaseDocument, "db_update", _bare),
)


@contextmanager
def in_hand(doc: BaseDocument) -> Iterator[None]:
	"""Within this, what is written of the document is told by whoever writes it."""
	documents = _documents()
	documents.append(doc)
	try:
		yield
	finally:
		documents.pop()


def is_in_hand(doc: BaseDocument) -> bool:
	"""Whether it, or the document whose row it is, is being written by somebody who tells of it."""
	return any(one is doc or one is doc.parent_doc for one in _documents())


def is_saving(doctype: str, name: str) -> bool:
	"""Whether such a document is being saved, which will be told."""
	return any((one.doctype, one.name) == (doctype, name) for one in _documents())


def _documents() -> list[BaseDocument]:
	found = getattr(frappe.local, "govcrm_documents_in_hand", None)
	if found is None:
		found = frappe.local.govcrm_documents_in_hand = []
	return found


def _record_of(doc: BaseDocument) -> list[setvalue.Key]:
	"""The record that the row is, or is a part of, where it is governed."""
	if doc.meta.istable:
		return list(setvalue.records_of(doc.get("parenttype") or "", [str(doc.get("parent") or "")]))
	return [(doc.doctype, str(doc.name))]
