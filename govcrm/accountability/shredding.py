"""Lawful destruction of what the audit log says of a matter: its key goes, and with it every value in its events.

Leaves, numbers, checkpoints and proofs stay as they are, for they hold commitments under that key and no value (decision 8 of
the design). The destruction is itself an event: it names the authority in clear, such as the rule of the retention
schedule or the order of a court, and the reason under the matter's next key.

The records themselves are destroyed by whoever holds that duty, before or after. Those that stay get a new first event
under the next key, so that they are watched on. What lies outside the site goes its own way: backups keep the key as long as
they are kept, and exports that were made with values keep those.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling import matter, staying
from govcrm.accountability.trail import actors, keys

VERB = "shred"
KEY = "Audit Key"
# Frappe's own copies of what stood in records: {DocType: (field of the record's DocType, field of its name)}.
COPIES = {"Version": ("ref_doctype", "docname"), "Deleted Document": ("deleted_doctype", "deleted_name")}
AT_ONCE = 500
LONGEST = 140  # characters of the authority, which stands in a column


class Shredded(NamedTuple):
	"""`event` tells of it; `copies` is how many rows of Frappe's histories went with it."""

	event: str
	copies: int


def shred(subject: str, authority: str, reason: str) -> Shredded:
	"""Destroy the key of a matter (`Case/…`, `Citizen/…`, `Actor/…`, `Site/…`) in the transaction that runs.

	Asks for no right: the endpoint and the command do. Raises ValidationError without authority or reason, for one that is
	longer than 140 characters, where there is no key to destroy, and where a record is not as the log says (staying.Differs).
	"""
	authority, reason = _required(authority, reason)
	name = _hold(subject)
	told = matter.told_of(subject)
	stay = staying.held(subject, told)
	copies = _destroy_copies(_records_of(told))
	_destroy_key(name)
	keys.forget(subject)
	for method in frappe.get_hooks("govcrm_on_shred"):
		frappe.get_attr(method)(subject)
	event = _tell(subject, authority, reason, copies)
	staying.watch(stay)
	return Shredded(event, copies)


def _required(authority: str, reason: str) -> tuple[str, str]:
	authority, reason = (authority or "").strip(), (reason or "").strip()
	if not authority or not reason:
		frappe.throw(_("Give the authority for the destruction and the reason. Both are recorded."))
	if len(authority) > LONGEST:
		frappe.throw(_("Name the authority in at most {0} characters.").format(LONGEST))
	return authority, reason


def _hold(subject: str) -> str:
	"""The name of the matter's key, held so that nobody destroys it twice."""
	filters = {"subject": subject, "wrapped": ("is", "set")}
	name = frappe.db.get_value(KEY, filters, "name", for_update=frappe.db.db_type != "sqlite")
	if not name:
		frappe.throw(
			_("There is no key of {0}: nothing was recorded of it, or it was destroyed.").format(subject)
		)
	return name


def _destroy_key(name: str) -> None:
	"""Written over first, for a deleted row lies in the file of the table until its place is used again."""
	with writing():
		frappe.db.set_value(KEY, name, "wrapped", secrets.token_hex(40), update_modified=False)
		frappe.db.delete(KEY, {"name": name})


def _records_of(told: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
	"""Names by DocType of the records that events of the matter were about, or covered."""
	found: dict[str, set[str]] = defaultdict(set)
	for doctype, name in told:
		found[doctype].update(_names_behind(name))
	return found


def _names_behind(name: str) -> set[str]:
	"""A record named after a person stands in the log under their pseudonym."""
	return {name} | {user for user in (actors.user_of(name),) if user}


def _destroy_copies(records: Mapping[str, set[str]]) -> int:
	return sum(
		_delete(copy, *fields, doctype, sorted(names))
		for copy, fields in COPIES.items()
		for doctype, names in records.items()
	)


def _delete(copy: str, type_field: str, name_field: str, doctype: str, names: list[str]) -> int:
	deleted = 0
	for start in range(0, len(names), AT_ONCE):
		filters = {type_field: doctype, name_field: ("in", names[start : start + AT_ONCE])}
		deleted += frappe.db.count(copy, filters)
		with writing():
			frappe.db.delete(copy, filters)
	return deleted


def _tell(subject: str, authority: str, reason: str, copies: int) -> str:
	doctype, name, values = _record(subject)
	entry = trail.Entry(
		VERB,
		doctype,
		name,
		action=authority,
		reason=reason,
		detail={"copies": copies},
		subject=subject,
		values=values,
	)
	return trail.record_many([entry])[0]


def _record(subject: str) -> tuple[str | None, str | None, Mapping[str, Any]]:
	"""The record that the matter is named after, and where it belongs if it is still there."""
	kind, _slash, name = subject.partition("/")
	if kind == "Site":
		return None, None, {}
	doctype, name = ("User", actors.user_of(name)) if kind == "Actor" else (kind, name)
	stored = name and frappe.db.get_value(doctype, name, "*", as_dict=True)
	return doctype, name, stored or {}
