"""Whether this site records."""

import frappe

from govcrm.accountability import folder

# What the trail remembers on `frappe.local`, and must forget when the database does.
OF_TRANSACTION = (
	"govcrm_keys",
	"govcrm_new_actors",
	"govcrm_trail_cases",
	"govcrm_trail_context",
	"govcrm_trail_noted",
	"govcrm_trail_requests",
)

_ready: set[str] = set()


def ready() -> bool:
	"""Whether events are recorded: the app is set up here, has a log id and its tables.

	Before that, while it is installed, nothing is; `set_up` then lets baseline events tell what was there. A site that
	has a log but lost its key folder is ready: writing there fails and says what to put back. So is one that was stopped
	while it began another log.
	"""
	if frappe.flags.govcrm_uninstall_began or frappe.flags.govcrm_log_is_left:
		return False
	return frappe.local.site in _ready or _look()


def taken_back() -> None:
	"""The database has undone something: what was made in this transaction and remembered may be gone."""
	for name in OF_TRANSACTION:
		setattr(frappe.local, name, None)


def forget() -> None:
	"""Look again at the next question."""
	_ready.discard(frappe.local.site)
	frappe.local.govcrm_trail_absent = False


def _look() -> bool:
	if getattr(frappe.local, "govcrm_trail_absent", False):
		return False
	if (
		frappe.db
		and frappe.db.table_exists("Audit Event")
		and (folder.made() or folder.beginning().is_file() or _has_log())
	):
		_ready.add(frappe.local.site)
		return True
	frappe.local.govcrm_trail_absent = True
	return False


def _has_log() -> bool:
	return bool(frappe.db.table_exists("Audit Key") and frappe.db.count("Audit Key"))
