"""Rows of the trail's own tables, written by one statement each and without controllers: those refuse everybody."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import frappe
from frappe.utils import now
from pypika import Parameter

from govcrm.accountability.guard.door import writing
from govcrm.casework.importing.writer import execute_many, insert_many

# Not the user at work: whose act it is stands in the event, under their pseudonym.
STANDARD = ("creation", "modified", "owner", "modified_by", "docstatus", "idx")
OWNER = "Administrator"
SAVEPOINT = "govcrm_insert_once"


def insert(doctype: str, columns: tuple[str, ...], rows: Sequence[tuple]) -> None:
	"""One INSERT of rows that hold the values of `columns`."""
	moment = now()
	standard = (moment, moment, OWNER, OWNER, 0, 0)
	with writing():
		insert_many(doctype, columns + STANDARD, [row + standard for row in rows])


def insert_all(doctype: str, columns: tuple[str, ...], rows: Sequence[tuple]) -> bool:
	"""Insert rows with one statement. False when another process was first with one of them; some may then be there."""
	if frappe.db.db_type == "mariadb":
		return _insert_or_keep(doctype, columns, rows) == len(rows)
	if frappe.db.db_type == "postgres":
		frappe.db.savepoint(SAVEPOINT)
	try:
		insert(doctype, columns, rows)
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		if frappe.db.db_type == "postgres":
			frappe.db.rollback(save_point=SAVEPOINT)
		return False
	return True


def insert_once(doctype: str, values: Mapping[str, Any], unique: str) -> str:
	"""Insert a row unless another process was first; the name of the one that stays."""
	if frappe.db.db_type == "mariadb":
		made = _insert_or_keep(doctype, tuple(values), [tuple(values.values())])
		return values["name"] if made == 1 else _first(doctype, unique, values[unique])
	if frappe.db.db_type == "postgres":  # there alone a statement that fails takes the transaction with it
		frappe.db.savepoint(SAVEPOINT)
	try:
		insert(doctype, tuple(values), [tuple(values.values())])
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error):
			raise
		if frappe.db.db_type == "postgres":
			frappe.db.rollback(save_point=SAVEPOINT)
		return _first(doctype, unique, values[unique])
	return values["name"]


def _insert_or_keep(doctype: str, columns: tuple[str, ...], rows: Sequence[tuple]) -> int:
	"""Insert what is not there yet; gives how many rows.

	A plain INSERT that meets another's row leaves a shared lock on it. Two that waited for the same first act would then
	each wait for the other's to be gone; this way each has the row for itself, one after the other.
	"""
	moment = now()
	standard = (moment, moment, OWNER, OWNER, 0, 0)
	frappe.db.transaction_writes += len(rows)
	with writing():
		return execute_many(_keeping(doctype, columns + STANDARD), [row + standard for row in rows])


@lru_cache(maxsize=8)
def _keeping(doctype: str, columns: tuple[str, ...]) -> str:
	table = frappe.qb.DocType(doctype)
	insert = frappe.qb.into(table).columns(*columns).insert(*[Parameter("%s")] * len(columns))
	return insert.on_duplicate_key_update(table.name, table.name).get_sql()


def _first(doctype: str, unique: str, value: str) -> str:
	"""By a locking read: a plain one does not see what was committed since this transaction began."""
	return frappe.db.get_value(doctype, {unique: value}, "name", for_update=True)
