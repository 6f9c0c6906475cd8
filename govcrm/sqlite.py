"""SQLite has one writer. A request waits for its turn at its first write, and nothing it read before is in the way.

Left alone, Frappe 16 lets a request write each statement by itself until its first commit, and after that begin each
transaction by reading: then SQLite refuses the first write at once ("database is locked") if anybody wrote since, and
somebody is shown an error for having looked at a page while a colleague saved. Here a request reads outside of any transaction, as
under READ COMMITTED, and its first write opens one that writes: all of what it writes stays, or nothing. What must be
read under the lock is read again after it (`hold`). Jobs keep Frappe's way, which shows them one moment throughout; Frappe
does a job again that was refused.
"""

import re
from functools import partial

import frappe
from frappe.model.document import Document

# A savepoint outside of a transaction opens one, and to release it would commit.
_WRITES = re.compile(r"\s*(?:insert|update|delete|replace|savepoint)\b", re.IGNORECASE)
# Frappe 16 hands it the data twice, as other databases need it, and SQLite refuses: no record could be renamed once somebody
# had opened a list.
_SETTINGS = re.compile(r"\s*insert or replace into \W?__UserSettings\b", re.IGNORECASE)
_THREE = 3  # user, doctype, data


def take_turns() -> None:
	"""Before each request: change how this connection begins its transactions. Other databases lock rows."""
	db = frappe.local.db
	if db and db.db_type == "sqlite" and not _takes_turns(db):
		_leave_what_only_read(db)
		db.begin = partial(_begin, db.begin)
		db.execute_query = partial(_execute, db, db.execute_query)


def hold(doc: Document, method: str | None = None) -> None:
	"""Doc event before naming and before validation: from here to the commit nobody else writes.

	Elsewhere Frappe locks the series and the row it reads for a save. On SQLite it has read them without, so whether
	the document is the newest is asked again. Raises TimestampMismatchError as Frappe does. A log-in comes before the
	hooks of a request: what Frappe writes down of it waits for its turn here.
	"""
	db = frappe.local.db
	if getattr(frappe.local, "request", None):
		take_turns()
	if db.db_type != "sqlite" or not _takes_turns(db) or db._conn.in_transaction:
		return
	_begin_to_write(db)
	if hasattr(doc, "_original_modified") and not doc.flags.in_insert and not doc.is_new():
		doc.check_if_latest()


def begin_writing() -> None:
	"""Before a statement that is given to the driver itself. Other databases, and jobs, are in a transaction already."""
	db = frappe.local.db
	if not db._conn:
		db.connect()
	if db.db_type == "sqlite" and _takes_turns(db):
		_begin_to_write(db)


def _takes_turns(db) -> bool:
	return "execute_query" in vars(db)


def _begin(stock, *, read_only: bool = False) -> None:
	"""Nothing to do until something is written. For maintenance, Frappe opens another connection here."""
	if read_only or frappe.flags.read_only:
		stock(read_only=read_only)


def _execute(db, stock, query: str, values=None):
	if _WRITES.match(query):
		_begin_to_write(db)
		values = values[:_THREE] if _SETTINGS.match(query) else values
	return stock(query, values)


def _begin_to_write(db) -> None:
	if not db._conn.in_transaction:
		db._conn.execute("BEGIN IMMEDIATE")  # waits for its turn, as long as the connection's timeout says


def _leave_what_only_read(db) -> None:
	"""A log-in commits before the hooks of a request, and Frappe has begun anew after that."""
	if db._conn and db._conn.in_transaction and not db.transaction_writes:
		db._conn.rollback()
