"""The triggers in the words of each database. All text here is the app's own: no value from outside reaches it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import frappe
from frappe.query_builder import CustomFunction
from pypika import Schema, Table

REFUSAL = "GovCRM: the audit log is append-only"
PREFIX = "govcrm_"


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
	"""MariaDB's words, and the parts the others share."""

	quote = "`"
	integer = "SIGNED"

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
		return " AND ".join(parts) or "1 = 0"

	def horizon(self) -> str:
		"""Up to which event the retention of the log has removed rows, or is about to."""
		value = f"CAST(NULLIF(value, '') AS {self.integer})"
		where = "doctype = 'Audit Settings' AND field = 'removed_to_seq'"
		return f"COALESCE((SELECT MAX({value}) FROM {self.table('Singles')} WHERE {where}), 0)"

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
		account is missing every statement on the table fails.
		"""
		table = Schema("information_schema").TRIGGERS
		schema, account = CustomFunction("DATABASE")(), CustomFunction("CURRENT_USER")()
		query = frappe.qb.from_(table).select(table.TRIGGER_NAME, table.ACTION_STATEMENT)
		query = query.where(table.TRIGGER_NAME.like(f"{PREFIX}%"))
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
		return dict(query.where((table.type == "trigger") & table.name.like(f"{PREFIX}%")).run())


class Postgres(Dialect):
	"""A function for each trigger. One on TRUNCATE besides, which has no rows and is never allowed."""

	quote = '"'
	integer = "BIGINT"

	def same(self, column: str) -> str:
		return f"OLD.{self.column(column)} IS NOT DISTINCT FROM NEW.{self.column(column)}"

	def body(self, trigger: Trigger) -> str:
		row = "NEW" if trigger.event == "UPDATE" else "OLD"
		refusal = f"RAISE EXCEPTION '{REFUSAL}'"
		return f"BEGIN IF ({self.allowed(trigger)}) IS NOT TRUE THEN {refusal}; END IF; RETURN {row}; END"

	def create(self, trigger: Trigger) -> Iterator[str]:
		name, table = trigger.name, self.table(trigger.doctype)
		yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {self.body(trigger)} $$"
		yield f"CREATE TRIGGER {name} BEFORE {trigger.event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
		if trigger.event == "DELETE":
			nothing = f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END"
			yield f"CREATE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ {nothing} $$"
			each = "FOR EACH STATEMENT EXECUTE FUNCTION"
			yield f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} {each} {name}_all()"

	def drop(self, name: str, doctype: str) -> Iterator[str]:
		for one in (name, f"{name}_all"):
			yield f"DROP FUNCTION IF EXISTS {one}() CASCADE"  # with the trigger that calls it

	def existing(self) -> dict[str, str]:
		trigger, function = Table("pg_trigger"), Table("pg_proc")
		query = (
			frappe.qb.from_(trigger)
			.join(function)
			.on(function.oid == trigger.tgfoid)
			.select(trigger.tgname, function.prosrc)
			.where(trigger.tgname.like(f"{PREFIX}%") & (trigger.tgenabled != "D"))
		)
		return {name: source.strip() for name, source in query.run()}


DIALECTS: dict[str, Dialect] = {"mariadb": Dialect(), "sqlite": SQLite(), "postgres": Postgres()}


def kept_columns(trigger: Trigger) -> set[str]:
	"""The columns of the table, as it is now, that an UPDATE must leave alone."""
	return set(frappe.db.get_table_columns(trigger.doctype)) - {*trigger.may_change}
