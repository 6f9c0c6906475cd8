"""Writes many rows of one DocType with one statement.

`frappe.db.bulk_insert` puts every value into the text of the statement, which costs more than the insert itself.
Here the statement is built once by the query builder, with place holders, and the driver is given the values:
MySQL's joins them to multi-row inserts, SQLite's prepares the statement once.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import frappe
from pypika import Parameter

# Some hundred kilobytes: far from what a server takes in one packet.
ROWS_IN_STATEMENT = 250


def insert_many(doctype: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
	"""Insert `rows`, each a sequence of values in the order of `columns`, within the running transaction.

	No controller, hook, default or check runs: the rows must be as the one-by-one way writes them, with times as
	ISO text. Raises what the driver raises (a duplicate, a value too long); the caller then rolls back.
	"""
	if rows:
		frappe.db.transaction_writes += len(rows)
		execute_many(statement(frappe.db.db_type, doctype, columns), rows)


def execute_many(insert: str, rows: Sequence[Sequence[Any]]) -> None:
	"""Give the driver one INSERT for many rows.

	PyMySQL escapes in Python, five calls for each value of each row, which takes longer than the server does. Most
	values of a batch occur again and again, so with it each is escaped once, by its own function.
	"""
	if not type(frappe.db._conn).__module__.startswith("pymysql"):
		frappe.db._cursor.executemany(insert, rows)
		return
	head, row = insert.split(" VALUES ", 1)
	escaped = Escaped(frappe.db._conn.literal)
	for start in range(0, len(rows), ROWS_IN_STATEMENT):
		part = rows[start : start + ROWS_IN_STATEMENT]
		values = ",".join(row % tuple(map(escaped.__getitem__, one)) for one in part)
		frappe.db._cursor.execute(f"{head} VALUES {values}")


class Escaped(dict):
	"""The literal of each value, made when it is first asked for."""

	def __init__(self, literal: Callable[[Any], str]) -> None:
		self.literal = literal

	def __missing__(self, value: Any) -> str:
		self[value] = text = self.literal(value)
		return text


@lru_cache(maxsize=64)
def statement(db_type: str, doctype: str, columns: tuple[str, ...]) -> str:
	mark = Parameter("?" if db_type == "sqlite" else "%s")
	return (
		frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns).insert(*[mark] * len(columns)).get_sql()
	)
