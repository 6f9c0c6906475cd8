"""Records whose field `content` is closed under the key of their case, for themselves and for no other record."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability.trail import keys
from govcrm.domain import sealing

FIELDS = ("name", "case", "key_mark", "content")


class Unreadable(frappe.ValidationError):
	"""The cipher text was changed, or was put in the place of another's. Nothing is written over it."""


class Destroyed(frappe.ValidationError):
	"""The key of the case was destroyed, and with it what the case said."""


def close(doc: Document, text: str) -> None:
	key = keys.of(f"Case/{doc.case}").sealed
	doc.key_mark = sealing.mark_of(key)
	doc.content = sealing.close(key, text, about(doc.doctype, doc))


def text_of(doctype: str, row: frappe._dict) -> str:
	"""What the row says; it has FIELDS. Raises Unreadable and Destroyed."""
	text = sealing.open_closed(key_of(row), row.content or "", about(doctype, row))
	if text is None:
		message = _(
			"What {0} says was changed behind the application and cannot be read. Tell an administrator."
		)
		frappe.throw(message.format(row.case), Unreadable)
	return text


def key_of(row: frappe._dict) -> bytes:
	"""The key that the row was closed with. Raises Destroyed."""
	if not is_kept(row):
		frappe.throw(_("The key of {0} was destroyed. What it said is gone.").format(row.case), Destroyed)
	return keys.of(f"Case/{row.case}", create=False).sealed


def is_kept(row: frappe._dict) -> bool:
	"""Whether the key that the row was closed with is still there."""
	found = keys.of(f"Case/{row.case}", create=False)
	return bool(found) and sealing.mark_of(found.sealed) == row.key_mark


def about(doctype: str, row: frappe._dict | Document) -> str:
	"""What is closed belongs to this record of this case."""
	return f"{doctype}/{row.name}/Case/{row.case}"
