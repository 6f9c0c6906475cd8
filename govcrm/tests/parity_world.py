"""Random users and cases, for comparing the ways in which somebody can learn which cases there are.

One seed gives one world. It is written in bulk, past all controllers: the rule must hold for whatever stands in the tables.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import frappe
from frappe.utils import getdate, now_datetime

from govcrm.access.subjects import forget
from govcrm.casework.importing.writer import insert_many
from govcrm.setup.roles import ROLES
from govcrm.tests.factories import make_published_program

LEVELS = {"Public": 10, "Internal": 45, "Restricted": 25, "Sealed": 14, "": 3, "Secret": 3}
STATES = {"Open": "New", "Waiting": "On Hold", "Closed": "Resolved", "Cancelled": "Cancelled"}
MARK = "PARITY"  # the program of all cases of a world, and so what every way asks for
DEPARTMENTS = 14
ALL = ("name", "creation", "modified", "owner", "modified_by")
DAY = timedelta(days=1)


class World:
	"""Users, departments in a tree, cases with their parts, and what opens and closes them to somebody."""

	def __init__(self, seed: int, users: int, cases: int) -> None:
		self.chance, self.now = random.Random(seed), now_datetime().replace(microsecond=0)
		self.departments = [f"Parity {number:02}" for number in range(DEPARTMENTS)]
		self.users = [f"parity.{number:03}@example.org" for number in range(users)]
		self.citizens = [f"CIT-PARITY-{number:03}" for number in range(max(10, users // 2))]
		self.cases = [f"CASE-PARITY-{number:05}" for number in range(cases)]
		self.shared: set[str] = set()

	def write(self) -> "World":
		self.version = make_published_program(
			MARK
		).current_version  # a form shows the steps that its case can go
		put("Agency Department", OF_DEPARTMENT, self.tree())
		put(
			"User",
			OF_USER,
			[(user, user, "Parity", int(self.some(0.97)), "System User") for user in self.users],
		)
		put("Has Role", OF_ROLE, [row for n, user in enumerate(self.users) for row in self.roles(n, user)])
		put("Department Member", OF_MEMBER, [row for user in self.users for row in self.memberships(user)])
		put("Citizen", ("name", "citizen_type", "merged_into"), list(self.people()))
		parties = [row for case in self.cases for row in self.parties(case)]
		put("Case Participant", OF_PARTY, parties)
		put("Case", OF_CASE, list(self.matters({row[1]: row[3] for row in parties if row[2] == "Assignee"})))
		put("Service Request", OF_REQUEST, [self.request(n) for n in range(len(self.cases) // 2)])
		put("Case Access Grant", OF_GRANT, [self.grant(n) for n in range(len(self.cases) // 4)])
		put("Recusal", OF_RECUSAL, [self.recusal(n) for n in range(len(self.users))])
		frappe.clear_cache()
		forget()
		return self

	# Rows ----------------------------------------------------------------------------------------------------

	def some(self, share: float) -> bool:
		return self.chance.random() < share

	def tree(self) -> list[tuple]:
		"""Each hangs below one before it, or stands at the top; numbered as Frappe numbers a tree."""
		above = {
			name: self.chance.choice([None, *self.departments[:at]])
			for at, name in enumerate(self.departments)
		}
		rows, place = [], iter(range(1_000_000, 2_000_000))

		def walk(name: str) -> None:
			left, below = next(place), [one for one, parent in above.items() if parent == name]
			for one in below:
				walk(one)
			rows.append((name, name, above[name], int(bool(below)), left, next(place)))

		for name in self.departments:
			if above[name] is None:
				walk(name)
		return rows

	def roles(self, number: int, user: str) -> Iterator[tuple]:
		"""The first hold one role each, so that none is left out; most others work on cases."""
		named = sorted(ROLES)
		held = (
			[named[number]]
			if number < len(named)
			else self.chance.sample(named, self.chance.choice((0, 1, 2)))
		)
		if number >= len(named) and self.some(0.8):
			held += ["Caseworker", *(["Case Supervisor"] if self.some(0.4) else [])]
		held += ["System Manager"] if self.some(0.1) else []
		for role in sorted(set(held)):
			yield f"parity-{number}-{role}", user, "User", "roles", role

	def memberships(self, user: str) -> Iterator[tuple]:
		for department in self.chance.sample(self.departments, self.chance.choice((0, 1, 1, 2, 3))):
			role = self.chance.choice(("Member", "Member", "Supervisor"))
			first, last = self.days(0.3)
			yield f"{user}-{department}", department, "Agency Department", "members", user, role, first, last

	def people(self) -> Iterator[tuple]:
		for at, name in enumerate(self.citizens):
			into = self.chance.choice(self.citizens[:at]) if at and self.some(0.1) else None
			yield name, "Person", into

	def parties(self, case: str) -> Iterator[tuple]:
		"""(name, case, capacity, user, department): who has it, who has a task of it, who referred it."""
		if self.some(0.4):
			yield f"{case}-a", case, "Assignee", self.chance.choice(self.users), None
		if self.some(0.1):
			self.shared.add(case)
			yield f"{case}-t", case, "Task", self.chance.choice(self.users), None
		if self.some(0.15):
			self.shared.add(case)
			yield f"{case}-r", case, "Referring Department", None, self.chance.choice(self.departments)

	def matters(self, assignees: dict[str, str]) -> Iterator[tuple]:
		levels, weights = list(LEVELS), list(LEVELS.values())
		for at, name in enumerate(self.cases):
			parent = self.chance.choice(self.cases[:at]) if at and self.some(0.15) else None
			department = self.chance.choice(self.departments) if self.some(0.97) else None
			level, category = self.chance.choices(levels, weights)[0], self.chance.choice(list(STATES))
			facts = (department, level, category, STATES[category])
			opened = str(self.now - DAY * self.chance.randrange(1, 400))
			yield (
				name,
				MARK,
				self.version,
				*facts,
				assignees.get(name),
				int(name in self.shared),
				parent,
				opened,
			)

	def request(self, number: int) -> tuple:
		citizen, other = (self.chance.choice([None, *self.citizens]) for _ in range(2))
		return (
			f"SR-PARITY-{number:05}",
			self.chance.choice(self.cases),
			citizen,
			other if self.some(0.3) else None,
		)

	def grant(self, number: int) -> tuple:
		begin, end = self.moments()
		kind = self.chance.choice(("Permission", "Permission", "Emergency"))
		opens = self.chance.choice(("Read", "Work")) if kind == "Permission" else "Read"
		status = self.chance.choice(("Granted", "Granted", "Granted", "Granted", "Ended", "Asked"))
		told = (kind, opens, status, begin, end)
		return f"parity-grant-{number}", self.chance.choice(self.cases), self.chance.choice(self.users), *told

	def recusal(self, number: int) -> tuple:
		"""From a case with its parts, or from a person and all that is done for them."""
		case = self.chance.choice(self.cases) if self.some(0.5) else None
		citizen = None if case else self.chance.choice(self.citizens)
		return f"parity-recusal-{number}", self.chance.choice(self.users), case, citizen, *self.days(0.4)

	def days(self, share: float) -> tuple[str | None, str | None]:
		"""A first and a last day, of which most are open, and some have passed or are to come."""
		first = getdate() + DAY * self.chance.choice((-9, 0, 3)) if self.some(share) else None
		last = (first or getdate()) + DAY * self.chance.choice((-1, 0, 5)) if self.some(share) else None
		return (str(first) if first else None), (str(last) if last else None)

	def moments(self) -> tuple[str, str]:
		begin = self.now + DAY * self.chance.choice((-5, -5, -5, 1))
		return str(begin), str(begin + DAY * self.chance.choice((2, 9, 30)))


OF_DEPARTMENT = ("name", "department_name", "parent_agency_department", "is_group", "lft", "rgt")
OF_USER = ("name", "email", "first_name", "enabled", "user_type")
OF_ROLE = ("name", "parent", "parenttype", "parentfield", "role")
OF_MEMBER = ("name", "parent", "parenttype", "parentfield", "user", "role", "from_date", "to_date")
OF_PARTY = ("name", "case", "capacity", "user", "department")
OF_PLACE = ("program", "program_version", "department", "confidentiality", "state_category", "workflow_state")
OF_CASE = ("name", *OF_PLACE, "assignee", "shared", "parent_case", "opened_datetime")
OF_REQUEST = ("name", "case", "citizen", "representative")
OF_GRANT = ("name", "case", "user", "kind", "opens", "status", "valid_from", "valid_to")
OF_RECUSAL = ("name", "user", "case", "citizen", "valid_from", "valid_to")


def put(doctype: str, columns: list | tuple, rows: list[tuple]) -> None:
	begin = str(datetime(2026, 1, 1))
	added = ("creation", "modified", "owner", "modified_by")
	told = (begin, begin, "Administrator", "Administrator")
	insert_many(doctype, (*columns, *added), [(*row, *told) for row in rows])


def some_of(chance: random.Random, listed: Iterable[str], cases: list[str], number: int) -> list[str]:
	"""So many names, half of them from the list where it is long enough: by chance alone few would be on a short one."""
	shown = sorted(listed)
	half = chance.sample(shown, min(number // 2, len(shown)))
	return sorted({*half, *chance.sample(cases, min(number - len(half), len(cases)))})
