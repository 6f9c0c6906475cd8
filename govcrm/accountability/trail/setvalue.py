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
from pypika.queries import QueryBuilder

from govcrm import compat
from govcrm.accountability.trail import acts, rows, state, subjects
from govcrm.accountability.trail.entries import Entry, let_go
from govcrm.accountability.trail.governed import (
	HOLD_FIELDS,
	forget_parts,
	governed,
	host_of,
	is_part,
	is_shipping,
	is_table,
	only_derived,
)

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
		with watching(matching(dt, dn)):
			return original(self, dt, dn, field, *args, **kwargs)

	return set_value


def _set_single_value(original: Callable) -> Callable:
	@wraps(original)
	def set_single_value(self, doctype, fieldname, *args, **kwargs):
		if not matters(doctype, fieldname if isinstance(fieldname, dict) else (fieldname,)):
			return original(self, doctype, fieldname, *args, **kwargs)
		with watching([(doctype, doctype)]):
			return original(self, doctype, fieldname, *args, **kwargs)

	return set_single_value


def _bulk_update(original: Callable) -> Callable:
	@wraps(original)
	def bulk_update(self, doctype, doc_updates, *args, **kwargs):
		fields = {field for values in doc_updates.values() for field in values}
		if not matters(doctype, fields):
			return original(self, doctype, doc_updates, *args, **kwargs)
		with watching(matching(doctype, {"name": ("in", list(doc_updates))})):
			return original(self, doctype, doc_updates, *args, **kwargs)

	return bulk_update


def _delete(original: Callable) -> Callable:
	@wraps(original)
	def delete(self, doctype, filters=None, *args, **kwargs):
		if not is_watched(doctype) or _within_deletion(doctype, filters):
			return original(self, doctype, filters, *args, **kwargs)
		with watching(matching(doctype, filters or {})):
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
			forget_parts()
		taken_back = original(self, save_point=save_point)
		if not save_point:
			compat.count_writes_anew(self)
		return taken_back

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
	return state.ready() and (doctype in governed().watched or is_part(doctype))


def matters(doctype: str, fields: Iterable[str]) -> bool:
	return is_watched(doctype) and not only_derived(doctype, fields)


def matching(doctype: str, filters: Any) -> list[Key]:
	"""The governed records that a statement with these filters will change; they are held until the transaction ends."""
	if isinstance(filters, str) and doctype in governed().watched:
		return [(doctype, filters)]
	return found_by(
		doctype, frappe.qb.get_query(table=doctype, filters=filters, fields=["name"], validate_filters=True)
	)


def found_by(doctype: str, query: QueryBuilder) -> list[Key]:
	"""The governed records of which a query finds rows by name, also those that others committed meanwhile.

	Held in the order of a save, so that nobody who saves waits for us while we wait for them: records, by their names,
	before the rows of their tables. Out of that order come only rows of records that had none when this transaction began.
	"""
	if not compat.is_writing():
		compat.start_writing()
	if doctype not in governed().watched:
		for kind, names in _by_doctype(records_of(doctype, _names(query))):
			rows.hold(kind, names)
	return list(records_of(doctype, _names(compat.up_to_date(query)), held=True))


def _names(query: QueryBuilder) -> list[str]:
	return list({str(name) for (name,) in query.run()})


@contextmanager
def watching(keys: list[Key]) -> Iterator[None]:
	"""Tell of the records that are not afterwards what they were before.

	They are held, and read both times as they stand: of two who write at once the second says what the first left, and
	never tells as its own what another did.
	"""
	if not compat.is_writing():
		compat.start_writing()
	before = _states(keys)
	yield
	after = _states(keys)
	subjects.foresee((doctype, row) for (doctype, _name), row in (*before.items(), *after.items()))
	with acts.together():  # they may be thousands
		for key in keys:
			_tell(key, before.get(key), after.get(key))


def records_of(doctype: str, names: list[str], held: bool = False) -> Iterator[Key]:
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
	parents = set((compat.up_to_date(query) if held else query).run())
	yield from (one for one in parents if is_covered(one[0]) or one[0] in governed().satellites)


def _states(keys: Iterable[Key]) -> dict[Key, dict]:
	"""The canonical rows of records, as the database holds them now; from here on they are held."""
	return {
		(doctype, name): row
		for doctype, names in _by_doctype(keys)
		for name, row in rows.stored(doctype, names, held=True)
	}


def _by_doctype(keys: Iterable[Key]) -> list[tuple[str, list[str]]]:
	"""In the order in which all hold records."""
	names: dict[str, list[str]] = {}
	for doctype, name in sorted(keys):
		names.setdefault(doctype, []).append(name)
	return list(names.items())


def _tell(key: Key, old: dict | None, new: dict | None) -> None:
	doctype, name = key
	if doctype in HOLD_FIELDS:
		forget_parts()
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
