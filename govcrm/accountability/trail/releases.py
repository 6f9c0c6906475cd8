"""What apps bring: one event for each migrate, installation and removal, which says the versions.

The DocTypes that such a run rewrites from the files of apps are in no event of their own; what it changes in governed
records (reports, roles, scheduled jobs) is told as always.
"""

import frappe

from govcrm.accountability.trail import acts

MIGRATE, INSTALL, REMOVE = "migrate", "install app", "remove app"


def migrated() -> None:
	acts.record(MIGRATE, detail={"apps": versions()})


def installed(app: str) -> None:
	"""Hook `after_app_install`, and the end of our own installation."""
	acts.record(INSTALL, detail={"app": app, "apps": versions()})


def removed(app: str) -> None:
	"""Hook `after_app_uninstall`."""
	acts.record(REMOVE, detail={"app": app, "apps": versions()})


def versions() -> str:
	"""Installed apps in their order, such as `frappe 15.72.4, govcrm 0.4.0`."""
	return ", ".join(f"{app} {_version(app)}".strip() for app in frappe.get_installed_apps())


def _version(app: str) -> str:
	"""Empty for an app that names none."""
	return getattr(frappe.get_module(app), "__version__", "")
