"""The rule of a clock: a milestone as it was published, which of them a case has, and how long a period is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from govcrm.domain.calendar import (
	CALENDAR_DAYS,
	CALENDAR_MONTHS,
	KEEP,
	NEXT_DAY,
	SAME_TIME,
	WORKING_DAYS,
	WORKING_HOURS,
	WORKING_MINUTES,
	Calendar,
	DayRules,
	due,
)
from govcrm.domain.conditions import evaluate, parse_condition

STATUTORY = "Statutory"
KEEPS, RESTARTS, CAPS, CONTINUES = (
	"Keep",
	"Restart",
	"Cap",
	"Continue",
)  # options of on_transfer and on_reopen

# Option strings of start_event and stop_event.
OPENED, ACCEPTED, ASSIGNED, STATE_ENTERED = "Opened", "Accepted", "Assigned", "State Entered"
FIRST_RESPONSE, DECIDED, CLOSED = "First Response", "Decided", "Closed"

SECONDS = {WORKING_MINUTES: 60, WORKING_HOURS: 3600}
WALL_UNITS = frozenset({CALENDAR_DAYS, CALENDAR_MONTHS})


class Step(NamedTuple):
	"""What is done when a percentage of the time has passed: one row of the escalation."""

	at_percent: int
	step: str
	user: str | None = None


@dataclass(frozen=True)
class Rule:
	"""One milestone as it was published, with its steps of escalation. The fields are those of Deadline Milestone."""

	code: str
	label: str
	amount: float
	unit: str
	nature: str = "Target"
	priority: str = ""
	condition: str = ""
	calendar_source: str = "Program"
	start_event: str = "Opened"
	start_state: str = ""
	stop_event: str = "Closed"
	stop_state: str = ""
	pauses: bool = True
	on_transfer: str = "Keep"
	on_reopen: str = "Continue"
	is_promise: bool = False
	on_breach: str = "None"
	breach_action: str = ""
	citation: str = ""
	max_extensions: int = 0
	extension_amount: float = 0
	extension_notice: bool = False
	warn_at: tuple[int, ...] = ()
	days: DayRules = field(default_factory=DayRules)
	steps: tuple[Step, ...] = ()

	@classmethod
	def from_dict(cls, values: Mapping[str, Any]) -> "Rule":
		"""From the field values of a milestone, with `steps`: what `pinned` gives, and what a clock carries."""
		plain = {name: values[name] for name in _PLAIN if values.get(name) is not None}
		steps = tuple(
			Step(int(row["at_percent"]), row["step"], row.get("user") or None)
			for row in values.get("steps") or ()
		)
		return cls(**plain, warn_at=percents(values.get("warn_at")), days=DayRules.of(values), steps=steps)

	@property
	def breach_effect(self) -> str:
		"""What is to be carried out when the date is missed: a deemed decision, or telling the supervisors; or nothing.

		To escalate is to take the steps of the policy; the supervisors are told where it has none at that time.
		"""
		if self.on_breach == "Escalate":
			return "" if any(step.at_percent == 100 for step in self.steps) else "Notify Supervisors"
		return "" if self.on_breach == "None" else self.on_breach

	@property
	def is_wall_time(self) -> bool:
		return self.unit in WALL_UNITS


_PLAIN = tuple(name for name in Rule.__dataclass_fields__ if name not in ("warn_at", "days", "steps"))


def percents(text: Any) -> tuple[int, ...]:
	"""The numbers of "50, 75, 90", in order, each once. Raises ValueError for anything else."""
	return tuple(sorted({int(part) for part in str(text or "").replace("%", "").split(",") if part.strip()}))


def rules_for(milestones: Iterable[Rule], priority: str | None, answers: Mapping[str, Any]) -> list[Rule]:
	"""The rules of a case: of each code the first that fits its priority and answers, in their order."""
	found: dict[str, Rule] = {}
	for rule in milestones:
		if rule.code not in found and _fits(rule, priority, answers):
			found[rule.code] = rule
	return list(found.values())


def _fits(rule: Rule, priority: str | None, answers: Mapping[str, Any]) -> bool:
	if rule.priority and rule.priority != priority:
		return False
	return not rule.condition or evaluate(parse_condition(rule.condition), answers)


def due_date(rule: Rule, calendar: Calendar, start: datetime, added: float = 0, paused: int = 0) -> datetime:
	"""When the period of a rule ends that began at `start`, was extended by `added` and stood still for `paused`.

	`added` is in the unit of the rule; `paused` in working seconds, working days or calendar days, as `pause` gives it.
	"""
	amount = rule.amount + added
	if rule.unit in SECONDS:
		return calendar.add(start, round(amount * SECONDS[rule.unit]) + paused)
	if rule.unit != CALENDAR_MONTHS or not paused:
		return due(calendar, start, amount + paused, rule.unit, rule.days)
	whole = DayRules(rule.days.count_from, KEEP, SAME_TIME, rule.days.after_hours)
	return due(
		calendar,
		due(calendar, start, amount, CALENDAR_MONTHS, whole),
		paused,
		CALENDAR_DAYS,
		DayRules(NEXT_DAY, rule.days.end_rule, rule.days.due_at),
	)


def later(rule: Rule, calendar: Calendar, at: datetime, added: float, paused: int) -> datetime:
	"""A date moved by extensions and pauses as the date of the rule is."""
	days = DayRules(NEXT_DAY, rule.days.end_rule, rule.days.due_at)
	if not (added or paused):
		return at
	if rule.unit in SECONDS:
		return calendar.add(at, round(added * SECONDS[rule.unit]) + paused)
	if rule.unit != CALENDAR_MONTHS:
		return due(calendar, at, added + paused, rule.unit, days)
	at = due(calendar, at, added, CALENDAR_MONTHS, days) if added else at
	return due(calendar, at, paused, CALENDAR_DAYS, days) if paused else at


def pause(rule: Rule, calendar: Calendar, since: datetime, until: datetime) -> int:
	"""By how much standing still moves the date: working seconds, working days or calendar days, by unit."""
	if rule.unit in SECONDS:
		return calendar.between(since, until)
	first, last = calendar.local_date(since), calendar.local_date(until)
	return calendar.working_days(first, last) if rule.unit == WORKING_DAYS else (last - first).days


def pause_unit(rule: Rule) -> str:
	"""Of what `pause` gives: "Seconds", "Working Days" or "Calendar Days"."""
	return "Seconds" if rule.unit in SECONDS else WORKING_DAYS if rule.unit == WORKING_DAYS else CALENDAR_DAYS
