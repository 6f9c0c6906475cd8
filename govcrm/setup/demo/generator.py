"""A year of requests to the invented city and what was done about them, for a seed and a day. Imports no frappe.

The plan says who did what and when; it names no record. A *matter* is one case with the requests that belong to it
and the steps its people took. Steps that would lie in the future have not happened yet, which is what leaves recent
matters open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from govcrm.setup.demo.answers import plan_answers
from govcrm.setup.demo.pace import DAYS, Pace, moments
from govcrm.setup.demo.paths import Path, path_of, rules_among
from govcrm.setup.demo.people import CitizenPlan, Place, nearby, plan_citizens, plan_place
from govcrm.setup.demo.world import World

CHANNELS = (("Phone", 44), ("Web", 24), ("Counter", 12), ("E-mail", 10), ("Field", 6), ("API", 4))
SHARE_ANONYMOUS = 0.25
SHARE_JOINING = 0.04
SHARE_FOLLOWED = 0.012
SHARE_REPRESENTED = 0.03
SHARE_OF_PORTAL_USER = 0.01
TURNS = ("close", "cancel", "reopen")


@dataclass(frozen=True)
class Step:
	"""Something a person did: `by` is a login, `on` the number of the part (0: the case itself)."""

	at: datetime
	by: str
	do: str
	args: dict[str, Any] = field(default_factory=dict)
	on: int = 0


@dataclass(frozen=True)
class RequestPlan:
	"""One request. `citizen` and `representative` number the city's citizens; `agent` is empty for web and API."""

	requested: datetime
	channel: str
	agent: str
	citizen: int | None
	representative: int | None
	description: str
	answers: dict[str, Any]
	place: Place | None


@dataclass
class Matter:
	program: dict[str, Any]
	version: int
	course: str
	requests: list[RequestPlan]
	steps: list[Step]
	path: Path
	follower: int | None = None

	@property
	def opened(self) -> datetime:
		return self.requests[0].requested

	def is_running(self, moment: datetime) -> bool:
		"""Was the case neither closed nor cancelled at that moment?"""
		past = [step.do for step in self.steps if step.at <= moment and not step.on and step.do in TURNS]
		return not past or past[-1] == "reopen"

	def shape(self) -> tuple:
		"""What two matters have in common when they went the same way and the same was done in both, by the same people,
		at other times."""
		steps = tuple((step.by, step.do, step.on, repr(sorted(step.args.items()))) for step in self.steps)
		return (self.program["service_code"], self.version, self.path.department, self.path.parts, steps)


@dataclass(frozen=True)
class City:
	citizens: list[CitizenPlan]
	matters: list[Matter]
	until: datetime


def plan_city(world: World, *, seed: int, today: date, requests: int, citizens: int) -> City:
	"""Return the plan. The same arguments always give the same plan; no moment in it is later than `today` 00:00."""
	rng = Random(f"{world.city} {seed}")
	until = datetime.combine(today, time.min)
	people = plan_citizens(world, citizens, today, rng)
	history = _History(world, people, until, rng)
	for moment in moments(requests, until, rng):
		history.take(moment)
	return City(people, history.matters, until)


def program_versions(program: dict[str, Any], today: date) -> list[dict[str, Any]]:
	"""Return the versions of a program, oldest first: number, first day, questions, routing rules and what changed."""
	beginning = today - timedelta(days=DAYS + 30)
	questions = program["questions"]
	earlier = program.get("earlier")
	if not earlier:
		return [_version(program, 1, beginning, questions, is_last=True)]
	fewer = [row for row in questions if row["code"] not in earlier["without"]]
	changed = today - timedelta(days=earlier["days"])
	return [
		_version(program, 1, beginning, fewer),
		_version(program, 2, changed, questions, earlier["changes"], is_last=True),
	]


def _version(
	program: dict, number: int, first: date, questions: list, changes: str = "", is_last: bool = False
) -> dict[str, Any]:
	rules = rules_among(program.get("routing_rules", []), {row["code"] for row in questions})
	return {
		"number": number,
		"effective_from": first,
		"questions": questions,
		"routing_rules": rules,
		"changes": changes,
		"is_last": is_last,
	}


class _History:
	"""Takes requests in the order of time and remembers the matters they opened or joined."""

	def __init__(self, world: World, people: list[CitizenPlan], until: datetime, rng: Random) -> None:
		self.world, self.people, self.until, self.rng = world, people, until, rng
		self.matters: list[Matter] = []
		self.weights = [program["weight"] for program in world.programs]

	def take(self, moment: datetime) -> None:
		program = self.rng.choices(self.world.programs, self.weights)[0]
		version = self._version(program, moment)
		known = self._joinable(program, version["number"], moment)
		if known and self.rng.random() < SHARE_JOINING:
			return self._join(known[-1], version, moment)
		matter = self._matter(program, version, moment)
		self.matters.append(matter)
		if self.rng.random() < SHARE_FOLLOWED:
			self._follow(matter)
		return None

	def _version(self, program: dict, moment: datetime) -> dict[str, Any]:
		versions = program_versions(program, self.until.date())
		return [version for version in versions if version["effective_from"] <= moment.date()][-1]

	# Requests -------------------------------------------------------------------------------------------

	def _request(self, program: dict, version: dict, moment: datetime, place: Place | None) -> RequestPlan:
		channel = _weighted(CHANNELS, self.rng)
		citizen = self._citizen(program)
		return RequestPlan(
			requested=moment,
			channel=channel,
			agent=""
			if channel in ("Web", "API")
			else self.rng.choice(self.world.agents(program["department"])),
			citizen=citizen,
			representative=self._representative(citizen),
			description=self._description(program, place),
			answers=plan_answers(version["questions"], moment, self.rng),
			place=place,
		)

	def _citizen(self, program: dict) -> int | None:
		if program["anonymous_allowed"] and self.rng.random() < SHARE_ANONYMOUS:
			return None
		if self.rng.random() < SHARE_OF_PORTAL_USER:
			return 0
		return self.rng.randrange(len(self.people))

	def _representative(self, citizen: int | None) -> int | None:
		if citizen is None or self.rng.random() >= SHARE_REPRESENTED:
			return None
		other = self.rng.randrange(len(self.people))
		return None if other == citizen else other

	def _place(self, program: dict) -> Place | None:
		rule = program["location_rule"]
		asked = rule == "Required" or (rule == "Optional" and self.rng.random() < 0.7)
		return plan_place(self.world, self.rng) if asked else None

	def _description(self, program: dict, place: Place | None) -> str:
		text = self.rng.choice(program["descriptions"])
		return text.format(address=place.address_string if place else "")

	# Matters --------------------------------------------------------------------------------------------

	def _matter(self, program: dict, version: dict, moment: datetime) -> Matter:
		course = self._course(program, version, moment)
		request = self._request(program, version, moment, self._place(program))
		path = path_of(program, version, request.answers)
		steps = self._steps(program, path, course, moment)
		return Matter(program, version["number"], course["name"], [request], steps, path)

	def _course(self, program: dict, version: dict, moment: datetime) -> dict[str, Any]:
		"""What never gets done, gets not done of late: this city is well run. Former versions knew no extension."""
		age = (self.until - moment).days
		courses = [
			row
			for row in self._courses(program)
			if age < row.get("within_days", DAYS + 1) and (version["is_last"] or not row.get("extended"))
		]
		return self.rng.choices(courses, [course["weight"] for course in courses])[0]

	def _courses(self, program: dict) -> list[dict[str, Any]]:
		"""The usual course, and of the others a share: those that programs of the same workflow before have not."""
		usual, *others = self.world.courses[program["workflow"]]
		alike = [row for row in self.world.programs if row["workflow"] == program["workflow"]]
		shares = 4 if len(alike) > 3 else 3
		return [usual, *others[alike.index(program) % shares :: shares]]

	def _steps(self, program: dict, path: Path, course: dict, moment: datetime) -> list[Step]:
		"""The steps of a course that lie before the end of the plan, and those of the parts that the routing ordered."""
		cast, pace = self._cast(program, path), Pace(program, path.is_urgent, self.rng)
		steps = list(self._advice(path, moment, pace))
		for row in course["steps"]:
			moment = pace.later(moment, row["after_hours"])
			steps.extend(self._played(program, row, moment, cast))
		_end_last_wait(steps)
		return _in_order(step for step in steps if step.at < self.until)

	def _advice(self, path: Path, moment: datetime, pace: "Pace") -> Iterator[Step]:
		for number, department in path.ordered_parts():
			at, worker = moment, self.world.workers(department)[0]
			for row in self.world.advice:
				at = pace.later(at, row["after_hours"])
				yield Step(at, worker, row["do"], row.get("args", {}), number)

	def _played(self, program: dict, row: dict, at: datetime, cast: dict[str, str]) -> list[Step]:
		on = row.get("on", 0)
		args = {
			key: cast.get(value, value) if key == "user" else value
			for key, value in row.get("args", {}).items()
		}
		if row["do"] == "refer":
			return [
				Step(at + timedelta(minutes=3 * number), cast["worker"], "refer", dict(part), number)
				for number, part in enumerate(program["parts"], start=1)
			]
		return [Step(at, cast[f"part {on}" if on else row["by"]], row["do"], args, on)]

	def _cast(self, program: dict, path: Path) -> dict[str, str]:
		parts = enumerate(program.get("parts", ()), start=1)
		return {
			"worker": self.rng.choice(self.world.workers(path.department)),
			"supervisor": self.world.supervisor(path.department),
			"intake": self.world.first_agent,
			**{f"part {number}": self.world.workers(part["department"])[0] for number, part in parts},
		}

	# Those who report the same --------------------------------------------------------------------------

	def _joinable(self, program: dict, version: int, moment: datetime) -> list[Matter]:
		since = moment - timedelta(days=program["duplicate_days"])
		return [
			matter
			for matter in self.matters
			if matter.program is program
			and matter.requests[0].place
			and matter.version == version
			and since < matter.opened
			and matter.is_running(moment)
		]

	def _join(self, matter: Matter, version: dict, moment: datetime) -> None:
		place = nearby(matter.requests[0].place, matter.program["duplicate_radius"] / 2, self.rng)
		worker = self.world.workers(matter.path.department)[0]
		request = replace(self._request(matter.program, version, moment, place), agent=worker)
		matter.requests.append(request)
		joined = Step(moment, worker, "join")
		matter.steps = _in_order([*matter.steps, joined])

	def _follow(self, matter: Matter) -> None:
		citizen = self.rng.randrange(len(self.people))
		at = matter.opened + timedelta(hours=1)
		if at < self.until and citizen != matter.requests[0].citizen:
			matter.follower = citizen
			step = Step(at, self.world.first_agent, "follow")
			matter.steps = _in_order([step, *matter.steps])


def _end_last_wait(steps: list[Step]) -> None:
	"""A wait that nobody ends, ends by itself on its day."""
	if steps and steps[-1].do == "wait_for":
		last = steps[-1]
		day = last.at + timedelta(days=last.args["until_days"])
		steps.append(Step(day, last.by, "resume", {"reason": "The wait has ended."}))


def _in_order(steps: Iterable[Step]) -> list[Step]:
	return sorted(steps, key=lambda step: step.at)


def _weighted(pairs: tuple, rng: Random) -> Any:
	return rng.choices([value for value, _weight in pairs], [weight for _value, weight in pairs])[0]
