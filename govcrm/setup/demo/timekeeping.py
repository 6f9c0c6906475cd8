"""Calendars and deadline policies of the demo city."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import frappe

from govcrm.domain.calendar import sources
from govcrm.service_catalogue import calendars
from govcrm.setup.demo import Progress
from govcrm.setup.demo.catalogue import copied
from govcrm.setup.demo.world import World

COUNTRY = "US"


def make_calendars(world: World, today: date, tell: Progress) -> None:
	"""Insert the calendars, in the time zone of the site; the first is that of the agency."""
	for number, row in enumerate(world.calendars, start=1):
		tell("Calendars", number, len(world.calendars))
		if not frappe.db.exists("Business Calendar", row["name"]):
			make_calendar(row, range(today.year - 1, today.year + 2))
	settings = frappe.get_doc("GovCRM Settings")
	settings.default_calendar = world.calendars[0]["name"]
	settings.save()


def make_calendar(row: dict[str, Any], years: range) -> None:
	frappe.new_doc(
		"Business Calendar",
		calendar_name=row["name"],
		timezone=calendars.zone().key,
		description=row["description"],
		hours=copied(row["hours"]),
		holidays=list(holidays(row, years)),
	).insert()


def holidays(row: dict[str, Any], years: range) -> Iterator[dict[str, Any]]:
	"""Those of the country by date, and the city's own, which recur and leave the morning."""
	if row["country_holidays"]:
		yield from map(calendars.row_of, sources.of_country(COUNTRY, None, years))
	for own in row["holidays"]:
		yield {
			"date": date(years[0], own["month"], own["day"]),
			"title": own["title"],
			"recurring": 1,
			"part_day": 1,
			"closed_from": own["closed_from"],
			"closed_to": "00:00:00",
		}


def make_policies(world: World, tell: Progress) -> None:
	for number, row in enumerate(world.policies, start=1):
		tell("Deadline policies", number, len(world.policies))
		if not frappe.db.exists("Deadline Policy", row["name"]):
			frappe.new_doc(
				"Deadline Policy",
				policy_name=row["name"],
				description=row["description"],
				milestones=copied(row["milestones"]),
				escalations=copied(row["escalations"]),
			).insert()
