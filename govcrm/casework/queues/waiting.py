"""The cases of some departments that nobody has, as one person may take them.

Read in the order of `govcrm.domain.queues`: one stream for each department and priority, each by an index in order of
time, merged here. So taking the next case costs the same however many wait.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from heapq import merge

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Count
from frappe.query_builder.terms import SubQuery
from frappe.utils import getdate
from pypika.terms import ValueWrapper

from govcrm.access.query import criterion
from govcrm.casework.queues import staff
from govcrm.domain.access import Right
from govcrm.domain.cases import OPEN
from govcrm.domain.queues import PRIORITIES, urgency

BATCH = 10
FIELDS = ("name", "parent_case", "department", "confidentiality", "next_due", "opened_datetime", "priority")


@dataclass(frozen=True)
class Queue:
	"""What waits in these departments, seen by a user who may work it by the access rule."""

	user: str
	departments: tuple[str, ...]

	@property
	def case(self):
		return frappe.qb.DocType("Case")

	# What keeps the user from a case -----------------------------------------------------------------------

	@cached_property
	def person(self) -> staff.Person:
		return staff.person(self.user)

	@cached_property
	def beyond_skills(self) -> dict[str, set[str]]:
		"""{program version: skills it asks for that the user lacks}."""
		rows = frappe.get_all(
			"Program Skill",
			filters={
				"parenttype": "Program Version",
				"skill": ("not in", sorted(self.person.skills) or [""]),
			},
			fields=["parent", "skill"],
			order_by="parent",
		)
		found = defaultdict(set)
		for row in rows:
			found[row.parent].add(row.skill)
		return dict(found)

	@cached_property
	def left_to_speakers(self) -> dict[str, frozenset[str]]:
		"""{department: languages that members who are there speak, and the user does not}."""
		spoken = spoken_in(self.departments)
		return {department: frozenset(spoken[department]) - self.person.languages for department in spoken}

	def in_foreign_language(self, department: str) -> Criterion | None:
		"""The citizen prefers a language that somebody else of this department speaks."""
		languages = self.left_to_speakers.get(department)
		if not languages:
			return None
		request, citizen = frappe.qb.DocType("Service Request"), frappe.qb.DocType("Citizen")
		asked = frappe.qb.from_(request).join(citizen).on(citizen.name == request.citizen).select(Count("*"))
		asked = asked.where(request["case"] == self.case.name)
		return SubQuery(asked.where(citizen.preferred_language.isin(sorted(languages)))) > ValueWrapper(0)

	# Reading -----------------------------------------------------------------------------------------------

	def waiting(self, department: str) -> Criterion:
		"""Nobody has it, it can be worked, and the access rule lets the user work it."""
		case = self.case
		own = case.assignee.isnull() & (case.state_category == OPEN) & (case.department == department)
		return own & criterion("Case", self.user, Right.WORK)

	def fitting(self, department: str) -> Criterion:
		"""Of those, what the user is able and allowed to do."""
		case, conditions = self.case, [self.waiting(department)]
		if self.beyond_skills:
			conditions.append(case.program_version.notin(sorted(self.beyond_skills)))
		if foreign := self.in_foreign_language(department):
			conditions.append(foreign.negate())
		return Criterion.all(conditions)

	@cached_property
	def _fitting(self) -> dict[str, Criterion]:
		"""Written once for all streams of a department."""
		return {department: self.fitting(department) for department in self.departments}

	def __iter__(self) -> Iterator[frappe._dict]:
		"""The cases the user can take, the most urgent first, read as far as they are asked for."""
		yield from self._merged(dated=True)
		yield from self._merged(dated=False)

	def _merged(self, dated: bool) -> Iterator[frappe._dict]:
		streams = [
			self._stream(department, priority, dated)
			for department in self.departments
			for priority in (*PRIORITIES, None)
		]
		return merge(*streams, key=lambda row: urgency(row.next_due, row.opened_datetime, row.priority))

	def _stream(self, department: str, priority: str | None, dated: bool) -> Iterator[frappe._dict]:
		query, read = self._ordered(department, priority, dated), 0
		while rows := query.limit(BATCH).offset(read).run(as_dict=True):
			yield from rows
			read += len(rows)
			if len(rows) < BATCH:
				return

	def _ordered(self, department: str, priority: str | None, dated: bool):
		case = self.case
		query = frappe.qb.from_(case).select(*(case[field] for field in FIELDS))
		query = query.where(self._fitting[department] & of_priority(case, priority))
		if dated:
			return query.where(case.next_due.isnotnull()).orderby(case.next_due).orderby(case.opened_datetime)
		return query.where(case.next_due.isnull()).orderby(case.opened_datetime)


def of_priority(case, priority: str | None) -> Criterion:
	if priority:
		return case.priority == priority
	return case.priority.isnull() | case.priority.notin(list(PRIORITIES))


def spoken_in(departments: Collection[str]) -> dict[str, set[str]]:
	"""{department: languages of its members who are enabled, take work and are there today}."""
	user, member, profile = (
		frappe.qb.DocType(name) for name in ("User", "Department Member", "Staff Profile")
	)
	language, today = frappe.qb.DocType("Staff Language"), getdate()
	query = frappe.qb.from_(language).join(profile).on(profile.name == language.parent)
	query = query.join(member).on(member.user == profile.user).select(member.parent, language.language)
	query = query.join(user).on((user.name == profile.user) & (user.enabled == 1))
	query = query.where(member.parent.isin(sorted(departments)) & (profile.takes_work == 1))
	query = query.where(profile.away_from.isnull() | (profile.away_from > today) | (profile.away_to < today))
	query = query.where(member.from_date.isnull() | (member.from_date <= today))
	query = query.where(member.to_date.isnull() | (member.to_date >= today))
	found = defaultdict(set)
	for department, spoken in query.run():
		found[department].add(spoken)
	return found
