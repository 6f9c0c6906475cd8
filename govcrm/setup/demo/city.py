"""Makes the demo city on a site, step by step."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from govcrm.reports.statistics import editions, publishing
from govcrm.setup.demo import Progress, catalogue, organisation, places, residents, staff, timekeeping, year
from govcrm.setup.demo.generator import plan_city
from govcrm.setup.demo.world import load_world

MARK = "govcrm_demo_city"


def make(
	progress: Progress | None, *, requests: int, citizens: int, seed: int, today: date | None, force: bool
) -> dict:
	"""See `govcrm.setup.demo.make_demo_city`."""
	if is_demo():
		return {}
	if not force:
		refuse_site_in_use()
	world, day = load_world(), getdate(today)
	plan = plan_city(world, seed=seed, today=day, requests=requests, citizens=citizens)
	tell = progress or (lambda what, done, total: None)
	with quietly():
		timekeeping.make_calendars(world, day, tell)
		timekeeping.make_policies(world, tell)
		organisation.make_departments(world, tell)
		organisation.make_users(world, tell)
		places.make_areas(world, tell)
		staff.make_skills(world)
		catalogue.make_programs(world, day, tell)
		catalogue.give_consultations_a_clock(world, day)
		names = residents.make_citizens(plan, seed, tell)
		year.make_year(plan, names, seed, tell)
		staff.make_methods(world)
		staff.make_profiles(world, day, tell)
		publish_statistics(day, tell)
		mark(seed=seed, today=str(day), requests=requests)
	return made()


def publish_statistics(day: date, tell: Progress) -> None:
	"""What elected officials see: the months that have ended."""
	months = publishing.due(day)
	for number, month in enumerate(months, 1):
		tell("Statistics", number, len(months))
		editions.issue(month)


def is_demo() -> bool:
	"""Does the site hold the demo city?"""
	return bool(frappe.db.get_global(MARK))


def mark(**facts: object) -> None:
	"""Flag the site, so that nobody takes it for one in use and nothing is made twice."""
	frappe.db.set_global(MARK, json.dumps(facts))


def refuse_site_in_use() -> None:
	if frappe.db.count("Service Request"):
		frappe.throw(
			_(
				"This site holds requests already. The demo city brings users whose password is public: make it"
				" on a site of its own."
			)
		)


def made() -> dict[str, int]:
	doctypes = ("Agency Department", "Agency Program", "Citizen", "Service Request", "Case", "Case Task")
	return {doctype: frappe.db.count(doctype) for doctype in doctypes}


def logins() -> list[dict]:
	"""See `govcrm.setup.demo.demo_logins`."""
	if not is_demo():
		return []
	world = load_world()
	return [organisation.login(world, user) for user in world.users]


@contextmanager
def quietly() -> Iterator[None]:
	"""No mail, no notification, no webhook, no version history, no search queue: as while an app is installed."""
	flags, conf = frappe.flags, frappe.local.conf
	before = flags.mute_emails, flags.in_install, conf.get("disable_global_search"), frappe.session.user
	flags.mute_emails, flags.in_install, conf["disable_global_search"] = True, "govcrm", 1
	frappe.set_user("Administrator")
	try:
		yield
	finally:
		flags.mute_emails, flags.in_install, conf["disable_global_search"] = before[:3]
		frappe.set_user(before[3])
