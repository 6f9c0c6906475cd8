"""Writes a recorded matter again: other names, citizens, places and times, the same acts."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from random import Random
from typing import Any

import frappe
from frappe.utils import get_datetime, getdate

from govcrm.casework.clocks import opening
from govcrm.casework.clocks.records import CLOCK, EVENT, Clock
from govcrm.casework.opening import subject_of
from govcrm.casework.participation import participant_name
from govcrm.casework.routing import route
from govcrm.casework.sweep.rows import VERBS
from govcrm.domain.references import new_reference
from govcrm.service_catalogue.areas import locate
from govcrm.setup.demo import clocks
from govcrm.setup.demo.answers import split
from govcrm.setup.demo.generator import Matter, RequestPlan, program_versions
from govcrm.setup.demo.stage import Recording, Rows, Stage, named, request_values

# Reckoned from the moment of the request, not from the moment of the act that wrote them.
FROM_REQUEST = frozenset({"expected_datetime", "due"})
SWEPT = frozenset(VERBS.values())  # follows from the clocks
ACTORS = ("owner", "modified_by", "actor", "agent")
HASH_BITS = 40


class Copy:
	"""The rows of `matter`, made of those of a recording of the same shape.

	`rng` gives the names; `until` is when the sweep of clocks last ran. Who filed the request was played by the first
	agent and is put in here.
	"""

	def __init__(
		self, stage: Stage, recording: Recording, matter: Matter, rng: Random, until: datetime
	) -> None:
		self.stage, self.recording, self.matter, self.rng = stage, recording, matter, rng
		self.until = until
		self.times = [matter.opened, *(step.at for step in matter.steps)]
		self.plans = dict(zip(recording.requests, matter.requests, strict=True))
		self.texts = self._texts()
		self.pattern = re.compile("|".join(map(re.escape, sorted(self.texts, key=len, reverse=True))))

	def rows(self) -> Rows:
		rows = {
			doctype: [self._row(doctype, row) for row in rows if row.get("verb") not in SWEPT]
			for doctype, rows in self.recording.rows.items()
			if doctype not in (CLOCK, EVENT)
		}
		self._route(rows)
		self._keep_time(rows)
		return rows

	# Times ----------------------------------------------------------------------------------------------

	def step_of(self, moment: datetime) -> int:
		"""Number of the step during which something was written; 0 is the opening."""
		return max(bisect_right(self.recording.began, moment) - 1, 0)

	def moment(self, moment: datetime) -> datetime:
		"""When it happened here. What lies before the play came with the request."""
		began = self.recording.began
		if moment < began[0]:
			return moment + (self.matter.opened - self.recording.matter.opened)
		step = self.step_of(moment)
		return self.times[step] + (moment - began[step])

	def day(self, day: date, written: datetime) -> date:
		step = self.step_of(written)
		return day + (self.times[step].date() - self.recording.began[step].date())

	def from_request(self, value: Any) -> Any:
		opened, played = self.matter.opened, self.recording.matter.opened
		if isinstance(value, datetime):
			return value + (opened - played)
		return value + (opened.date() - played.date())

	# Names ----------------------------------------------------------------------------------------------

	def _texts(self) -> dict[str, str]:
		"""What stands for each name and title of the recording."""
		rows = self.recording.rows
		texts = {name: self._reference("SR", plan.requested) for name, plan in self.plans.items()}
		for case in rows["Case"]:
			texts[case["name"]] = self._reference("CASE", self.moment(get_datetime(case["creation"])))
		for doctype in ("Request Follower", "Case Event", "Case Task", "Interaction", "ToDo", "Comment"):
			texts |= {row["name"]: self._hash() for row in rows[doctype]}
		return texts | {self._subject(self.recording.matter): self._subject(self.matter)}

	def _reference(self, prefix: str, moment: datetime) -> str:
		return new_reference(prefix, moment, self.rng.getrandbits)

	def _subject(self, matter: Matter) -> str:
		place = matter.requests[0].place
		return subject_of(matter.program["service_code"], place.address_string if place else None)

	def text(self, text: str) -> str:
		return self.pattern.sub(lambda found: self.texts[found.group()], text)

	# What is decided anew ---------------------------------------------------------------------------------

	def _route(self, rows: Rows) -> None:
		"""By the rules, as intake does: the same way, but for reasons and a place of its own."""
		first = next(row for row in rows["Service Request"] if self._is_first(row))
		version = frappe.get_cached_doc("Program Version", first["program_version"])
		routed = route(frappe._dict(first), version)
		first["routing_detail"] = routed.detail
		kind = {"priority": routed.priority, "confidentiality": routed.confidentiality}
		for request in rows["Service Request"]:
			request.update(kind, service_area=locate(request["latitude"], request["longitude"]))
		for case in rows["Case"]:
			case.update(kind, service_area=routed.service_area)
			if not case["parent_case"]:
				case["routing_rule"], case["routing_reason"] = routed.rule, routed.reason

	def _is_first(self, request: dict[str, Any]) -> bool:
		return request["name"] == self.texts[self.recording.requests[0]]

	def _keep_time(self, rows: Rows) -> None:
		"""The clocks of each case, and what it shows of them."""
		rows[CLOCK], rows[EVENT] = [], []
		for played, case in zip(self.recording.rows["Case"], rows["Case"], strict=True):
			kept = list(self._clocks(played, case, rows))
			acts = [row for row in rows["Case Event"] if row["case"] == case["name"]]
			for clock in kept:
				rows["Case Event"] += clocks.history(clock, case, acts, self._hash)
			for doctype, made in clocks.rows_of(kept, self._hash).items():
				rows[doctype] += made
			self._show(case, clocks.shown_on_case(kept), rows["Service Request"])

	def _clocks(self, played: dict[str, Any], case: dict[str, Any], rows: Rows) -> Iterator[Clock]:
		"""By the rules for its own priority and answers."""
		answers = opening.answers_in(next(filter(self._is_first, rows["Service Request"])))
		rules = {one.rule.code: one for one in opening.rules_of(case, answers)}
		for row in self.recording.rows[CLOCK]:
			if row["case"] == played["name"]:
				clock = opening.blank(case, rules[row["milestone"]])
				clock.name = self._hash()
				yield clocks.derive(clock, self._events_of(row), self._acted, self.until)

	def _events_of(self, row: dict[str, Any]) -> list[dict[str, Any]]:
		events = [event for event in self.recording.rows[EVENT] if event["case_deadline"] == row["name"]]
		return sorted(events, key=lambda event: (event["at_utc"], event["idx"]))

	def _acted(self, event: dict[str, Any]) -> datetime:
		"""By when it was written: clocks keep whole seconds, and a play takes many steps in one."""
		written = get_datetime(event["creation"])
		return self.moment(written) if self.step_of(written) else self.matter.opened

	def _show(self, case: dict[str, Any], shown: dict[str, Any], requests: list[dict[str, Any]]) -> None:
		"""Those who asked are promised what their case promises, as when the controllers tell them."""
		promised = shown.get("expected_datetime")
		for request in requests if promised and not case["parent_case"] else ():
			if str(request["expected_datetime"]) == str(case["expected_datetime"]) or self._is_first(request):
				request["expected_datetime"] = promised
		case.update(shown)

	def _hash(self) -> str:
		return f"{self.rng.getrandbits(HASH_BITS):010x}"

	# Rows -----------------------------------------------------------------------------------------------

	def _row(self, doctype: str, row: dict[str, Any]) -> dict[str, Any]:
		copied = {column: self._value(doctype, column, row) for column in row}
		if self.step_of(get_datetime(row["creation"])) == 0:
			self._put_opener(row, copied)
		if finish := _FINISH.get(doctype):
			finish(self, row, copied)
		return copied

	def _value(self, doctype: str, column: str, row: dict[str, Any]) -> Any:
		value, kind = row[column], kinds(doctype).get(column)
		if value is None:
			return None
		if kind:
			value = get_datetime(value) if kind == "Datetime" else getdate(value)
			return self._time(column, value, row)
		return self.text(value) if isinstance(value, str) else value

	def _time(self, column: str, value: Any, row: dict[str, Any]) -> Any:
		if column in FROM_REQUEST:
			return self.from_request(value)
		if isinstance(value, datetime):
			return self.moment(value)
		# A day that a later act wrote moves with that act.
		written = "modified" if column.endswith("until") else "creation"
		return self.day(value, get_datetime(row[written]))

	def _put_opener(self, row: dict[str, Any], copied: dict[str, Any]) -> None:
		played = self.stage.world.email(self.stage.world.first_agent)
		opener = self.opener(self.matter.requests[0])
		later = self.step_of(get_datetime(row["modified"])) > 0
		for column in ACTORS:
			if row.get(column) == played and not (later and column == "modified_by"):
				copied[column] = None if (column, opener) == ("agent", "Guest") else opener

	def opener(self, plan: RequestPlan) -> str:
		"""Whoever filed a request: an agent, the citizen with an account, or somebody without one."""
		world = self.stage.world
		if plan.agent:
			return world.email(plan.agent)
		return world.email(world.portal_user["login"]) if plan.citizen == 0 else "Guest"

	def _finish_request(self, row: dict[str, Any], copied: dict[str, Any]) -> None:
		plan = self.plans[row["name"]]
		copied.update(request_values(plan, self.stage.citizens))
		versions = program_versions(self.matter.program, self.matter.opened.date())
		checked = split(self._questions(versions), plan.answers)
		copied["answers"] = frappe.as_json(checked.public, indent=None) if checked.public else None
		copied["sensitive_answers"] = (
			frappe.as_json(checked.sensitive, indent=None) if checked.sensitive else None
		)
		if row["expected_datetime"]:
			promised = get_datetime(row["expected_datetime"]) - get_datetime(row["requested_datetime"])
			copied["expected_datetime"] = plan.requested + promised

	def _questions(self, versions: list[dict[str, Any]]) -> list[dict[str, Any]]:
		return versions[self.matter.version - 1]["questions"]

	def _finish_contact(self, row: dict[str, Any], copied: dict[str, Any]) -> None:
		plan = self.plans[row["service_request"]]
		played = self._played(row["service_request"])
		if get_datetime(row["occurred_at"]) == played.requested:
			copied["channel"], copied["occurred_at"] = plan.channel, plan.requested
			asks = plan.citizen if plan.representative is None else plan.representative
			copied["citizen"] = named(asks, self.stage.citizens)
		else:
			copied["citizen"] = named(plan.citizen, self.stage.citizens)

	def _played(self, request: str) -> RequestPlan:
		return self.recording.matter.requests[self.recording.requests.index(request)]

	def _finish_follower(self, row: dict[str, Any], copied: dict[str, Any]) -> None:
		copied["citizen"] = named(self.matter.follower, self.stage.citizens)

	def _finish_participant(self, row: dict[str, Any], copied: dict[str, Any]) -> None:
		said = ("case", "capacity", "user", "department", "source_doctype", "source_name")
		copied["name"] = participant_name(*(copied[column] for column in said))


_FINISH: dict[str, Callable[[Copy, dict, dict], None]] = {
	"Service Request": Copy._finish_request,
	"Interaction": Copy._finish_contact,
	"Request Follower": Copy._finish_follower,
	"Case Participant": Copy._finish_participant,
}


@cache
def kinds(doctype: str) -> dict[str, str]:
	"""Date and Datetime columns of a DocType."""
	fields = {df.fieldname: df.fieldtype for df in frappe.get_meta(doctype).fields}
	times = {name: kind for name, kind in fields.items() if kind in ("Date", "Datetime")}
	return {**times, "creation": "Datetime", "modified": "Datetime"}
