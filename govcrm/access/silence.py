"""What Frappe says when it is asked about a record that the caller did not name, and that is not for the caller."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def no_word() -> Iterator[None]:
	"""Frappe keeps a sentence for each record that is denied, and sends them all: the name of a host would be among them."""
	kept, said = frappe.flags.pop("has_permission_check_logs", None), list(frappe.local.message_log)
	try:
		yield
	finally:
		frappe.flags.has_permission_check_logs = kept
		frappe.local.message_log = said
