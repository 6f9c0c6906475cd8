"""Every difference between Frappe 15 and 16 that the app has to know, by feature or major version."""

import re
from collections import defaultdict

import frappe
from frappe.model.document import Document
from pypika.terms import PseudoColumn

MAJOR = int(frappe.__version__.split(".")[0])
# What a hook `has_permission` says that leaves the answer to others: on 16 each of them must agree.
NO_OBJECTION = None if MAJOR < 16 else True
LONGEST_NAME = 63  # of an index: PostgreSQL's limit, MariaDB has 64


def lock_row(doctype: str, name: str) -> None:
	"""Hold the row until the transaction ends: others who lock it wait, then read what we wrote.

	Read the row anew after this, with `for_update=True`: under MariaDB's REPEATABLE READ only a locking
	read sees what another transaction committed since this one began.
	"""
	if frappe.db.db_type == "sqlite":
		_take_write_lock(doctype, name)
	else:
		table = frappe.qb.DocType(doctype)
		frappe.qb.from_(table).select(table.name).where(table.name == name).for_update().run()


def read_locked(doc: Document) -> None:
	"""Hold the document's row and read it anew, in one query where the database can."""
	if frappe.db.db_type == "sqlite":
		_take_write_lock(doc.doctype, doc.name)
	doc.flags.for_update = True
	doc.load_from_db()


def _take_write_lock(doctype: str, name: str) -> None:
	"""SQLite has one lock for all rows, which the first write takes.

	A transaction that has read cannot begin to write once another one has written: SQLite says "locked" at
	once, and waiting would not help. One that has written nothing loses nothing by being begun again.
	"""
	_open_transaction()
	try:
		_touch(doctype, name)
	except frappe.QueryDeadlockError:
		if frappe.db.transaction_writes > 1:  # more than the one that just failed
			raise
		_begin_again()
		_touch(doctype, name)


def claiming(query):
	"""Have the query hold the rows it finds until the transaction ends, and leave out those another one holds.

	MariaDB before 10.6 cannot leave them out, and waits. SQLite has one writer: call `start_writing` before.
	"""
	if frappe.db.db_type == "sqlite":
		return query
	return query.for_update(skip_locked=frappe.db.db_type == "postgres" or _mariadb_skips())


def _mariadb_skips() -> bool:
	version = frappe.db._conn.get_server_info()
	numbers = re.search(r"(\d+)\.(\d+)\.\d+-MariaDB", version)
	return tuple(map(int, numbers.groups())) >= (10, 6) if numbers else int(version.split(".")[0]) >= 8


def up_to_date(query):
	"""Have the query see what others committed since this transaction began, where the database would show an older state.

	MariaDB does for a locking read. PostgreSQL then refuses what was changed meanwhile, and in SQLite a transaction that
	writes is never behind.
	"""
	return query if frappe.db.db_type == "sqlite" else query.for_update()


def start_writing() -> None:
	"""Let a transaction that will surely write begin with that, so that all of it stays or nothing.

	SQLite refuses at once the first write of a transaction that has read what another one changed meanwhile; one
	that begins with a write waits for its turn instead. The other databases lock rows and need nothing.
	"""
	if frappe.db.db_type == "sqlite":
		_take_write_lock("DocType", "")


def is_writing() -> bool:
	"""Whether this transaction has begun to write, so that it has SQLite's one lock. Elsewhere nothing depends on that."""
	if frappe.db.db_type != "sqlite":
		return True
	return bool(frappe.db._conn and frappe.db._conn.in_transaction and frappe.db.transaction_writes)


def count_writes_anew(db) -> None:
	"""After a rollback: on SQLite Frappe 16 goes on counting, and nothing that asks would know that nothing is written yet."""
	if db.db_type == "sqlite":
		db.transaction_writes = 0


def begin() -> None:
	"""Before each job: have what it does be one transaction, on SQLite as elsewhere. Requests: `govcrm.sqlite`."""
	if frappe.db and frappe.db.db_type == "sqlite":
		_open_transaction()


def _open_transaction() -> None:
	"""On SQLite Frappe 16 opens none before the first commit or rollback: until then each write stays by itself."""
	if not frappe.db._conn:
		frappe.db.connect()
	if not frappe.db._conn.in_transaction:
		frappe.db.begin()


def _begin_again() -> None:
	frappe.db._conn.rollback()
	frappe.db.transaction_writes = 0
	frappe.db.begin()


def _touch(doctype: str, name: str) -> None:
	table = frappe.qb.DocType(doctype)
	frappe.qb.update(table).set(table.docstatus, table.docstatus).where(table.name == name).run()


def largest_statement() -> int:
	"""Bytes of a statement that the server takes. One that is longer makes MariaDB close the connection."""
	if frappe.db.db_type != "mariadb":
		return 2**30
	return int(frappe.qb.select(PseudoColumn("@@max_allowed_packet")).run()[0][0])


def empty(doctype: str) -> None:
	"""Delete all rows of a table, however many. Commits on MariaDB; on SQLite, Frappe 16 asks for a table of numbers that need not be there."""
	if frappe.db.db_type == "sqlite":
		frappe.qb.from_(frappe.qb.DocType(doctype)).delete().run()
	else:
		frappe.db.truncate(doctype)


def read_json_as_text() -> None:
	"""Once in each process: PostgreSQL gives what stands in a column for JSON as text, as the other databases do.

	Its driver would make objects of it. Frappe compares those with the text of a form, so that nothing submitted could be
	saved again, and refuses a list; and the audit log would tell of a change where only spaces were lost.
	"""
	try:
		from psycopg2.extras import register_default_json
	except ImportError:  # no bench without it, but what never meets PostgreSQL can do without
		return
	register_default_json(globally=True, loads=str)


def columns_by_table() -> dict[str, set[str]]:
	"""Tables of the site with their columns, by the word of the database: what is kept elsewhere knows of none that was dropped by hand."""
	found = defaultdict(set)
	if frappe.db.db_type == "sqlite":
		for table in frappe.db.get_tables(cached=False):
			found[table].update(row.name for row in frappe.db.get_table_columns_description(table))
		return found
	columns = frappe.qb.Schema("information_schema").columns
	is_postgres = frappe.db.db_type == "postgres"
	schema = frappe.conf.get("db_schema", "public") if is_postgres else frappe.db.cur_db_name
	query = frappe.qb.from_(columns).select(columns.table_name, columns.column_name)
	for table, column in query.where(columns.table_schema == schema).run():
		found[table].add(column)
	return found


def add_index(doctype: str, fields: list[str]) -> None:
	"""Index the columns in this order, if they are not. For `on_doctype_update`. A column may be "name desc".

	SQLite and PostgreSQL have one name space for the indexes of all tables, and Frappe names an index by its
	columns alone: the second table with the same columns would silently get none. On MariaDB and SQLite it leaves the
	columns unquoted, and `case` is a word of SQL.
	"""
	name = "_".join([frappe.scrub(doctype), *(field.split()[0] for field in fields), "index"])[:LONGEST_NAME]
	columns = [_index_column(*field.split()) for field in fields]
	frappe.db.add_index(doctype, columns, index_name=name)


def add_unique(doctype: str, fields: list[str], name: str) -> None:
	"""Let no two rows hold the same in all of these fields, if that is not so yet. For `on_doctype_update`.

	On PostgreSQL Frappe knows what went against it by "_key" in the name of what was broken.
	"""
	name = f"{name}_key" if frappe.db.db_type == "postgres" else name
	frappe.db.add_unique(doctype, fields, constraint_name=name)


def _index_column(field: str, order: str = "") -> str:
	"""PostgreSQL reads an index backwards as well as forwards; there Frappe quotes, and so leaves no place for an order."""
	quote = {"mariadb": "`", "sqlite": '"'}.get(frappe.db.db_type, "")
	return f"{quote}{field}{quote} {order}".strip() if quote else field
