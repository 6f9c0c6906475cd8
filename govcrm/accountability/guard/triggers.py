"""The database's own refusal to change the audit log, for those who reach it past the application.

An event may be given its number once, and may go when the retention of the log has passed it; checkpoints, keys and receipts
stay as they are. Whoever owns the database can drop triggers, so they are a fence and no proof: what was done behind
them is found by the verifier.

They are made at install and at every migrate. This is the one place with SQL of its own: no query builder knows triggers.
"""

import click
import frappe

from govcrm.accountability.guard.dialects import DIALECTS, Dialect, Trigger


def _numbered_once(dialect: Dialect) -> str:
	return "0 = COALESCE(OLD.seq, 0) AND 0 < NEW.seq"


def _past_retention(dialect: Dialect) -> str:
	return f"0 < OLD.seq AND OLD.seq <= {dialect.horizon()}"


TRIGGERS = (
	Trigger("Audit Event", "UPDATE", may_change=("seq",), condition=_numbered_once),
	Trigger("Audit Event", "DELETE", condition=_past_retention),
	Trigger("Audit Seal", "UPDATE"),
	Trigger("Audit Seal", "DELETE"),
	# Rotation takes the mark from the key that signed until then.
	Trigger("Audit Signing Key", "UPDATE", may_change=("active", "modified", "modified_by")),
	Trigger("Audit Signing Key", "DELETE"),
	Trigger("Audit Anchor Receipt", "UPDATE"),
	Trigger("Audit Anchor Receipt", "DELETE"),
)


def ensure() -> None:
	"""Make the triggers that are missing or are not as they should be. Says what the database does not let it make.

	Commits, as every statement on the schema does.
	"""
	reasons = {trigger.name: reason for trigger in _wanting() if (reason := _make(trigger))}
	if reasons:
		_tell(reasons)


def missing() -> list[str]:
	"""Names of triggers that the database does not have as they should be: [] when the log is fenced in."""
	return [trigger.name for trigger in _wanting()]


def remove() -> None:
	"""Before the app goes. The tables take triggers along, but not the functions of PostgreSQL."""
	for trigger in TRIGGERS:
		_run(dialect().drop(trigger.name, trigger.doctype))


def dialect() -> Dialect:
	return DIALECTS[frappe.db.db_type]


def _wanting() -> list[Trigger]:
	existing = dialect().existing()
	return [trigger for trigger in TRIGGERS if not _stands(trigger, existing)]


def _stands(trigger: Trigger, existing: dict[str, str]) -> bool:
	# Databases take white space at the ends away, or keep what stood around it.
	wanted = dialect().wanted(trigger)
	return all(existing.get(name, "").strip() == body.strip() for name, body in wanted.items())


def _make(trigger: Trigger) -> str | None:
	"""Why it could not be made. Without the right to, or with binary logging and no trust in the account."""
	try:
		_run(dialect().drop(trigger.name, trigger.doctype))
		_run(dialect().create(trigger))
	except Exception as error:
		frappe.db.rollback()  # PostgreSQL takes nothing more in a transaction that failed; nothing else is in it
		return str(error)
	frappe.db.commit()  # there a statement on the schema does so before, not after it
	return None


def _run(statements) -> None:
	for statement in statements:
		frappe.db.sql_ddl(statement)


def _tell(reasons: dict[str, str]) -> None:
	"""On the console of whoever installs or migrates, and in the log. The audit's health page says it for as long as it is so."""
	lines = "\n".join(f"  {name}: {reason}" for name, reason in reasons.items())
	message = (
		"The database did not let GovCRM make the triggers that keep the audit log from being changed:\n"
		f"{lines}\n"
		"The application refuses such changes by itself, and the verifier finds them. To have the database refuse them too, "
		f"give its user {dialect().rights}, and run bench migrate."
	)
	click.secho(message, fg="yellow")
	frappe.logger("govcrm.audit").warning(message)
