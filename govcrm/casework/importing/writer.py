"""Writes many rows of one DocType with one statement.

`frappe.db.bulk_insert` puts every value into the text of the statement, which costs more than the insert itself.
Here the statement is built once by the query builder, with place holders, and the driver is given the values:
MySQL's joins them to multi-row inserts, SQLite's prepares the statement once.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import frappe
from pypika import Parameter


def insert_many(doctype: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
	"""Insert `rows`, each a sequence of values in the order of `columns`, within the running transaction.

	No controller, hook, default or check runs: the rows must be as the one-by-one way writes them, with times as
	ISO text. Raises what the driver raises (a duplicate, a value too long); the caller then rolls back.
	"""
	if rows:
		frappe.db.transaction_writes += len(rows)
		frappe.db._cursor.executemany(statement(frappe.db.db_type, doctype, columns), rows)


@lru_cache(maxsize=64)
def statement(db_type: str, doctype: str, columns: tuple[str, ...]) -> str:
	mark = Parameter("?" if db_type == "sqlite" else "%s")
	return (
		frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns).insert(*[mark] * len(columns)).get_sql()
	)
