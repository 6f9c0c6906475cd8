"""What can be called on a site: every whitelisted function of the apps that it has, found by importing them."""

import importlib
import pkgutil

import frappe

NOT_CALLED = ("tests", "test_", "patches", "commands", "gunicorn", "conftest", "benchmarks")


def callable_methods() -> set[str]:
	"""Names under which whitelisted functions are defined, methods of documents among them."""
	for app in frappe.get_installed_apps():
		_import_all(app)
	return {f"{function.__module__}.{function.__qualname__}" for function in frappe.whitelisted}


def _import_all(app: str) -> None:
	package = importlib.import_module(app)
	for module in pkgutil.walk_packages(package.__path__, f"{app}.", onerror=lambda name: None):
		if not any(part.startswith(NOT_CALLED) for part in module.name.split(".")):
			_import(module.name)


def _import(name: str) -> None:
	"""What cannot be imported for want of a library cannot be called either."""
	try:
		importlib.import_module(name)
	except Exception:
		frappe.logger("govcrm.gate").info("not importable: %s", name)
