"""A log of its own for a copy of a site, which must not go on with the log of the original.

The copy has no keys: with them it would sign another history under the same name, and could read all values. So nothing of
the log that came along is of use here; the original has it. It goes, and first events of all rows begin another.
"""

import json

import frappe
from frappe import _

from govcrm import compat
from govcrm.accountability import folder, trail
from govcrm.accountability.guard import triggers, writing
from govcrm.accountability.sealing import tree
from govcrm.accountability.trail import state

VERB = "begin log"
SETTINGS = "Audit Settings"
# Keys of matters first: without them nothing is recorded any more. By those that sign the log is known to be there, so
# they go last: whoever was stopped begins again.
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
	"""This site has the keys of its log, and must go on with it."""


def begin_anew() -> str:
	"""Leave the log that came along, and begin one of this site's own; gives its id. Commits. Raises NoCopy."""
	require_no_keys()
	origin = left()
	triggers.remove()
	_empty_tables()
	_forget()
	_set_up()
	trail.record(VERB, detail={"log": origin})
	frappe.db.commit()  # the last step of a command whose others commit as well
	return folder.log_id()


def require_no_keys() -> None:
	"""Who has the keys is the site that the log belongs to, or would pass for it."""
	if folder.made():
		message = _(
			"This site has the keys of its log in {0}. On a copy, take them away first (or give its configuration another "
			"govcrm_key_folder); the original goes on with its log."
		)
		frappe.throw(message.format(folder.folder()), NoCopy)


def left() -> str | None:
	"""The id of the log that is here, by its newest checkpoint; None without one that can be read."""
	try:
		return json.loads(tree.newest().checkpoint)["origin"]
	except (AttributeError, KeyError, TypeError, ValueError):
		return None


def _empty_tables() -> None:
	with writing():
		for doctype in TABLES:
			compat.empty(doctype)
			state.forget()
			frappe.db.commit()  # a table at a time: a log may hold millions of rows
		passwords = frappe.qb.Table("__Auth")
		frappe.qb.from_(passwords).delete().where(passwords.doctype == "Audit Anchor").run()
		frappe.db.set_single_value(SETTINGS, "removed_to_seq", 0)
	frappe.db.commit()  # from here on it is a site that never had a log


def _forget() -> None:
	state.taken_back()
	frappe.clear_cache()


def _set_up() -> None:
	"""As installation and migration do: keys, triggers, first events of what is there."""
	from govcrm.setup import install  # it is made of what stands beside this

	install.set_up()
