"""A log of its own for a copy of a site, which must not go on with the log of the original.

The copy has no keys: with them it would sign another history under the same name, and could read all values. So nothing of
the log that came along is of use here; the original has it. It goes, and first events of all rows begin another.
"""

import json
import os
from typing import NamedTuple

import frappe
from frappe import _

from govcrm import compat
from govcrm.accountability import folder, trail
from govcrm.accountability.guard import triggers, writing
from govcrm.accountability.sealing import tree
from govcrm.accountability.trail import state

VERB = "begin log"
SETTINGS, EVENT = "Audit Settings", "Audit Event"
# Those that sign go last: by them the log is known to be there.
TABLES = (
	"Audit Key",
	"Audit Event",
	"Audit Seal",
	"Audit Tile",
	"Audit Row",
	"Audit Anchor",
	"Audit Anchor Receipt",
	"Audit Export",
	"Audit Reconciliation",
	"Audit Finding",
	"Audit Signing Key",
)


class NoCopy(frappe.ValidationError):
	"""This site has the keys of its log, or should have, and must go on with it."""


class Unfinished(frappe.ValidationError):
	"""Another log is being begun here, and that was stopped."""


class _Left(NamedTuple):
	"""What is known of a log that is being left, in a file beside the database: the log itself goes table by table."""

	log: str | None
	emptied: bool = False

	def keep(self) -> "_Left":
		path = folder.beginning()
		fresh = path.with_suffix(".new")
		with open(fresh, "w") as file:
			json.dump(self._asdict(), file)
			file.flush()
			os.fsync(file.fileno())
		fresh.replace(path)
		return self


def begin_anew(given: str) -> str:
	"""Leave the log that came along, and begin one of this site's own; gives its id. Commits.

	`given`: what `asked_for` wants to hear. Whoever was stopped does it again, and it goes on. Raises NoCopy.
	"""
	require_no_keys()
	if given != asked_for():
		frappe.throw(_("That is not the log that is here: nothing was deleted."), NoCopy)
	left = _begun() or _Left(left_log()).keep()
	if not left.emptied:
		_empty_tables()
		left = left._replace(emptied=True).keep()
	_forget()
	folder.make()  # from here on what is set up is recorded
	_set_up()
	trail.record(VERB, detail={"log": left.log})
	frappe.db.commit()  # the last step of a command whose others commit as well
	folder.beginning().unlink()
	return folder.log_id()


def asked_for() -> str:
	"""What shows that the log which is to go was looked at: the first digits of its id, without one the site's name."""
	log = begun.log if (begun := _begun()) else left_log()
	return log[:8] if log else frappe.local.site


def require_no_keys() -> None:
	"""Who has the keys is the site that the log belongs to, or would pass for it.

	But for those of the new log, where it was stopped after it had made them.
	"""
	begun = _begun()
	if folder.made() and not (begun and begun.emptied and folder.log_id() != begun.log):
		message = _(
			"This site has the keys of its log in {0}. On a copy, take them away first; the original goes on with its log."
		)
		frappe.throw(message.format(folder.folder()), NoCopy)
	if not begun and (place := folder.unmounted()):
		message = _(
			"There is nothing in {0}, where the keys of this site's log should lie. Mount that disk, or put the keys back: "
			"keys that are lost or not mounted do not make a copy. On a copy, take govcrm_key_folder out of the site's "
			"configuration, or remove that folder."
		)
		frappe.throw(message.format(place), NoCopy)


def require_none() -> None:
	"""Raises Unfinished where a log was being begun: what was set up now would not tell of its beginning."""
	if _begun():
		message = _("Another audit log was being begun here, and that was stopped. Run {0} again first.")
		frappe.throw(message.format("bench govcrm-begin-log"), Unfinished)


def left_log() -> str | None:
	"""The id of the log that is here, by its newest checkpoint, or by an event where none was sealed."""
	newest = tree.newest()
	said = newest.checkpoint if newest else frappe.db.get_value(EVENT, {}, "header", order_by="name desc")
	try:
		found = json.loads(said)
		return found["origin" if newest else "log"]
	except (KeyError, TypeError, ValueError):
		return None


def _begun() -> _Left | None:
	try:
		return _Left(**json.loads(folder.beginning().read_bytes()))
	except FileNotFoundError:
		return None


def _empty_tables() -> None:
	"""First what would open the new log to deletions, last what tells that there is a log.

	Nothing of it is recorded, nor could be.
	"""
	frappe.flags.govcrm_log_is_left = True
	try:
		with writing():
			triggers.remove()
			_forget_horizon_and_secrets()
			for doctype in TABLES:
				compat.empty(doctype)
				frappe.db.commit()  # a table at a time: a log may hold millions of rows
	finally:
		frappe.flags.govcrm_log_is_left = False
		state.forget()


def _forget_horizon_and_secrets() -> None:
	passwords = frappe.qb.Table("__Auth")
	frappe.qb.from_(passwords).delete().where(passwords.doctype == "Audit Anchor").run()
	frappe.db.set_single_value(SETTINGS, "removed_to_seq", 0)
	frappe.db.commit()  # before any table: stopped after this, the new log is fenced all the same


def _forget() -> None:
	state.taken_back()
	frappe.clear_cache()


def _set_up() -> None:
	"""As installation and migration do: keys, triggers, first events of what is there."""
	from govcrm.setup import install  # it is made of what stands beside this

	install.set_up()
