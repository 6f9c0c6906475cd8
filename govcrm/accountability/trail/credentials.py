"""What a person logs in with: new passwords and second factors, which Frappe keeps past its documents.

`frappe.utils.password.update_password` is where every new password of a user ends: that of the reset link, of
`bench set-admin-password`, of a user's own form. It is told that there is a new one, and nothing of it. What is saved
with a document (`new_password`, `api_secret`) is told by its save; log-outs come with *Activity Log*.
"""

import sys
from collections.abc import Callable, Iterator
from functools import wraps

import frappe
from frappe import defaults
from frappe.utils import password

from govcrm.accountability.trail import acts, bare, state
from govcrm.accountability.trail.entries import Entry

SET_PASSWORD, SET_FACTOR, RESET_FACTOR = "set password", "set second factor", "reset second factor"
# Names under which modules have imported it.
_NAMES = ("update_password", "_update_password")
_FACTORS, _FACTOR = "__2fa", "_otpsecret"  # `frappe.twofactor`: parent and ending of such a default


def install() -> None:
	"""Wrap Frappe's functions, once in each process, also where others have taken them by name."""
	original = password.update_password
	if hasattr(original, "govcrm_trail"):
		return
	wrapped = _passing(original)
	for module, name in list(_holders(original)):
		setattr(module, name, wrapped)
	defaults.add_default = _told_default(defaults.add_default, SET_FACTOR)
	defaults.clear_default = _told_default(defaults.clear_default, RESET_FACTOR, _has_factor)


def _holders(original: Callable) -> Iterator[tuple[object, str]]:
	for module in list(sys.modules.values()):
		for name in _NAMES:
			if getattr(module, "__dict__", {}).get(name) is original:
				yield module, name


def _passing(original: Callable) -> Callable:
	@wraps(original)
	def update_password(user, pwd, doctype="User", fieldname="password", logout_all_sessions=False):
		is_new = doctype == "User" and not bare.is_saving("User", user) and not _is_hashed_anew(user, pwd)
		result = original(user, pwd, doctype, fieldname, logout_all_sessions)
		if is_new:
			_tell(SET_PASSWORD, user, (fieldname,))
		return result

	update_password.govcrm_trail = True
	return update_password


def _is_hashed_anew(user: str, given: str) -> bool:
	"""Whether it is the password that was there: at a log-in Frappe replaces hashes of an older kind."""
	table = password.Auth
	query = (
		frappe.qb.from_(table).select(table.password).where((table.doctype == "User") & (table.name == user))
	)
	stored = query.where((table.fieldname == "password") & (table.encrypted == 0)).run(pluck=True)
	context = password.passlibctx
	return bool(stored) and context.needs_update(stored[0]) and context.verify(given, stored[0])


def _told_default(
	original: Callable, verb: str, changes: Callable[[str], bool] = lambda key: True
) -> Callable:
	"""`changes` says, before it happens, whether anything will be other than it was."""

	@wraps(original)
	def change(key=None, value=None, parent=None, *args, **kwargs):
		is_told = parent == _FACTORS and (key or "").endswith(_FACTOR) and changes(key)
		result = original(key, value, parent, *args, **kwargs)
		if is_told:
			_tell(verb, key.removesuffix(_FACTOR), ("second_factor",))
		return result

	return change


def _has_factor(key: str) -> bool:
	return bool(frappe.db.exists("DefaultValue", {"parent": _FACTORS, "defkey": key}))


def _tell(verb: str, user: str, secrets: tuple[str, ...]) -> None:
	"""No row changes by it: passwords and factors stand in none."""
	if state.ready() and frappe.db.exists("User", user):
		acts.record_many([Entry(verb, "User", user, rows=[], values={}, secrets=secrets)])
