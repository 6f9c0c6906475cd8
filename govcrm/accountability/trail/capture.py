"""Doc events of every DocType: what governed records go through becomes events. Others leave after one look."""

from frappe.model.document import Document

from govcrm import compat
from govcrm.accountability.trail import (
	actors,
	acts,
	ahead,
	bare,
	builder,
	credentials,
	renames,
	rows,
	setvalue,
	state,
	subjects,
)
from govcrm.accountability.trail.entries import Entry, let_go
from govcrm.accountability.trail.governed import (
	HOLD_FIELDS,
	forget_parts,
	governed,
	host_of,
	is_shipping,
	shape_of,
)


def install() -> None:
	"""Doc event of requests and jobs: watch the ways past documents, which have no doc events."""
	compat.read_json_as_text()
	setvalue.install()
	bare.install()
	credentials.install()
	builder.install()


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Frappe puts asterisks in the place of a password as it saves it: which are new can only be seen before."""
	if doc.doctype in HOLD_FIELDS and state.ready() and _is_covered(doc):
		ahead.begin(doc)
	if doc.doctype in governed().watched and (fields := shape_of(doc.doctype).passwords):
		doc.flags.govcrm_new_passwords = tuple(field for field in fields if _is_new(doc, field))


def on_update(doc: Document, method: str | None = None) -> None:
	if doc.doctype in governed().watched and getattr(doc, "_action", None) != "submit":
		_saved(doc, "create" if doc.flags.in_insert else "update")


def on_submit(doc: Document, method: str | None = None) -> None:
	if doc.doctype in governed().watched:
		_saved(doc, "create" if doc.flags.in_insert else "submit")


def on_cancel(doc: Document, method: str | None = None) -> None:
	if doc.doctype in governed().watched:
		_saved(doc, "cancel")


def on_update_after_submit(doc: Document, method: str | None = None) -> None:
	if doc.doctype in governed().watched:
		_saved(doc, "update")


def on_trash(doc: Document, method: str | None = None) -> None:
	if doc.doctype in governed().watched:
		setvalue.begin_deletion(doc)


def after_delete(doc: Document, method: str | None = None) -> None:
	if doc.doctype not in governed().watched or not setvalue.end_deletion(doc):
		return
	if _is_covered(doc) and state.ready():
		acts.capture(Entry("delete", doc.doctype, str(doc.name), before=rows.of(doc)))


def before_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	if doc.doctype == "User" and not merge and state.ready():
		actors.begin_rename(old, new)


def after_rename(doc: Document, method: str, old: str, new: str, merge: bool = False) -> None:
	"""The row of the old name is gone, that of the new one is there. A pseudonym follows its user."""
	if doc.doctype not in governed().watched or not _is_covered(doc) or not state.ready():
		return
	if doc.doctype == "User" and not merge:
		actors.rename(old, new)
	acts.record_many(renames.entries(doc.doctype, old, new))
	row = rows.one(doc.doctype, doc.name)
	# The log knows a user, and what bears their name, by one name for ever.
	gone = [(doc.doctype, old, None)] if merge or not subjects.is_personal(doc.doctype) else []
	covered = [*gone, (doc.doctype, doc.name, row)]
	detail = {"old_name": old, "new_name": new, "merged": int(bool(merge))}
	acts.capture(
		Entry("rename", doc.doctype, str(doc.name), rows=covered, values=row["fields"], detail=detail)
	)


def _saved(doc: Document, verb: str) -> None:
	if not state.ready():
		return
	if doc.doctype in HOLD_FIELDS:
		forget_parts()
	earlier = doc.get_doc_before_save() if verb != "create" else None
	if not _is_covered(doc):
		if earlier and _is_covered(earlier):
			acts.capture(let_go(doc.doctype, str(doc.name), rows.of(earlier), rows.of(doc)))
		return
	if told := ahead.end(doc):
		_capture(doc, "update", told, is_named=False)
	else:
		_capture(doc, verb, earlier and rows.of(earlier), acts.names((doc.doctype, str(doc.name))))


def _capture(doc: Document, verb: str, before: dict | None, is_named: bool) -> None:
	after = _row(doc, before)
	secrets = doc.flags.pop("govcrm_new_passwords", ())
	if before != after or secrets or is_named:
		acts.capture(Entry(verb, doc.doctype, str(doc.name), before=before, after=after, secrets=secrets))


def _is_new(doc: Document, field: str) -> bool:
	"""Whether a password is given, or one that was there is taken away."""
	value, earlier = doc.get(field), doc.get_doc_before_save()
	if value:
		return not doc.is_dummy_password(value)
	return bool(earlier and earlier.get(field))


def _row(doc: Document, before: dict | None) -> dict:
	"""Most controllers that we meet keep document and database alike, unless it was saved in other hands meanwhile.

	Others may write past the document while it is saved: what they leave is read.
	"""
	if shape_of(doc.doctype).faithful and not acts.is_behind((doc.doctype, str(doc.name)), before):
		return rows.of(doc)
	return rows.one(doc.doctype, doc.name)


def _is_covered(doc: Document) -> bool:
	rules = governed()
	if doc.doctype in rules.told:
		return not is_shipping() or bool(doc.get("custom"))
	return doc.doctype in rules.doctypes or host_of(doc.doctype, doc) is not None


install()
