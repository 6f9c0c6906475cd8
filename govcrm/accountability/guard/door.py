"""The one way into the tables of the audit trail, for the app's own hand.

Everything that writes there stands inside `with writing():`. Nobody else gets in: not a form, not the API, not a Server
Script, not Administrator. What a person may cause (sealing, retention, shredding) is a function that checks who asks and
opens the door itself; the door is never opened for what a client sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

# Appended by the app and changed by it at most in the columns that `govcrm.accountability.guard.triggers` names.
APPEND_ONLY = frozenset(
	(
		"Audit Actor",
		"Audit Anchor Receipt",
		"Audit Event",
		"Audit Key",
		"Audit Reconciliation",
		"Audit Row",
		"Audit Seal",
		"Audit Signing Key",
		"Audit Tile",
	)
)


class AppendOnlyError(frappe.PermissionError):
	"""Somebody tried to write where only the app's own hand may."""


@contextmanager
def writing() -> Iterator[None]:
	"""Let the statements inside into the append-only tables. It may be nested."""
	depth = getattr(frappe.local, "govcrm_audit_writing", 0)
	frappe.local.govcrm_audit_writing = depth + 1
	try:
		yield
	finally:
		frappe.local.govcrm_audit_writing = depth


def is_open() -> bool:
	"""Whether the app itself is writing; from the start of its removal on, which takes the tables away, always."""
	return bool(getattr(frappe.local, "govcrm_audit_writing", 0) or frappe.flags.govcrm_uninstall_began)


def refuse_unless_open(doctype: str) -> None:
	"""Raises AppendOnlyError with a sentence for people."""
	if not is_open():
		message = _(
			"{0} is part of the audit log. Only the application itself adds to it; nobody can change or delete it."
		)
		frappe.throw(message.format(_(doctype)), AppendOnlyError, title=_("Audit Log"))
