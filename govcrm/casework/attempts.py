"""Acts on many records at once, of which one may fail without the others."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import strip_html

EXPECTED = (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)


def attempt(act: Callable[[], object], title: str) -> str | None:
	"""Act within a savepoint. Returns None, or why it failed; what it did until then is undone.

	A refusal is told in its own words; anything unforeseen goes to the Error Log under `title`.
	"""
	frappe.db.savepoint("attempt")
	try:
		act()
	except EXPECTED as refusal:
		return _undo(strip_html(str(refusal)) or _("Not permitted"))
	except Exception:
		failure = _undo(_("Unexpected error. It is in the Error Log."))
		frappe.log_error(title=title)
		return failure
	return None


def _undo(message: str) -> str:
	frappe.db.rollback(save_point="attempt")
	frappe.clear_messages()
	return message
