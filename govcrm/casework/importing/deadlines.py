"""The calendar and the deadline policies that a shipped mapping brings along for the programs it makes.

What the City of Boston kept in 2011 was found in its own records by `benchmarks/boston_policies.py`. Seeded once for
each mapping; afterwards calendar, policies and mapping are the agency's.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe.model.document import Document

MAPPING, CALENDAR, POLICY = "Request Import Mapping", "Business Calendar", "Deadline Policy"
SHIPPED = Path(__file__).parent / "shipped" / "deadlines"


def shipped() -> Iterator[Path]:
	"""The shipped files, each with the stem of the mapping's."""
	yield from sorted(SHIPPED.glob("*.json"))


def seed(path: Path) -> None:
	"""Make what the file holds and the site lacks, and name it in the mapping, unless that names deadlines already."""
	values = json.loads(path.read_text(encoding="utf-8"))
	if not frappe.db.exists(MAPPING, values["mapping_name"]):
		return
	make(CALENDAR, values["calendar"])  # in the time zone of the site, as the times of the file are
	for policy in values["policies"]:
		make(POLICY, policy_values(policy, values["milestone"]))
	name_in_mapping(values)


def make(doctype: str, values: dict) -> None:
	"""Insert the record of this name if there is none."""
	name = values[f"{doctype.split()[-1].lower()}_name"]
	if not frappe.db.exists(doctype, name):
		insert({"doctype": doctype, **values})


def insert(values: dict) -> Document:
	return frappe.get_doc(values).insert(ignore_permissions=True)  # set-up, not a user


def policy_values(policy: dict, milestone: dict) -> dict:
	"""A policy of one milestone: what all of the file have in common, and what is its own."""
	own = {key: value for key, value in policy.items() if key not in ("policy_name", "description")}
	return {
		"policy_name": policy["policy_name"],
		"description": policy.get("description"),
		"milestones": [milestone | own],
	}


def name_in_mapping(values: dict) -> None:
	doc = frappe.get_doc(MAPPING, values["mapping_name"])
	if doc.calendar or doc.deadlines:
		return
	doc.calendar = values["calendar"]["calendar_name"]
	doc.extend("deadlines", values["deadlines"])
	doc.flags.seeding = True
	doc.save(ignore_permissions=True)  # set-up, not a user
