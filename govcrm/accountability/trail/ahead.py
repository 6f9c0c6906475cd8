"""What a save changes is told before Frappe commits in the middle of it.

A DocType and a Custom Field write their row, and then the columns of a table: statements that end the transaction. Events follow
when a save has ended, and one that fails in between would leave a changed form of which nobody was told. So at each
commit it is looked at what the saves that are under way have written. What an event says then is what is committed with it.
"""

from functools import partial

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from govcrm.accountability.trail import acts, rows, state
from govcrm.accountability.trail.entries import Entry

BEGUN = "govcrm_save_begun"
TOLD = "govcrm_told_ahead"


def begin(doc: Document) -> None:
	"""A save begins, whose end may be too late."""
	doc.flags[BEGUN] = True
	doc.flags.pop(TOLD, None)
	frappe.db.before_commit.add(partial(_tell, doc))


def end(doc: Document) -> dict | None:
	"""It has ended: from here on its event is written as any other. Gives the row that was told before, if one was."""
	doc.flags.pop(BEGUN, None)
	return doc.flags.pop(TOLD, None)


def _is_under_way(doc: Document) -> bool:
	"""Whether its row is written, by this save: others may have been refused before they came to that."""
	if not doc.flags.get(BEGUN) or TOLD in doc.flags or doc.is_new():
		return False
	stored = frappe.db.get_value(doc.doctype, doc.name, "modified")
	return bool(stored) and get_datetime(stored) == get_datetime(doc.modified)


def _tell(doc: Document) -> None:
	if not _is_under_way(doc) or not state.ready():
		return
	earlier = doc.get_doc_before_save()
	before, after = earlier and rows.of(earlier), rows.one(doc.doctype, doc.name)
	if after and after != before:
		doc.flags[TOLD] = after
		verb = "update" if before else "create"
		acts.capture(Entry(verb, doc.doctype, str(doc.name), before=before, after=after))
