"""Who can do what in the demo city, who is away, and how its departments give out work."""

from datetime import date, timedelta
from typing import Any

import frappe

from govcrm.setup.demo import Progress
from govcrm.setup.demo.world import World


def make_skills(world: World) -> None:
	for row in world.staff["skills"]:
		if not frappe.db.exists("Work Skill", row["name"]):
			frappe.new_doc("Work Skill", skill_name=row["name"], description=row["description"]).insert()


def make_profiles(world: World, today: date, tell: Progress) -> None:
	"""After the year was played: it was worked by hand, by people who were all there."""
	profiles = world.staff["profiles"]
	for number, row in enumerate(profiles, start=1):
		tell("Staff profiles", number, len(profiles))
		if not frappe.db.exists("Staff Profile", world.email(row["login"])):
			frappe.new_doc("Staff Profile", **profile(world, row, today)).insert()


def profile(world: World, row: dict[str, Any], today: date) -> dict[str, Any]:
	first, last = row.get("away") or (None, None)
	return {
		"user": world.email(row["login"]),
		"working_share": row.get("working_share", 100),
		"max_open_cases": row.get("max_open_cases", 0),
		"skills": [{"skill": skill} for skill in row.get("skills", ())],
		"languages": [{"language": language} for language in row["languages"]],
		"away_from": first and today + timedelta(days=first),
		"away_to": last and today + timedelta(days=last),
		"deputy": world.email(row["deputy"]) if "deputy" in row else None,
	}


def make_methods(world: World) -> None:
	"""After the year was played as well: from now on these departments give their cases out."""
	for row in world.departments:
		if row.keys() & {"assignment_method", "keep_known_person"}:
			department = frappe.get_doc("Agency Department", row["name"])
			department.assignment_method = row.get("assignment_method", department.assignment_method)
			department.keep_known_person = row.get("keep_known_person", 0)
			department.save()
