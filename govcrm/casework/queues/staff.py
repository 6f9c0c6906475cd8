"""The people of a department and what they can do, as the rules of `govcrm.domain.queues` know them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe.utils import getdate

from govcrm.casework.queues import workload
from govcrm.domain.access import WORKERS
from govcrm.domain.queues import Person, is_away

PROFILE = ("takes_work", "working_share", "max_open_cases", "away_from", "away_to", "deputy")


class Membership(NamedTuple):
	"""A row of a department's members: its name, the user, the role, and when something was last given in turn."""

	row: str
	user: str
	role: str
	last_given: datetime | None


def roster(departments: Collection[str]) -> dict[str, Membership]:
	"""By user, who is a direct member of these departments today.

	Who supervises one and works in another counts as working.
	"""
	member, today = frappe.qb.DocType("Department Member"), getdate()
	query = frappe.qb.from_(member).select(member.name, member.user, member.role, member.last_given)
	query = query.where((member.parenttype == "Agency Department") & member.parent.isin(sorted(departments)))
	query = query.where(member.from_date.isnull() | (member.from_date <= today))
	query = query.where(member.to_date.isnull() | (member.to_date >= today))
	rows = sorted(Membership(*row) for row in query.run())
	return {row.user: row for row in sorted(rows, key=lambda row: row.role != "Supervisor")}


def people_of(department: str) -> tuple[dict[str, Membership], dict[str, Person]]:
	"""The members of a department; and, by user, these and all who may stand in for them.

	A supervisor is given work by rule only if a Staff Profile says so.
	"""
	members = roster([department])
	people = load(members)
	profiled = _profiles([row.user for row in members.values() if row.role == "Supervisor"])
	for user, row in members.items():
		takes = people[user].takes_work and (row.role != "Supervisor" or user in profiled)
		people[user] = replace(people[user], takes_work=takes, last_given=row.last_given)
	return members, with_deputies(people)


def with_deputies(people: dict[str, Person]) -> dict[str, Person]:
	"""Added are the deputies of who is away, and of those deputies who are."""
	known = dict(people)
	while missing := {p.deputy for p in known.values() if p.away and p.deputy} - set(known):
		known |= load(missing)
	return known


def load(users: Iterable[str]) -> dict[str, Person]:
	"""Everybody asked for, with what their profile says and how much they have; five queries."""
	users = sorted(set(users))
	if not users:
		return {}
	workers = _workers(users)
	skills, languages = (
		_abilities("Staff Skill", "skill", users),
		_abilities("Staff Language", "language", users),
	)
	profiles, loads = _profiles(users), workload.loads_of(users)
	return {
		user: Person(
			user,
			works=user in workers,
			skills=skills[user],
			languages=languages[user],
			open_cases=loads.get(user, workload.Load()).cases,
			load=loads.get(user, workload.Load()).weight,
			**_from_profile(profiles.get(user)),
		)
		for user in users
	}


def person(user: str) -> Person:
	return load([user])[user]


def _from_profile(profile: frappe._dict | None) -> dict:
	if not profile:
		return {}
	return {
		"takes_work": bool(profile.takes_work),
		"share": float(profile.working_share or 0),
		"limit": profile.max_open_cases or 0,
		"away": is_away(getdate(), profile.away_from, profile.away_to),
		"deputy": profile.deputy,
	}


def _profiles(users: list[str]) -> dict[str, frappe._dict]:
	filters = {"name": ("in", users or [""])}
	rows = frappe.get_all("Staff Profile", filters, ["user", *PROFILE], order_by="name", limit=0)
	return {row.user: row for row in rows}


def _workers(users: list[str]) -> set[str]:
	user, role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	query = frappe.qb.from_(user).join(role).on((role.parent == user.name) & (role.parenttype == "User"))
	query = query.select(user.name).distinct().where((user.enabled == 1) & user.name.isin(users))
	return set(query.where(role.role.isin(sorted(WORKERS))).run(pluck=True))


def _abilities(table: str, field: str, users: list[str]) -> dict[str, frozenset[str]]:
	rows = frappe.get_all(
		table,
		filters={"parenttype": "Staff Profile", "parent": ("in", users)},
		fields=["parent", field],
		order_by="parent",
		limit=0,
	)
	found = defaultdict(set)
	for row in rows:
		found[row.parent].add(row[field])
	return defaultdict(frozenset, {user: frozenset(able) for user, able in found.items()})
