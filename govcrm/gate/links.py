"""Links in what is saved. Frappe looks for what they name before it asks for any right, and copies fields of it.

So whoever may post anything at all would learn which cases there are, and with a field that fetches, what stands in them.
"""

from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument
from frappe.model.document import Document

from govcrm.gate import existence, governed
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	wrap(Document, "_validate_links", validated)
	wrap(BaseDocument, "set_fetch_from_value", fetched)


def validated(validate: Callable) -> Callable:
	"""A link to a scoped record that is not there, or not for who saves, is answered with Frappe's words for the former."""

	def _validate_links(doc: Document) -> None:
		if not _is_exempt(doc) and (found := [*_closed(doc)]):
			message = _("Could not find {0}").format(", ".join(found))
			frappe.throw(message, frappe.LinkValidationError)
		validate(doc)

	return _validate_links


def fetched(fetch: Callable) -> Callable:
	"""What stands in a scoped record is not copied to where the rule does not reach, nor to a lower level."""

	def set_fetch_from_value(doc: BaseDocument, doctype: str, df: Any, values: dict[str, Any]) -> None:
		if not may_be_fetched(doc, doctype, df):
			return
		fetch(doc, doctype, df, values)

	return set_fetch_from_value


def may_be_fetched(doc: BaseDocument, doctype: str, df: Any) -> bool:
	if not governed.meant(doctype):
		return True
	source = frappe.get_meta(doctype).get_field(df.fetch_from.rpartition(".")[2])
	return governed.is_scoped(doc.get("parenttype") or doc.doctype) and (
		not source or (source.permlevel or 0) <= (df.permlevel or 0)
	)


def _is_exempt(doc: Document) -> bool:
	"""What the app does by itself it does for people who may not read all that it joins."""
	flags = doc.flags
	return bool(
		frappe.session.user == ADMINISTRATOR
		or flags.ignore_permissions
		or flags.ignore_links
		or doc._action == "cancel"
	)


def _closed(doc: Document) -> Iterator[str]:
	"""In Frappe's words, the links that are new and lead to what is not there or not for the user."""
	stood = {_place(one, df, name) for one, df, _doctype, name in _all_links(doc.get_doc_before_save())}
	may: dict[tuple[str, str], bool] = {}
	for one, df, doctype, name in _all_links(doc):
		link = (doctype, str(name))
		if _place(one, df, name) in stood:
			continue
		if link not in may:
			may[link] = existence.may_know(*link)
		if not may[link]:
			yield _told(one, df, name)


def _all_links(doc: Document | None) -> Iterator[tuple[BaseDocument, Any, str, Any]]:
	for one in (doc, *doc.get_all_children()) if doc else ():
		for found in _scoped_links(one):
			yield one, *found


def _place(one: BaseDocument, df: Any, name: Any) -> tuple[str, str, str]:
	"""Not by the row: who sends a table anew, as programs do, sends it without the names of its rows."""
	return (one.doctype, df.fieldname, str(name))


def _scoped_links(doc: BaseDocument) -> Iterator[tuple[Any, str, Any]]:
	for df in doc.meta.fields:
		if df.fieldtype in ("Link", "Dynamic Link") and (name := doc.get(df.fieldname)):
			said = df.options if df.fieldtype == "Link" else doc.get(df.options)
			if doctype := governed.meant(said):
				yield df, doctype, name


def _told(doc: BaseDocument, df: Any, name: Any) -> str:
	label = _(df.label, context=df.parent)
	if doc.get("parentfield"):
		return "{} #{}: {}: {}".format(_("Row"), doc.idx, label, name)
	return f"{label}: {name}"
