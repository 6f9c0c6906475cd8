"""Acts on many records at once, of which one may fail without the others."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import strip_html

Run = Callable[[Callable[[], object], str], str | None]  # `attempt` and `alone`
EXPECTED = (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)


def attempt(act: Callable[[], object], title: str) -> str | None:
	"""Act within a savepoint. Returns None, or why it failed; what it did until then is undone.

	A refusal is told in its own words; anything unforeseen goes to the Error Log under `title`.
	"""
	frappe.db.savepoint("attempt")
	return _try(act, title, lambda: frappe.db.rollback(save_point="attempt"))


def alone(act: Callable[[], object], title: str) -> str | None:
	"""As `attempt`, in a transaction of its own, which stays when the act succeeds. For jobs only.

	What was begun before belongs to nobody's act and is given up: the act shall see what others have committed.
	"""
	frappe.db.rollback()
	why = _try(act, title, frappe.db.rollback)
	frappe.db.commit()  # each act of a job stands by itself, and so does the word that it failed
	return why


def refusal(act: Callable[[], object]) -> str | None:
	"""Act within a savepoint. Returns None, or the words of a refusal; anything unforeseen is raised."""
	frappe.db.savepoint("refusal")
	try:
		act()
	except EXPECTED as words:
		frappe.db.rollback(save_point="refusal")
		return _forget(strip_html(str(words)) or _("Not permitted"))
	return None


def _try(act: Callable[[], object], title: str, undo: Callable[[], object]) -> str | None:
	try:
		act()
	except EXPECTED as refusal:
		undo()
		return _forget(strip_html(str(refusal)) or _("Not permitted"))
	except Exception:
		undo()
		frappe.log_error(title=title)
		return _forget(_("Unexpected error. It is in the Error Log."))
	return None


def _forget(message: str) -> str:
	frappe.clear_messages()
	return message
