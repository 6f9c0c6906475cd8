"""Rows of the trail's own tables, written by one statement each and without controllers: those refuse everybody."""

from collections.abc import Mapping, Sequence
from typing import Any

import frappe
from frappe.utils import now

from govcrm.casework.importing.writer import insert_many

# Not the user at work: whose act it is stands in the event, under their pseudonym.
STANDARD = ("creation", "modified", "owner", "modified_by", "docstatus", "idx")
OWNER = "Administrator"


def insert(doctype: str, columns: tuple[str, ...], rows: Sequence[tuple]) -> None:
	"""One INSERT of rows that hold the values of `columns`."""
	moment = now()
	standard = (moment, moment, OWNER, OWNER, 0, 0)
	insert_many(doctype, columns + STANDARD, [row + standard for row in rows])


def insert_once(doctype: str, values: Mapping[str, Any], unique: str) -> str:
	"""Insert a row unless another process was first; the name of the one that stays."""
	frappe.db.savepoint("govcrm_insert_once")
	try:
		insert(doctype, tuple(values), [tuple(values.values())])
	except Exception as error:
		if not frappe.db.is_duplicate_entry(error) and not frappe.db.is_unique_key_violation(error):
			raise
		frappe.db.rollback(save_point="govcrm_insert_once")
		return _first(doctype, unique, values[unique])
	frappe.db.release_savepoint("govcrm_insert_once")
	return values["name"]


def _first(doctype: str, unique: str, value: str) -> str:
	"""By a locking read: a plain one does not see what was committed since this transaction began."""
	return frappe.db.get_value(doctype, {unique: value}, "name", for_update=True)
