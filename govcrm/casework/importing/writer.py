"""Writes many rows of one DocType with one statement.

`frappe.db.bulk_insert` puts every value into the text of the statement, which costs more than the insert itself.
Here the statement is built once by the query builder, with place holders, and the driver is given the values:
MySQL's joins them to multi-row inserts, SQLite's prepares the statement once.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import frappe
from frappe import _
from pypika import Parameter

from govcrm import compat, sqlite

# Some hundred kilobytes: far from what a server takes in one packet. Rows with long texts are fewer.
ROWS_IN_STATEMENT = 250
CHARACTERS_IN_STATEMENT = 1_000_000
OF_THE_REST = 10_000  # characters of a statement beside the row
LONG, VERY_LONG = 200, 1_000_000  # characters


def insert_many(doctype: str, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
	"""Insert `rows`, each a sequence of values in the order of `columns`, within the running transaction.

	No controller, hook, default or check runs: the rows must be as the one-by-one way writes them, with times as
	ISO text. Raises what the driver raises (a duplicate, a value too long); the caller then rolls back.
	"""
	if rows:
		frappe.db.transaction_writes += len(rows)
		execute_many(statement(frappe.db.db_type, doctype, columns), rows)


def execute_many(insert: str, rows: Sequence[Sequence[Any]]) -> int:
	"""Give the driver one INSERT for many rows; gives how many rows it says it wrote.

	PyMySQL escapes in Python, five calls for each value of each row, which takes longer than the server does. Most
	values of a batch occur again and again, so with it each is escaped once, by its own function.
	"""
	if not type(frappe.db._conn).__module__.startswith("pymysql"):
		sqlite.begin_writing()
		frappe.db._cursor.executemany(insert, rows)
		return frappe.db._cursor.rowcount
	head, rest = insert.split(" VALUES ", 1)
	row, otherwise, then = rest.partition(" ON DUPLICATE KEY ")
	escaped = Escaped()
	parts = _statements(row % tuple(map(escaped.__getitem__, one)) for one in rows)
	return sum(frappe.db._cursor.execute(f"{head} VALUES {values}{otherwise}{then}") for values in parts)


def _statements(rows: Iterable[str]) -> Iterator[str]:
	"""Rows as they stand in a statement, as many together as a server surely takes."""
	part, size = [], 0
	for row in rows:
		length = len(row) if row.isascii() else len(row.encode())
		if length > CHARACTERS_IN_STATEMENT:
			_refuse_too_long(length)
		if part and (len(part) == ROWS_IN_STATEMENT or size + length > CHARACTERS_IN_STATEMENT):
			yield ",".join(part)
			part, size = [], 0
		part.append(row)
		size += length
	if part:
		yield ",".join(part)


def _refuse_too_long(length: int) -> None:
	"""The server would close the connection on it, and nobody would know why."""
	most = compat.largest_statement()
	if length > most - OF_THE_REST:
		message = _(
			"This is too long: with its entry in the audit log it has {0} MB, and the database takes {1} MB at once. "
			"Shorten it, attach it as a file, or ask an administrator to raise max_allowed_packet."
		)
		frappe.throw(message.format(-(-length // 10**6), most // 10**6), title=_("Too Long"))


class Escaped(dict):
	"""The literal of each value, made when it is first asked for."""

	def __missing__(self, value: Any) -> str:
		self[value] = text = literal(value)
		return text


def literal(value: Any) -> str:
	"""A value as it stands in a statement for MySQL. Most texts hold nothing that ends one or stands for something else.

	Other long texts in hexadecimal: to escape JSON takes thirty times as long. Not the longest: it doubles their length,
	and a statement may have only so many bytes.
	"""
	if type(value) is str:
		if "'" not in value and "\\" not in value and "\0" not in value:
			return f"'{value}'"
		if LONG < len(value) < VERY_LONG:
			return f"_utf8mb4 0x{value.encode().hex()}"
	return frappe.db._conn.literal(value)


@lru_cache(maxsize=64)
def statement(db_type: str, doctype: str, columns: tuple[str, ...]) -> str:
	mark = Parameter("?" if db_type == "sqlite" else "%s")
	return (
		frappe.qb.into(frappe.qb.DocType(doctype)).columns(*columns).insert(*[mark] * len(columns)).get_sql()
	)
