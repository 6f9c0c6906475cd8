"""Pseudonyms: who acts stands in the log under a name that says nothing, and *Audit Actor* tells whose it is."""

import secrets
import time

import frappe

from govcrm.accountability.guard.door import writing
from govcrm.accountability.trail import inserting

SECONDS_KEPT = 60  # a user may be renamed by another process

_known: dict[tuple[str, str], tuple[str, float]] = {}


def pseudonym(user: str) -> str:
	"""The name under which a user stands in the log; made at their first act. 16 hexadecimal digits."""
	kept = _known.get((frappe.local.site, user))
	if kept and kept[1] > time.monotonic():
		return kept[0]
	new = _new()
	if user in new:
		return new[user]
	return _find(user) or _make(user)


def user_of(pseudonym: str) -> str | None:
	"""The user behind a pseudonym."""
	return frappe.db.get_value("Audit Actor", pseudonym, "user")


def begin_rename(old: str, new: str) -> None:
	"""What is told of the user while the new name spreads stands under the pseudonym they have."""
	_new()[new] = pseudonym(old)


def rename(old: str, new: str) -> None:
	"""Let the pseudonym follow a user who gets another name."""
	actor = pseudonym(old)
	table = frappe.qb.DocType("Audit Actor")
	name = frappe.db.get_value("User", new, "full_name")
	with writing():
		frappe.qb.update(table).set(table.user, new).set(table.full_name, name).where(
			table.name == actor
		).run()
	_known.pop((frappe.local.site, old), None)
	_new().pop(old, None)


def _find(user: str) -> str | None:
	table = frappe.qb.DocType("Audit Actor")
	found = frappe.qb.from_(table).select(table.name).where(table.user == user).run()
	if found:
		key = frappe.local.site, user
		_known[key] = (found[0][0], time.monotonic() + SECONDS_KEPT)
		frappe.db.after_rollback.add(lambda: _known.pop(key, None))  # this transaction may have made it
		return found[0][0]
	return None


def _make(user: str) -> str:
	actor = secrets.token_hex(8)
	full_name = frappe.db.get_value("User", user, "full_name") or user
	values = {"name": actor, "user": user, "full_name": full_name}
	actor = inserting.insert_once("Audit Actor", values, "user")
	_new()[user] = actor
	return actor


def _new() -> dict[str, str]:
	"""Those made in this transaction: gone when it is taken back."""
	found = getattr(frappe.local, "govcrm_new_actors", None)
	if found is None:
		found = frappe.local.govcrm_new_actors = {}
	return found
