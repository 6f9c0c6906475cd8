"""How functions of Frappe are wrapped in a process, once, and only for sites that have this app."""

import inspect
import sys
from collections.abc import Callable
from functools import wraps
from threading import RLock

import frappe

OURS = "govcrm_wrapped"
KEPT = "govcrm_is_here"
_one_by_one = RLock()  # two threads of a worker may meet their first request at once


def wrap(holder: object, name: str, make: Callable[[Callable], Callable]) -> None:
	"""Put `make(function)` in the place of `holder.name`. On sites without the app the function itself is called."""
	with _one_by_one:
		if not hasattr(getattr(holder, name), OURS):
			_put(holder, name, make)


def _put(holder: object, name: str, make: Callable[[Callable], Callable]) -> None:
	function = getattr(holder, name)
	ours = make(function)

	@wraps(function)
	def chosen(*args, **kwargs):
		return (ours if is_here() else function)(*args, **kwargs)

	if inspect.isfunction(function):
		chosen.__signature__ = inspect.signature(function)  # Frappe asks by it which arguments to give
	setattr(chosen, OURS, True)
	setattr(holder, name, chosen)
	_replace_in_modules(name, function, chosen)


def is_here() -> bool:
	"""Whether the site of this request or job has the app. Without a site, as in a console, nothing is let out raw."""
	if not getattr(frappe.local, "site", None) or not frappe.db:
		return True
	found = getattr(frappe.local, KEPT, None)
	if found is None:  # asked once for each request or job, not for each row
		found = "govcrm" in frappe.get_installed_apps()
		setattr(frappe.local, KEPT, found)
	return found


def _replace_in_modules(name: str, function: Callable, chosen: Callable) -> None:
	"""Modules that took the function by its name when they were imported have it still."""
	for module in list(sys.modules.values()):
		if getattr(module, "__dict__", {}).get(name) is function:
			setattr(module, name, chosen)
