"""Rules that may stand behind recorded due dates: a grammar of them, and the search for the simplest that fit.

For `boston_policies.py`, which says what a hit is and why.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays import country_holidays

from govcrm.domain import calendar as working
from govcrm.domain.calendar import Calendar, DayRules, due

ZONE = "America/New_York"
HALF = datetime(2011, 8, 16, tzinfo=ZoneInfo(ZONE))
MINUTE, HOUR = 60, 3600
STABLE, FEW_TARGETS = 0.7, 0.5
# Of rules that hit nearly as many dates the simplest is meant.
TIE = 0.01
# Rows that sort out the hopeless candidates, and how many go on from there.
GLANCE, FINALISTS = 40, 12
SUGGESTIONS = 3
HOURS = (("08:30", "17:00"), ("08:00", "16:00"), ("09:00", "17:00"), ("00:00", "24:00"))
OPTIONS = {
	"count_from": (working.NEXT_DAY, working.SAME_DAY),
	"end_rule": (working.KEEP, working.NEXT_WORKING_DAY),
	"due_at": (working.SAME_TIME, working.CLOSE_OF_BUSINESS, working.END_OF_DAY),
	"after_hours": (working.DAY_OF_RECEIPT, working.NEXT_WORKING_DAY, working.NEXT_WORKING_DAY_SAME_TIME),
}
USUAL = {name: options[0] for name, options in OPTIONS.items()}


class Request(NamedTuple):
	"""One row: two instants and what sorts them."""

	type: str
	source: str
	opened: datetime
	target: datetime | None


class Hours(NamedTuple):
	"""The hours of a city as one may guess them: Monday to Friday, with or without the state's holidays."""

	opens: str
	closes: str
	holidays: bool

	def calendar(self) -> Calendar:
		closed = country_holidays("US", subdiv="MA", years=range(2011, 2014)) if self.holidays else ()
		week = {day: [(self.opens, self.closes)] for day in ("mon", "tue", "wed", "thu", "fri")}
		return working.weekly(ZONE, week, closed)

	def __str__(self) -> str:
		return (
			f"{self.opens}-{self.closes}, {'holidays of Massachusetts' if self.holidays else 'no holidays'}"
		)


class Rule(NamedTuple):
	"""A period: what a milestone says of it."""

	unit: str
	amount: int
	rules: DayRules

	def due(self, calendar: Calendar, opened: datetime) -> datetime:
		return due(calendar, opened, self.amount, self.unit, self.rules)

	def lag(self, calendar: Calendar, request: Request) -> float:
		"""Seconds from the recorded date to the computed one."""
		return (self.due(calendar, request.opened) - request.target).total_seconds()

	def hits(self, calendar: Calendar, requests: list[Request]) -> int:
		return sum(is_hit(self.lag(calendar, request)) for request in requests)

	@property
	def cost(self) -> tuple[int, int]:
		"""How far from the simplest rule there is; then the lesser amount."""
		steps = (options.index(getattr(self.rules, name)) for name, options in OPTIONS.items())
		return (sum(steps), self.amount)

	@property
	def unusual(self) -> dict[str, str]:
		return {name: said for name in OPTIONS if (said := getattr(self.rules, name)) != USUAL[name]}

	def __str__(self) -> str:
		return f"{self.amount} {self.unit.lower()}" + "".join(
			f"; {name} {said}" for name, said in self.unusual.items()
		)


class Found(NamedTuple):
	"""What was found for a type."""

	type: str
	requests: list[Request]
	rule: Rule | None
	halves: tuple[float, float]

	@property
	def dated(self) -> list[Request]:
		return [request for request in self.requests if request.target]

	@property
	def stable(self) -> bool:
		return bool(self.rule) and min(self.halves) >= STABLE


def is_hit(lag: float) -> bool:
	return 0 <= lag < MINUTE


# The grammar ---------------------------------------------------------------------------------------------


def candidates(calendar: Calendar, requests: list[Request]) -> Iterator[Rule]:
	"""Every unit, with the amounts that the requests suggest, under every rule that bears on it."""
	for unit, measure in MEASURES.items():
		for amount, rules in product(amounts(calendar, requests, measure), RULES[unit]):
			yield Rule(unit, amount, rules)


def amounts(calendar: Calendar, requests: list[Request], measure: Callable) -> list[int]:
	"""The commonest amounts, and those beside them: a rule of counting may take or add a day."""
	measured = Counter(measure(calendar, request) for request in requests)
	near = {amount + step for amount, _ in measured.most_common(SUGGESTIONS) for step in (-1, 0, 1)}
	return sorted(amount for amount in near if amount > 0)


def in_hours(calendar: Calendar, request: Request) -> int:
	return round(calendar.between(request.opened, request.target) / HOUR)


def in_working_days(calendar: Calendar, request: Request) -> int:
	return calendar.working_days(*days_of(calendar, request))


def in_days(calendar: Calendar, request: Request) -> int:
	first, last = days_of(calendar, request)
	return (last - first).days


def in_months(calendar: Calendar, request: Request) -> int:
	first, last = days_of(calendar, request)
	return (last.year - first.year) * 12 + last.month - first.month


def days_of(calendar: Calendar, request: Request) -> tuple[date, date]:
	return calendar.local_date(request.opened), calendar.local_date(request.target)


def rules_over(*names: str) -> list[DayRules]:
	return [
		DayRules(**USUAL | dict(zip(names, said, strict=True))) for said in product(*map(OPTIONS.get, names))
	]


MEASURES = {
	working.WORKING_HOURS: in_hours,
	working.WORKING_DAYS: in_working_days,
	working.CALENDAR_DAYS: in_days,
	working.CALENDAR_MONTHS: in_months,
}
RULES = {
	working.WORKING_HOURS: rules_over(),
	working.WORKING_DAYS: rules_over("count_from", "due_at", "after_hours"),
	working.CALENDAR_DAYS: rules_over(*OPTIONS),
	working.CALENDAR_MONTHS: rules_over(*OPTIONS),
}


# The search ----------------------------------------------------------------------------------------------


def search(hours: Hours, by_type: dict[str, list[Request]], passes: int = 2) -> list[Found]:
	"""Twice: types whose few dates fit several rules are taken to follow the one that most others follow."""
	calendar, usual = hours.calendar(), Counter()
	for _pass in range(passes):
		found = [find(calendar, type_, requests, usual) for type_, requests in by_type.items()]
		usual = Counter((one.rule.unit, one.rule.rules) for one in found if one.rule)
	return found


def find(calendar: Calendar, type_: str, requests: list[Request], usual: Counter) -> Found:
	dated = [request for request in requests if request.target]
	first = [request for request in dated if request.opened < HALF]
	if len(dated) < FEW_TARGETS * len(requests) or not first:
		return Found(type_, requests, None, (0.0, 0.0))
	rule = best(calendar, first, usual)
	second = [request for request in dated if request.opened >= HALF]
	shares = (rule.hits(calendar, half) / max(len(half), 1) for half in (first, second))
	return Found(type_, requests, rule, tuple(shares))


def best(calendar: Calendar, requests: list[Request], usual: Counter) -> Rule:
	"""The most usual, then the simplest of the rules that hit most: a glance at some rows first, then all of them."""

	def order(rule: Rule) -> tuple:
		return (-usual[rule.unit, rule.rules], *rule.cost)

	some = requests[:: max(len(requests) // GLANCE, 1)]
	scored = sorted(candidates(calendar, some), key=lambda rule: (-rule.hits(calendar, some), order(rule)))
	hits = {rule: rule.hits(calendar, requests) for rule in scored[:FINALISTS]}
	enough = max(hits.values()) - TIE * len(requests)
	return min((rule for rule, count in hits.items() if count >= enough), key=order)


def best_hours(by_type: dict[str, list[Request]]) -> tuple[dict[Hours, int], Hours]:
	"""Hits in the first half under each guess at the hours, and the simplest of the best."""
	guesses = [Hours(*hours, holidays) for holidays in (False, True) for hours in HOURS]
	hits = {hours: first_half_hits(hours, by_type) for hours in guesses}
	return hits, max(guesses, key=hits.get)


def first_half_hits(hours: Hours, by_type: dict[str, list[Request]]) -> int:
	found = search(hours, by_type, passes=1)
	return round(sum(one.halves[0] * sum(r.opened < HALF for r in one.dated) for one in found))
