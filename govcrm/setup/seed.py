"""What an agency may edit and needs on the first day: seeded once, never touched again.

What has been seeded is remembered by name. Who deletes a seeded record does not get it back with the next migrate; a
later release that ships more seeds only these.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date

import frappe
from frappe.model.document import Document

from govcrm.accountability.posture import hardening
from govcrm.casework.importing import deadlines, mappings
from govcrm.service_catalogue import calendars
from govcrm.setup import desk, links
from govcrm.workflows import designers, sync

REMEMBERED = "govcrm_seeded"

AGENCY = "Agency"
CALENDAR = "Office Hours"
REFERRAL_PROGRAM = "INTERNAL-CONSULTATION"
REFERRAL_WORKFLOW = "Internal Consultation"
# A part may be asked for in a case of any age, and its version must have been in force then.
BEFORE_ALL_CASES = date(1900, 1, 1)


def seed() -> None:
	"""Make what was never seeded here and is absent. May run any number of times; needs no fixture.

	Needs the roles and the custom fields.
	"""
	done = seeded()
	for name, make in seeds():
		if name not in done:
			make()
			done.append(name)
	frappe.db.set_global(REMEMBERED, json.dumps(done))


def seeded() -> list[str]:
	"""Names of what has been seeded on this site, in order."""
	return json.loads(frappe.db.get_global(REMEMBERED) or "[]")


def seeds() -> Iterator[tuple[str, Callable[[], object]]]:
	"""(name, function) of everything to seed, in order. A name is for ever."""
	for definition in sync.definitions():
		yield f"workflow {definition['name']}", lambda definition=definition: sync.sync_workflow(definition)
	yield "referral program", seed_referral_program
	yield "referral program in settings", seed_settings
	yield "default calendar", seed_calendar
	yield "board of cases", desk.seed_boards
	yield "list of audit events", desk.seed_audit_list
	yield "names in links to users", links.seed
	yield "rights of workflow designers", designers.grant
	yield "safe settings", hardening.harden
	for path in sorted(mappings.SHIPPED.glob("*.json")):
		yield (
			f"import mapping {path.stem}",
			lambda path=path: mappings.seed(json.loads(path.read_text("utf-8"))),
		)
	for path in deadlines.shipped():
		yield f"import deadlines {path.stem}", lambda path=path: deadlines.seed(path)


def seed_referral_program() -> None:
	"""The program of the sub-cases by which one department asks another; none that citizens see."""
	if frappe.db.exists("Agency Program", REFERRAL_PROGRAM):
		return
	_insert(
		"Agency Program",
		service_code=REFERRAL_PROGRAM,
		program_name="Internal Consultation",
		kind="Information",
		department=root_department(),
		is_public=0,
		public_description="One department asks another for its part of a case.",
	)
	publish(
		program=REFERRAL_PROGRAM,
		workflow=REFERRAL_WORKFLOW,
		effective_from=BEFORE_ALL_CASES,
		location_rule="Optional",
	)


def seed_settings() -> None:
	"""Name the referral program in the settings, unless the agency has named one."""
	settings = frappe.get_doc("GovCRM Settings")
	if settings.referral_program or not frappe.db.exists("Agency Program", REFERRAL_PROGRAM):
		return
	settings.referral_program = REFERRAL_PROGRAM
	settings.save(ignore_permissions=True)  # set-up, for no user


def seed_calendar() -> None:
	"""Weekdays from nine to five in the time zone of the site, for all who name no calendar; holidays are not guessed."""
	if not frappe.db.exists("Business Calendar", CALENDAR):
		weekdays = calendars.WEEKDAYS[:5]
		hours = [{"weekday": weekday, "starts": "09:00:00", "ends": "17:00:00"} for weekday in weekdays]
		_insert("Business Calendar", calendar_name=CALENDAR, hours=hours)
	settings = frappe.get_doc("GovCRM Settings")
	if not settings.default_calendar:
		settings.default_calendar = CALENDAR
		settings.save(ignore_permissions=True)  # set-up, for no user


def root_department() -> str:
	"""The first department without one above it; made if the site has none."""
	roots = frappe.get_all(
		"Agency Department",
		{"parent_agency_department": ["is", "not set"]},
		pluck="name",
		order_by="lft",
		limit=1,
	)
	return roots[0] if roots else _insert("Agency Department", department_name=AGENCY, is_group=1).name


def publish(**values: object) -> Document:
	"""Insert and publish a Program Version on a site where nobody may have been appointed to any role yet."""
	version = _insert("Program Version", **values)
	version.flags.before_appointments = True
	version.submit()
	return version


def _insert(doctype: str, **values: object) -> Document:
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.ignore_permissions = True  # runs while the app is installed or migrated, for no user
	return doc.insert()
