"""What others write with the query builder, or by text, past `frappe.db.set_value`: Frappe itself does so in a few places.

Rights by role (Role Permission Manager of Frappe 15), files of the same content, to-dos of a user who goes. Our own
statements of this kind say themselves what they did, which a test holds; so do those that come by way of `frappe.db`.
"""

import sys
from collections.abc import Callable, Mapping
from copy import copy
from functools import wraps
from importlib import import_module
from types import FrameType
from typing import Any

import frappe
from frappe.database.database import Database
from frappe.model.document import Document
from pypika import Table

from govcrm.accountability.trail import bare, setvalue
from govcrm.accountability.trail.governed import exists, governed

# Who tells by themselves (`frappe.model.rename_doc`: `trail.renames`), and a tree, of which all is derived.
DATABASE = "frappe.database."
TELLING = ("govcrm.", DATABASE, "frappe.model.rename_doc", "frappe.utils.nestedset")
_LOSES_ROWS = Document.update_child_table.__code__
# What makes an INSERT of a SELECT.
_OF_INSERT = {
	"_insert_table": None,
	"_columns": [],
	"_replace": False,
	"_ignore_duplicates": False,
	"_duplicate_updates": [],
	"_on_conflict": False,
}
Others = Callable[[Document], tuple[str, Mapping[str, Any]]]


def install() -> None:
	"""Watch as soon as there is a database: Frappe makes its query builder run statements when it begins with a site."""
	for kind in (Database, *Database.__subclasses__()):
		connect = vars(kind).get("connect")
		if connect and not hasattr(connect, "govcrm_trail"):
			kind.connect = _connecting(connect)
	if getattr(frappe.local, "qb", None):
		_watch()


def _connecting(original: Callable) -> Callable:
	@wraps(original)
	def connect(self, *args, **kwargs):
		_watch()
		return original(self, *args, **kwargs)

	connect.govcrm_trail = True
	return connect


def _watch() -> None:
	"""Wrap the query builder of this site's database, and what writes by text, once in each process."""
	kind = frappe.qb._BuilderClasss
	if not hasattr(kind.run, "govcrm_trail"):
		kind.run = _watched(kind.run)
		kind.run.govcrm_trail = True
		for module, controller, method, others in _BY_TEXT:
			_wrap(getattr(import_module(module), controller), method, others)


def _watched(original: Callable) -> Callable:
	@wraps(original)
	def run(query, *args, **kwargs):
		if not _writes(query):
			return original(query, *args, **kwargs)
		caller = sys._getframe(1)
		_refuse_scripts(caller.f_code.co_filename)
		changed = not _is_told(query, caller) and _changed(query)
		if not changed:
			return original(query, *args, **kwargs)
		with setvalue.watching(changed):
			return original(query, *args, **kwargs)

	return run


def _is_told(query, caller: FrameType) -> bool:
	"""Whether who has it run tells of it. Rows that a document loses as it is saved are in the event of that."""
	if _asks(query, caller).startswith(TELLING):
		return True
	return caller.f_code is _LOSES_ROWS and bare.is_in_hand(caller.f_locals["self"])


def _asks(query, caller: FrameType | None) -> str:
	"""The module that has the statement run. `frappe.db.bulk_insert` tells of nothing: there it is who calls that."""
	while caller and query._insert_table and _module(caller).startswith(DATABASE):
		caller = caller.f_back
	return _module(caller) if caller else ""


def _module(frame: FrameType) -> str:
	return frame.f_globals.get("__name__", "")


def _writes(query) -> bool:
	return bool(
		getattr(query, "_update_table", None)
		or getattr(query, "_delete_from", False)
		or getattr(query, "_insert_table", None)
	)


def _refuse_scripts(caller: str) -> None:
	"""Frappe refuses statements of Server Scripts that write by looking at who called `run`, which is us now."""
	if frappe.flags.in_safe_exec:
		from frappe.utils.safe_exec import SERVER_SCRIPT_FILE_PREFIX

		if SERVER_SCRIPT_FILE_PREFIX in caller:
			raise frappe.PermissionError("Only SELECT SQL allowed in scripting")


def _changed(query) -> list[setvalue.Key]:
	"""The governed records of which a statement will change, remove or add rows."""
	if query._insert_table:
		return _added(query)
	return [key for table, fields in _written(query).items() for key in _found(query, table, fields)]


def _written(query) -> dict[Table, list[str] | None]:
	"""The tables that an UPDATE or DELETE writes to, with the fields that it sets: one with a join may set those of the joined."""
	if not query._update_table:
		return {query._from[0]: None}
	found: dict[Table, list[str] | None] = {}
	for field, _value in query._updates:
		found.setdefault(field.table or query._update_table, []).append(field.name)
	return found


def _found(query, table: Table, fields: list[str] | None) -> list[setvalue.Key]:
	doctype = _doctype(table)
	if not doctype or (fields is not None and not setvalue.matters(doctype, fields)):
		return []
	return setvalue.found_by(doctype, _finding(query, table))


def _doctype(table: object) -> str | None:
	"""The DocType of a table, if it is watched."""
	name = getattr(table, "_table_name", "")
	doctype = name.removeprefix("tab")
	return doctype if doctype != name and setvalue.is_watched(doctype) and exists(doctype) else None


def _finding(query, table: Table):
	"""The SELECT of the names of rows that an UPDATE or DELETE will change: its joins, conditions and limit are the same."""
	found = copy(query)
	if query._update_table:
		found._from = [query._update_table, *query._from]
	found._update_table, found._updates, found._delete_from = None, [], False
	return found.select(table.name).where(table.name.isnotnull())


def _added(query) -> list[setvalue.Key]:
	"""The governed records that an INSERT makes or adds rows to. One that names no columns cannot be read."""
	doctype = _doctype(query._insert_table)
	if not doctype:
		return []
	if doctype in governed().watched:
		return [(doctype, str(name)) for (name,) in _values(query, "name")]
	holders = set(_values(query, "parenttype", "parent"))
	return [key for kind, name in holders for key in setvalue.records_of(kind or "", [str(name or "")])]


def _values(query, *wanted: str) -> list[tuple]:
	"""What an INSERT puts into these columns, row by row; what it selects is read before."""
	columns = [column.name for column in query._columns]
	if not set(wanted) <= set(columns):
		return []
	places = [columns.index(column) for column in wanted]
	if not query._selects:
		return [tuple(getattr(row[place], "value", row[place]) for place in places) for row in query._values]
	found = copy(query)
	for part, nothing in _OF_INSERT.items():
		if hasattr(found, part):
			setattr(found, part, nothing)
	found._selects = [query._selects[place].as_(f"v{place}") for place in places]
	return list(found.run())


def _wrap(controller: type, method: str, others: Others) -> None:
	original = getattr(controller, method)

	@wraps(original)
	def write(self, *args, **kwargs):
		doctype, filters = others(self)
		if not setvalue.is_watched(doctype):
			return original(self, *args, **kwargs)
		with setvalue.watching(setvalue.matching(doctype, filters)):
			return original(self, *args, **kwargs)

	setattr(controller, method, write)


# Methods of Frappe's that write to other records than their own, by text.
_BY_TEXT: tuple[tuple[str, str, str, Others], ...] = (
	(
		"frappe.workflow.doctype.workflow.workflow",
		"Workflow",
		"set_active",
		lambda doc: ("Workflow", {"document_type": doc.document_type, "name": ("!=", doc.name or "")}),
	),
	(
		"frappe.printing.doctype.letter_head.letter_head",
		"LetterHead",
		"set_as_default",
		lambda doc: ("Letter Head", {"name": ("!=", doc.name)}),
	),
	(
		"frappe.core.doctype.role_permission_for_page_and_report.role_permission_for_page_and_report",
		"RolePermissionforPageandReport",
		"update_disable_prepared_report",
		lambda doc: ("Report", {"name": doc.report or ""}),
	),
)
