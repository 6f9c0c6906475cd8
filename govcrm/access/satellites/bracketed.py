"""Frappe joins the conditions of several hooks by a bare "and", and its own for File is an "or" without parentheses.

What another hook asks of a file would then bind to the last alternative alone, and public files pass it by.
"""

from functools import wraps

from frappe.core.doctype.file import file


def install() -> None:
	"""Once in each process. For sites without the app the condition means the same as before."""
	if not hasattr(file.get_permission_query_conditions, "govcrm_bracketed"):
		file.get_permission_query_conditions = _bracketed(file.get_permission_query_conditions)


def _bracketed(hook):
	@wraps(hook)
	def conditions(*args, **kwargs) -> str:
		text = hook(*args, **kwargs)
		return f"({text})" if text else ""

	conditions.govcrm_bracketed = True
	return conditions
