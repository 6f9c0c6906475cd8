"""Plays one matter through the controllers, by the people of the city, and keeps what it left in the database.

What is played is taken back at once: `copies` writes the rows again, for this matter and for all that took the same
course. So the history of the city is what the verbs make, and a thousand potholes cost as much as one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import add_days, now_datetime, today

from govcrm.casework.clocks.records import CLOCK, EVENT
from govcrm.domain.cases import TASK_DONE
from govcrm.setup.demo.generator import Matter, RequestPlan, Step, program_versions
from govcrm.setup.demo.world import World

SAVEPOINT = "govcrm_demo_play"
AUTHORITY = "Written Consent"
RESULT = "Done."

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Recording:
	"""What a matter left in the database.

	`matter`: the one that was played, perhaps further than to here. `began`: when the opening and each step began on the real clock. `requests`: names of its requests in the order of
	the plan. `rows`: all columns of its records, by DocType.
	"""

	matter: Matter
	began: list[datetime]
	requests: list[str]
	rows: Rows


class Stage:
	"""Plays matters. `citizens` are the names of the city's citizens in the order of the plan."""

	def __init__(self, world: World, citizens: list[str]) -> None:
		self.world, self.citizens = world, citizens

	def record(self, matter: Matter, stops: set[int]) -> dict[int, Recording]:
		"""Play the matter and take it back; return what it had left after each number of steps in `stops`.

		A refused step is raised as it came.
		"""
		frappe.db.savepoint(SAVEPOINT)
		try:
			play = Play(self, self.brought_up(matter))
			return {done: play.recording() for done in play.run() if done in stops}
		finally:
			frappe.set_user("Administrator")
			frappe.db.rollback(save_point=SAVEPOINT)

	def brought_up(self, matter: Matter) -> Matter:
		"""The same matter as if it had come just now, so that nothing is late in a play; one of a former version stays."""
		versions = program_versions(matter.program, matter.opened.date())
		if matter.version < len(versions):
			return matter
		now = now_datetime().replace(microsecond=0)
		return replace(matter, requests=[replace(plan, requested=now) for plan in matter.requests])


class Play:
	"""One performance. `cases` holds the case under 0 and its parts under their numbers."""

	def __init__(self, stage: Stage, matter: Matter) -> None:
		self.stage, self.matter = stage, matter
		self.began: list[datetime] = []
		self.requests: list[str] = []
		self.cases: dict[int, str] = {}

	def run(self) -> Iterator[int]:
		"""Open the case and take the steps; yield how many are taken."""
		self.enter(self.stage.world.first_agent)
		self.cases[0] = self.file(self.matter.requests[0]).case
		for number, department in self.matter.path.ordered_parts():
			self.cases[number] = self.part_of(department)
		yield 0
		for done, step in enumerate(self.matter.steps, start=1):
			self.enter(step.by)
			self.take(step)
			yield done

	def recording(self) -> Recording:
		rows = read(self.requests, list(self.cases.values()))
		return Recording(self.matter, list(self.began), list(self.requests), rows)

	def enter(self, login: str) -> None:
		self.began.append(now_datetime())
		frappe.set_user(self.stage.world.email(login))

	def take(self, step: Step) -> None:
		own = getattr(self, f"_{step.do}", None)
		if own:
			own(step)
		else:
			getattr(self.case(step), step.do)(**step.args)

	def part_of(self, department: str) -> str:
		"""The part that the routing opened in a department."""
		return frappe.db.get_value("Case", {"parent_case": self.cases[0], "department": department})

	def case(self, step: Step) -> Document:
		return frappe.get_doc("Case", self.cases[step.on])

	def file(self, plan: RequestPlan, **more: str) -> Document:
		values = request_values(plan, self.stage.citizens)
		request = frappe.new_doc(
			"Service Request", program=self.matter.program["service_code"], **values, **more
		)
		request.answers = frappe.as_json(plan.answers, indent=None)
		self.requests.append(request.insert().name)
		return request

	# Steps that are no verb of a case, or need more than its arguments -------------------------------------

	def _assign(self, step: Step) -> None:
		user = self.stage.world.email(step.args["user"])
		self.case(step).assign(user, step.args["reason"])

	def _wait_for(self, step: Step) -> None:
		args = dict(step.args)
		self.case(step).wait_for(until=add_days(today(), args.pop("until_days")), **args)

	def _refer(self, step: Step) -> None:
		case = frappe.get_doc("Case", self.cases[0])
		self.cases[step.on] = case.refer(**step.args)

	def _finish_tasks(self, step: Step) -> None:
		filters = {"case": self.cases[step.on], "required": 1, "status": ["not in", list(TASK_DONE)]}
		for name in frappe.get_all("Case Task", filters, pluck="name", order_by="creation"):
			frappe.get_doc("Case Task", name).complete(RESULT)

	def _join(self, step: Step) -> None:
		self.file(self.matter.requests[len(self.requests)], case=self.cases[0])

	def _follow(self, step: Step) -> None:
		request = frappe.get_doc("Service Request", self.requests[0])
		citizen = self.stage.citizens[self.matter.follower]
		request.append("followers", {"citizen": citizen, "channel": "Phone", "since": now_datetime()})
		request.save()

	def _contact(self, step: Step) -> None:
		request = frappe.db.get_value("Service Request", self.requests[0], ["name", "citizen"], as_dict=True)
		values = {"service_request": request.name, "citizen": request.citizen, "agent": frappe.session.user}
		frappe.new_doc("Interaction", occurred_at=now_datetime(), **values, **step.args).insert()


def request_values(plan: RequestPlan, citizens: list[str]) -> dict[str, Any]:
	"""The fields of a request as a plan gives them, but for the answers."""
	place = plan.place
	return {
		"channel": plan.channel,
		"citizen": named(plan.citizen, citizens),
		"anonymous": int(plan.citizen is None),
		"representative": named(plan.representative, citizens),
		"representation_authority": AUTHORITY if plan.representative is not None else None,
		"description": plan.description or None,
		"requested_datetime": plan.requested,
		"address_string": place.address_string if place else None,
		"area": place.area if place else None,
		"postal_code": place.postal_code if place else None,
		"latitude": place.latitude if place else 0.0,
		"longitude": place.longitude if place else 0.0,
	}


def named(number: int | None, citizens: list[str]) -> str | None:
	return None if number is None else citizens[number]


def read(requests: list[str], cases: list[str]) -> Rows:
	"""All rows that tell of these requests and cases, by DocType."""
	rows = {
		"Service Request": _rows("Service Request", "name", requests),
		"Request Follower": _rows("Request Follower", "parent", requests),
		"Case": _rows("Case", "name", cases),
		**{
			doctype: _rows(doctype, "case", cases)
			for doctype in ("Case Event", "Case Participant", "Case Task", CLOCK, EVENT)
		},
		"Interaction": _rows("Interaction", "service_request", requests),
	}
	subjects = [*requests, *cases, *(task["name"] for task in rows["Case Task"])]
	rows["ToDo"] = _rows("ToDo", "reference_name", subjects)
	rows["Comment"] = _rows("Comment", "reference_name", subjects)
	return rows


def _rows(doctype: str, column: str, values: list[str]) -> list[dict[str, Any]]:
	table = DocType(doctype)
	query = frappe.qb.from_(table).select("*").where(table[column].isin(values))
	return query.orderby(table.creation, table.name).run(as_dict=True) if values else []
