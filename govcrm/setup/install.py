"""What happens when the app is installed and after every migrate. Every step may run any number of times."""

import frappe
from frappe import _
from frappe.utils.password import get_encryption_key

from govcrm.accountability import beginning, folder
from govcrm.accountability.guard import triggers
from govcrm.accountability.reconciling import baseline
from govcrm.accountability.sealing import signing
from govcrm.accountability.trail import governed, keys, releases, state
from govcrm.compat import MAJOR
from govcrm.setup import custom_fields, indexes, roles, seed

SUPPORTED = (15, 16)


def before_install() -> None:
	"""Refuse versions of Frappe that the app was never tried on, before anything is written."""
	if MAJOR not in SUPPORTED:
		message = _("GovCRM runs on Frappe 15 and 16. This bench has Frappe {0}.")
		frappe.throw(message.format(frappe.__version__))
	folder.put_aside()


def after_install() -> None:
	set_up()


def after_migrate() -> None:
	beginning.require_none()
	set_up()
	releases.migrated()


def set_up() -> None:
	"""Bring what the app owns up to date; seed what an agency may edit where it is absent."""
	make_encryption_key()
	indexes.make()
	triggers.ensure()
	make_audit_keys()
	roles.sync_roles()
	custom_fields.make()
	seed.seed()
	make_site_keys()
	baseline.begin()


def make_encryption_key() -> None:
	"""Have the site's key before anybody needs it.

	Frappe makes it at first use, each process its own when several are first at once: what the losers encrypted could
	never be read again, and what they hashed never be found.
	"""
	get_encryption_key()


def make_audit_keys() -> None:
	"""From here on acts on governed records are recorded, those of the set-up first."""
	folder.make()
	state.forget()
	hear_of_documents()
	signing.make_first()


def make_site_keys() -> None:
	"""The keys of what is no matter of a case or a person: nobody then waits for another's first act of a kind."""
	kinds = sorted(filter(governed.exists, governed.governed().watched))
	keys.many(["Site", *(f"Site/{doctype}" for doctype in kinds)], create=True)


def hear_of_documents() -> None:
	"""Have the doc events of this app from here on: Frappe read those of the other apps when the process began.

	So did the trail with its list: commands wrap the database before `new-site` has installed this app.
	What it makes of the app's files after this (scheduled jobs, fixtures, dashboards) would leave no event otherwise.
	"""
	if hasattr(frappe.local, "doc_events_hooks"):
		del frappe.local.doc_events_hooks
	governed.forget()
