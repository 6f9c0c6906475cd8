"""The triggers in the words of each database. All text here is the app's own: no value from outside reaches it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import frappe
from frappe.query_builder import CustomFunction
from pypika import Schema, Table

from govcrm.accountability.guard.door import APPEND_ONLY

REFUSAL = "GovCRM: the audit log is append-only"
PREFIX = "govcrm_"
TABLES = sorted(f"tab{doctype}" for doctype in APPEND_ONLY)
REFUSING = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"  # PostgreSQL, whatever the rows


@dataclass(frozen=True)
class Trigger:
	"""One table, one kind of statement, and what it may do.

	`event` is UPDATE or DELETE; `may_change` are the columns that an UPDATE may write, `condition` gives what must hold
	besides, as SQL, for a dialect.
	"""

	doctype: str
	event: str
	may_change: tuple[str, ...] = ()
	condition: Callable[["Dialect"], str] | None = None

	@property
	def name(self) -> str:
		return f"{PREFIX}{frappe.scrub(self.doctype)}_{self.event.lower()}"


class Dialect:
	"""MariaDB's words, and the parts the others share.

	No number stands right of a comparison: on PostgreSQL Frappe puts quotes around such, and the text would not be found
	again.
	"""

	quote = "`"
	integer = "SIGNED"
	rights = "the right TRIGGER (with binary logging also set log_bin_trust_function_creators=1)"

	def table(self, doctype: str) -> str:
		return f"{self.quote}tab{doctype}{self.quote}"

	def same(self, column: str) -> str:
		"""Byte for byte: the collation of the table holds "a" and "A" for equal."""
		return f"BINARY OLD.{self.column(column)} <=> BINARY NEW.{self.column(column)}"

	def column(self, name: str) -> str:
		return f"{self.quote}{name}{self.quote}"

	def allowed(self, trigger: Trigger) -> str:
		"""What must hold for a row, as one expression. Where nothing is allowed: false."""
		parts = [trigger.condition(self)] if trigger.condition else []
		if trigger.event == "UPDATE" and (parts or trigger.may_change):
			parts += map(self.same, sorted(kept_columns(trigger)))
		return " AND ".join(parts) or "FALSE"

	def horizon(self) -> str:
		"""Up to which event the retention of the log has removed rows, or is about to."""
		value = f"CAST(NULLIF(value, '') AS {self.integer})"
		where = "doctype = 'Audit Settings' AND field = 'removed_to_seq'"
		return f"COALESCE((SELECT MAX({value}) FROM {self.table('Singles')} WHERE {where}), 0)"

	def wanted(self, trigger: Trigger) -> dict[str, str]:
		"""What `existing` has when all is well: body by name."""
		return {trigger.name: self.body(trigger)}

	def body(self, trigger: Trigger) -> str:
		signal = f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{REFUSAL}'"
		return f"IF ({self.allowed(trigger)}) IS NOT TRUE THEN {signal}; END IF"

	def create(self, trigger: Trigger) -> Iterator[str]:
		head = f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {self.table(trigger.doctype)} FOR EACH ROW"
		yield f"{head} {self.body(trigger)}"

	def drop(self, name: str, doctype: str) -> Iterator[str]:
		yield f"DROP TRIGGER IF EXISTS {name}"

	def existing(self) -> dict[str, str]:
		"""Body of each trigger of ours, by name.

		One whose definer is another account counts for nothing: a restored dump brings such along, and where that
		account is missing every statement on the table fails. Nor does one that went with a table to its new name.
		"""
		table = Schema("information_schema").TRIGGERS
		schema, account = CustomFunction("DATABASE")(), CustomFunction("CURRENT_USER")()
		query = frappe.qb.from_(table).select(table.TRIGGER_NAME, table.ACTION_STATEMENT)
		query = query.where(table.TRIGGER_NAME.like(f"{PREFIX}%") & table.EVENT_OBJECT_TABLE.isin(TABLES))
		return dict(query.where(table.TRIGGER_SCHEMA.eq(schema) & table.DEFINER.eq(account)).run())


class SQLite(Dialect):
	quote = '"'  # Frappe makes them of backticks, and the text would not be found again
	integer = "INTEGER"

	def same(self, column: str) -> str:
		return f"CAST(OLD.{self.column(column)} AS BLOB) IS CAST(NEW.{self.column(column)} AS BLOB)"

	def body(self, trigger: Trigger) -> str:
		head = f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {self.table(trigger.doctype)} FOR EACH ROW"
		refusal = f"SELECT RAISE(ABORT, '{REFUSAL}')"
		return f"{head} WHEN ({self.allowed(trigger)}) IS NOT TRUE BEGIN {refusal}; END"

	def create(self, trigger: Trigger) -> Iterator[str]:
		yield self.body(trigger)

	def existing(self) -> dict[str, str]:
		table = Table("sqlite_master")
		query = frappe.qb.from_(table).select(table.name, table.sql)
		query = query.where((table.type == "trigger") & table.tbl_name.isin(TABLES))
		return dict(query.where(table.name.like(f"{PREFIX}%")).run())


class Postgres(Dialect):
	"""A function for each trigger. One on TRUNCATE besides, which has no rows and is never allowed."""

	quote = '"'
	integer = "BIGINT"
	rights = "the tables and the functions named govcrm_… as their owner, and CREATE on their schema"

	def same(self, column: str) -> str:
		return f"OLD.{self.column(column)} IS NOT DISTINCT FROM NEW.{self.column(column)}"

	def wanted(self, trigger: Trigger) -> dict[str, str]:
		of_all = {_of_all(trigger.name): REFUSING} if trigger.event == "DELETE" else {}
		return super().wanted(trigger) | of_all

	def body(self, trigger: Trigger) -> str:
		row = "NEW" if trigger.event == "UPDATE" else "OLD"
		refusal = f"RAISE EXCEPTION '{REFUSAL}'"
		return f"BEGIN IF ({self.allowed(trigger)}) IS NOT TRUE THEN {refusal}; END IF; RETURN {row}; END"

	def create(self, trigger: Trigger) -> Iterator[str]:
		name, table = trigger.name, self.table(trigger.doctype)
		yield self.function(name, self.body(trigger))
		yield f"CREATE TRIGGER {name} BEFORE {trigger.event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
		if trigger.event == "DELETE":
			name = _of_all(name)
			yield self.function(name, REFUSING)
			yield f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"

	def function(self, name: str, body: str) -> str:
		"""A session's own path would let a temporary table stand in for the one that holds the horizon."""
		path = f'SET search_path = pg_catalog, "{_schema()}", pg_temp'
		return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {path} AS $$ {body} $$"

	def drop(self, name: str, doctype: str) -> Iterator[str]:
		for one in (name, _of_all(name)):
			yield f"DROP FUNCTION IF EXISTS {one}() CASCADE"  # with the trigger that calls it

	def existing(self) -> dict[str, str]:
		"""Those that are switched off, or on for the sessions of a replica alone, count for nothing."""
		trigger, function = Table("pg_trigger"), Table("pg_proc")
		table, space = Table("pg_class"), Table("pg_namespace")
		query = frappe.qb.from_(trigger).join(function).on(function.oid == trigger.tgfoid)
		query = query.join(table).on(table.oid == trigger.tgrelid)
		query = query.join(space).on(space.oid == table.relnamespace)
		query = query.select(trigger.tgname, function.prosrc).where(space.nspname == _schema())
		in_force = trigger.tgenabled.isin(["O", "A"]) & table.relname.isin(TABLES)
		return dict(query.where(trigger.tgname.like(f"{PREFIX}%") & in_force).run())


def _of_all(name: str) -> str:
	return f"{name}_all"


def _schema() -> str:
	return frappe.conf.get("db_schema") or "public"


DIALECTS: dict[str, Dialect] = {"mariadb": Dialect(), "sqlite": SQLite(), "postgres": Postgres()}


def kept_columns(trigger: Trigger) -> set[str]:
	"""The columns of the table, as it is now, that an UPDATE must leave alone."""
	return set(frappe.db.get_table_columns(trigger.doctype)) - {*trigger.may_change}
