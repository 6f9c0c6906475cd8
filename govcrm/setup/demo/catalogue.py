"""Programs of the demo city and their published versions."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

import frappe

from govcrm.setup import seed
from govcrm.setup.demo import Progress
from govcrm.setup.demo.generator import program_versions
from govcrm.setup.demo.pace import DAYS
from govcrm.setup.demo.world import World

CONSULTATIONS = "Consultations"
PROGRAM_FIELDS = (
	"service_code",
	"program_name",
	"kind",
	"department",
	"program_group",
	"keywords",
	"public_description",
	"duplicate_radius",
	"duplicate_days",
	"place_in_subject",
)
VERSION_FIELDS = (
	"workflow",
	"legal_basis",
	"location_rule",
	"anonymous_allowed",
	"default_priority",
	"default_confidentiality",
	"expected_days",
	"checklist",
	"deadline_policy",
	"calendar",
)
QUESTION_FIELDS = ("code", "label", "datatype", "required", "sensitive", "shown_when", "help")


def make_programs(world: World, today: date, tell: Progress) -> None:
	"""Insert the programs and publish their versions, dated to have been in force for the whole year."""
	for number, program in enumerate(world.programs, start=1):
		tell("Programs", number, len(world.programs))
		if not frappe.db.exists("Agency Program", program["service_code"]):
			make_program(program, today)


def make_program(program: dict[str, Any], today: date) -> None:
	versions = program_versions(program, today)
	since = morning(versions[0]["effective_from"])
	values = {field: program[field] for field in PROGRAM_FIELDS}
	doc = frappe.new_doc("Agency Program", **values, **made_at(since)).insert()
	for version in versions:
		publish(program, version)
	backdate("Agency Program", doc.name, since)


def publish(program: dict[str, Any], version: dict[str, Any]) -> None:
	"""Draft and submit one version, through the checks that every version passes."""
	doc = frappe.new_doc(
		"Program Version",
		program=program["service_code"],
		effective_from=version["effective_from"],
		changes=version["changes"],
		questions=[question(row) for row in version["questions"]],
		routing_rules=copied(version["routing_rules"]),
		routing_parts=copied(program.get("routing_parts", ())),
		handling_weight=program.get("handling_weight", 1),
		required_skills=[{"skill": skill} for skill in program.get("required_skills", ())],
		**{field: program[field] for field in VERSION_FIELDS},
	)
	since = morning(version["effective_from"])
	doc.update(made_at(since))
	doc.insert().submit()
	backdate("Program Version", doc.name, since)


def give_consultations_a_clock(world: World, today: date) -> None:
	"""What departments ask each other is answered in time as well: another version of the seeded program."""
	if frappe.db.exists(
		"Program Version", {"program": seed.REFERRAL_PROGRAM, "deadline_policy": CONSULTATIONS}
	):
		return
	version = frappe.new_doc(
		"Program Version",
		program=seed.REFERRAL_PROGRAM,
		workflow=seed.REFERRAL_WORKFLOW,
		effective_from=today - timedelta(days=DAYS + 30),
		location_rule="Optional",
		changes="Departments answer each other in time.",
		deadline_policy=CONSULTATIONS,
		calendar=world.calendars[0]["name"],
	)
	version.insert().submit()


def copied(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Frappe writes into the rows it is given, and those of the world are shared."""
	return [dict(row) for row in rows]


def question(row: dict[str, Any]) -> dict[str, Any]:
	values = {field: row[field] for field in QUESTION_FIELDS if field in row}
	return {**values, "options": "\n".join(row.get("options", ()))}


def morning(day: date) -> datetime:
	return datetime.combine(day, time(9))


def made_at(moment: datetime) -> dict[str, Any]:
	"""For a record that has been there since then. Frappe keeps what a new one says of itself while `city.quietly` lasts."""
	return {"creation": moment, "owner": frappe.session.user}


def backdate(doctype: str, name: str, moment: datetime) -> None:
	"""Nor has it been changed since."""
	frappe.db.set_value(doctype, name, {"modified": moment}, update_modified=False)
