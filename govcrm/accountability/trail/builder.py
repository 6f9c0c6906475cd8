"""What others write with the query builder, or by text, past `frappe.db.set_value`: Frappe itself does so in a few places.

Rights by role (Role Permission Manager of Frappe 15), files of the same content, to-dos of a user who goes. Our own
statements of this kind say themselves what they did, which a test holds; so do those that come by way of `frappe.db`.
"""

import sys
from collections.abc import Callable, Mapping
from copy import copy
from functools import wraps
from importlib import import_module
from typing import Any

import frappe
from frappe.database.database import Database
from frappe.model.document import Document

from govcrm.accountability.trail import setvalue
from govcrm.accountability.trail.governed import exists

# Who tells by themselves (`frappe.model.rename_doc`: `trail.renames`), and a tree, of which all is derived.
TELLING = ("govcrm.", "frappe.database.", "frappe.model.rename_doc", "frappe.utils.nestedset")
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
		changed = not caller.f_globals.get("__name__", "").startswith(TELLING) and _changed(query)
		if not changed:
			return original(query, *args, **kwargs)
		with setvalue.watching(changed):
			return original(query, *args, **kwargs)

	return run


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
	"""The governed records of which an UPDATE or DELETE will change rows."""
	table = query._update_table or (query._delete_from and query._from[0])
	name = getattr(table, "_table_name", "") if table else ""
	doctype = name.removeprefix("tab")
	if doctype == name or not setvalue.is_watched(doctype) or not exists(doctype):
		return []
	if query._update_table and not setvalue.matters(
		doctype, [field.name for field, _value in query._updates]
	):
		return []
	return setvalue.found_by(doctype, _finding(query, table))


def _finding(query, table):
	"""The SELECT of the names of rows that an UPDATE or DELETE will change: its joins, conditions and limit are the same."""
	found = copy(query)
	if query._update_table:
		found._from = [table, *query._from]
	found._update_table, found._updates, found._delete_from = None, [], False
	return found.select(table.name)


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
