"""What a name that is called stands for: the function itself, and whether one of ours answers in its place.

A function can be called by every module that imports it: `frappe.model.document.follow_document` is
`frappe.desk.form.document_follow.follow_document`, which an override does not know. It is therefore judged by where it is
defined.
"""

from functools import lru_cache

import frappe
from frappe.core.doctype.server_script.server_script_utils import get_server_script_map
from frappe.model.base_document import get_controller

OWN = "govcrm."
WITHIN = ".<locals>."
SHORT = "frappe.handler."  # where Frappe looks for names without a dot


def own_name(method: str) -> str:
	"""The name under which the function is defined; `method` for one that cannot be found, which Frappe will not find either."""
	messages = list(frappe.local.message_log)
	try:
		return _defined(method if "." in method else SHORT + method, frappe.local.site)
	except Exception:
		frappe.local.message_log = messages
		return method


def override(method: str) -> str | None:
	"""What Frappe calls instead of it, by the hook `override_whitelisted_methods`."""
	overrides = frappe.get_hooks("override_whitelisted_methods", {}).get(method)
	return overrides[-1] if overrides else None


def stands_for(method: str) -> str | None:
	"""The method of Frappe in whose place ours answers. Called by its own name it is judged as that one."""
	overrides = frappe.get_hooks("override_whitelisted_methods", {})
	return next((name for name, replaced_by in overrides.items() if replaced_by[-1] == method), None)


def is_own(method: str | None) -> bool:
	return bool(method) and method.startswith(OWN)


def is_callable(method: str) -> bool:
	"""Whether Frappe would call it for who asks: a script of that name, or a function that is whitelisted for them.

	A function within another has a name under which nobody finds it; it was found under the one that was asked for.
	"""
	if WITHIN in method or method in get_server_script_map().get("_api", {}):
		return True
	messages = list(frappe.local.message_log)
	try:
		function = frappe.get_attr(method if "." in method else SHORT + method)
	except Exception:
		frappe.local.message_log = messages
		return False
	function = getattr(function, "__func__", function)
	return function in (frappe.guest_methods if frappe.session.user == "Guest" else frappe.whitelisted)


def of_document(doctype: str, member: str) -> str:
	"""The function behind a method of a document."""
	return _name(getattr(get_controller(doctype), member, None)) or f"{doctype}.{member}"


@lru_cache(maxsize=2048)
def _defined(method: str, site: str) -> str:
	"""What cannot be found is not kept: an app may be installed."""
	if name := _name(frappe.get_attr(method)):
		return name
	raise AttributeError(method)


def _name(function: object) -> str | None:
	module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
	return f"{module}.{name}" if module and name else None
