"""The ways past documents, which have no doc events: values set, rows deleted, and savepoints.

`frappe.db.set_value`, `set_single_value` and `bulk_update` (and `db_set`, which calls the first two) leave one event for each
governed record that they change; `frappe.db.delete` one for each that it removes. What touches derived fields alone goes
through without a query. Other raw statements say themselves what they did, through `record_many`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import frappe
from frappe.database.database import Database
from frappe.model.document import Document

from govcrm import compat
from govcrm.accountability.trail import acts, rows, state
from govcrm.accountability.trail.entries import Entry, let_go
from govcrm.accountability.trail.governed import governed, host_of, is_shipping, is_table, only_derived

Key = tuple[str, str]


def install() -> None:
	"""Wrap Frappe's Database, once in each process. On sites without the app nothing comes of it.

	The kinds of it that have a method of their own too: SQLite's takes changes back without asking the general one.
	"""
	for kind in (Database, *Database.__subclasses__()):
		for name, wrapper in _WRAPPERS.items():
			original = vars(kind).get(name)
			if original and not hasattr(original, "govcrm_trail"):
				wrapped = wrapper(original)
				wrapped.govcrm_trail = True
				setattr(kind, name, wrapped)


def begin_deletion(doc: Document) -> None:
	"""`delete_doc` has begun: it tells of the record itself, with the values it still had."""
	_noted("deleting").add((doc.doctype, str(doc.name)))


def end_deletion(doc: Document) -> bool:
	"""Whether the deletion of this record has yet to be told."""
	key = (doc.doctype, str(doc.name))
	_noted("deleting").discard(key)
	told = key in _noted("deleted")
	_noted("deleted").discard(key)
	return not told


# The wrappers ------------------------------------------------------------------------------------------------


def _set_value(original: Callable) -> Callable:
	@wraps(original)
	def set_value(self, dt, dn, field, *args, **kwargs):
		if dn is None or dn == dt or not matters(dt, field if isinstance(field, dict) else (field,)):
			return original(self, dt, dn, field, *args, **kwargs)
		with watching(dt, matching(dt, dn)):
			return original(self, dt, dn, field, *args, **kwargs)

	return set_value


def _set_single_value(original: Callable) -> Callable:
	@wraps(original)
	def set_single_value(self, doctype, fieldname, *args, **kwargs):
		if not matters(doctype, fieldname if isinstance(fieldname, dict) else (fieldname,)):
			return original(self, doctype, fieldname, *args, **kwargs)
		with watching(doctype, [doctype]):
			return original(self, doctype, fieldname, *args, **kwargs)

	return set_single_value


def _bulk_update(original: Callable) -> Callable:
	@wraps(original)
	def bulk_update(self, doctype, doc_updates, *args, **kwargs):
		fields = {field for values in doc_updates.values() for field in values}
		if not matters(doctype, fields):
			return original(self, doctype, doc_updates, *args, **kwargs)
		with watching(doctype, list(map(str, doc_updates))):
			return original(self, doctype, doc_updates, *args, **kwargs)

	return bulk_update


def _delete(original: Callable) -> Callable:
	@wraps(original)
	def delete(self, doctype, filters=None, *args, **kwargs):
		if not is_watched(doctype) or _within_deletion(doctype, filters):
			return original(self, doctype, filters, *args, **kwargs)
		with watching(doctype, matching(doctype, filters or {})):
			return original(self, doctype, filters, *args, **kwargs)

	return delete


def _savepoint(original: Callable) -> Callable:
	"""What an act has kept so far belongs before the savepoint."""

	@wraps(original)
	def savepoint(self, save_point):
		if self is frappe.local.db:
			acts.flush()
		return original(self, save_point)

	return savepoint


def _rollback(original: Callable) -> Callable:
	"""What an act has kept, and what the trail made, is taken back with the rest."""

	@wraps(original)
	def rollback(self, *, save_point=None):
		if self is frappe.local.db:
			acts.drop()
			state.taken_back()
		return original(self, save_point=save_point)

	return rollback


_WRAPPERS = {
	"set_value": _set_value,
	"set_single_value": _set_single_value,
	"bulk_update": _bulk_update,
	"delete": _delete,
	"savepoint": _savepoint,
	"rollback": _rollback,
}

# What they change --------------------------------------------------------------------------------------------


def is_watched(doctype: str) -> bool:
	return state.ready() and (doctype in governed().watched or is_table(doctype))


def matters(doctype: str, fields: Iterable[str]) -> bool:
	return is_watched(doctype) and not only_derived(doctype, fields)


def matching(doctype: str, filters: Any) -> list[str]:
	"""The names of the rows that a statement with these filters will change; they are held until it has."""
	if isinstance(filters, str):
		return [filters]
	query = frappe.qb.get_query(table=doctype, filters=filters, fields=["name"], validate_filters=True)
	if frappe.db.db_type != "sqlite":  # which has one lock for all
		query = query.for_update()
	return [str(name) for (name,) in query.run()]


@contextmanager
def watching(doctype: str, names: list[str]) -> Iterator[None]:
	"""Tell of the records that are not afterwards what they were before.

	What is read before is held, so that of two who write at once the second says what the first left.
	"""
	if not frappe.db.transaction_writes:
		compat.start_writing()
	keys = list(records_of(doctype, names))
	before = _states(keys, held=True)
	yield
	after = _states(keys)
	for key in keys:
		_tell(key, before.get(key), after.get(key))


def records_of(doctype: str, names: list[str]) -> Iterator[Key]:
	"""The governed records whose rows these are: the records themselves, or those that hold them in a table."""
	if not names:
		return
	if doctype in governed().watched:
		yield from ((doctype, name) for name in names)
		return
	if not is_table(doctype):
		return
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table.parenttype, table.parent).where(table.name.isin(names))
	yield from (parent for parent in set(query.run()) if is_covered(parent[0]))


def _states(keys: Iterable[Key], held: bool = False) -> dict[Key, dict]:
	"""The canonical rows of records, as the database holds them now."""
	names: dict[str, list[str]] = {}
	for doctype, name in keys:
		names.setdefault(doctype, []).append(name)
	return {
		(doctype, name): row
		for doctype, wanted in names.items()
		for name, row in rows.stored(doctype, wanted, held)
	}


def _tell(key: Key, old: dict | None, new: dict | None) -> None:
	doctype, name = key
	if old == new or not is_covered(doctype, old, new):
		return
	if new is None:
		_noted("deleted").add(key)
	if old and new and not is_covered(doctype, new):
		acts.capture(let_go(doctype, name, old, new))
	else:
		verb = "create" if old is None else "update" if new else "delete"
		acts.capture(Entry(verb, doctype, name, before=old, after=new))


def is_covered(doctype: str, *found: dict | None) -> bool:
	"""A satellite counts when it hung on a governed record before, or does now."""
	if doctype in governed().doctypes:
		return True
	if doctype in governed().told:
		return not is_shipping()
	return any(row and host_of(doctype, row["fields"]) for row in found)


def _within_deletion(doctype: str, filters: Any) -> bool:
	"""Whether this is a step of a `delete_doc` that tells of the record by itself."""
	if not isinstance(filters, dict):
		return False
	if set(filters) == {"name"}:
		return (doctype, str(filters["name"])) in _noted("deleting")
	return (filters.get("parenttype"), str(filters.get("parent"))) in _noted("deleting") | _noted("deleted")


def _noted(what: str) -> set[Key]:
	"""What this request remembers of records that are being deleted."""
	found = getattr(frappe.local, "govcrm_trail_noted", None)
	if found is None:
		found = frappe.local.govcrm_trail_noted = {"deleting": set(), "deleted": set()}
	return found[what]
