"""Which deadlines did a city keep? Found in its own records, and how often they give the recorded due date.

	python benchmarks/boston_policies.py --file boston311_2011q3.csv [--least 200] [--json]

Needs the app's package and PyPI's `holidays`, no site. The file holds requests of the City of Boston, July to September
2011, as the city has published them (data.boston.gov: open_dt, target_dt; local times).

For each type of request rules are made from a small grammar (`candidates`), with the amounts that the first half
of the quarter suggests. The simplest of those that agree best with the first half is the policy of the type; it is then
held against the whole quarter, of which it has not seen the second half. The hours of the city are found the same way,
for all types at once. All due dates are those of `govcrm.domain.calendar`.

A date is **hit** when the computed one is the recorded one to the minute: at most 59 seconds later, never earlier. The
seconds are not in the file: the city's clock started when a form was opened, and `open_dt` is when it was saved (see
the table of lags). Where the end does not hang on that, after a receipt in the evening, dates are hit to the second.

A rule is **stable** when it hits at least 70 % of the dates in each half. What it misses is sorted by `reason`.
"""

import argparse
import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from boston_rules import (
	HOUR,
	MEASURES,
	MINUTE,
	OPTIONS,
	ZONE,
	Found,
	Hours,
	Request,
	Rule,
	amounts,
	best_hours,
	in_days,
	is_hit,
	search,
)

from govcrm.domain import calendar as working
from govcrm.domain.calendar import Calendar

# A form that was open for longer than a minute, but not for hours.
LONGEST_LAG = 600
EVENING = 17


# What is missed ------------------------------------------------------------------------------------------


class Judge:
	"""Sorts requests by how the rule of their type fits."""

	def __init__(self, hours: Hours):
		self.calendar = hours.calendar()
		self.kept = hours._replace(holidays=not hours.holidays).calendar()

	def reasons(self, found: Found) -> Counter:
		return Counter(self.reason(found.rule, request) for request in found.requests)

	def reason(self, rule: Rule, request: Request) -> str:
		if not request.target:
			return "no date recorded"
		lag = rule.lag(self.calendar, request)
		if is_hit(lag):
			return "hit to the second" if lag == 0 else "hit to the minute"
		return self._reason_of_miss(rule, request, lag)

	def _reason_of_miss(self, rule: Rule, request: Request, lag: float) -> str:
		if 0 < lag < LONGEST_LAG:
			return "form open for minutes"
		if abs(abs(lag) - HOUR) < MINUTE:
			return "an hour off (daylight saving)"
		if is_hit(rule.lag(self.kept, request)):
			return "holidays the other way"
		if other := self._other_amount(rule, request):
			return f"same rule, {other} {rule.unit.lower()}"
		return "entered by hand (whole minute)" if request.target.second == 0 else "unexplained"

	def _other_amount(self, rule: Rule, request: Request) -> int | None:
		tried = amounts(self.calendar, [request], MEASURES[rule.unit])
		return next((n for n in tried if is_hit(rule._replace(amount=n).lag(self.calendar, request))), None)


# The report ----------------------------------------------------------------------------------------------


def main() -> None:
	options = parse()
	by_type = read(options.file)
	tried, hours = best_hours({name: rows for name, rows in by_type.items() if len(rows) >= options.least})
	found = [one for one in search(hours, by_type) if len(one.requests) >= options.least]
	if options.json:
		print(json.dumps(as_data(found), indent="\t"))
		return
	judge = Judge(hours)
	print_hours(tried)
	print_stable([one for one in found if one.stable], judge)
	print_unstable([one for one in found if not one.stable], judge.calendar)
	print_evenings([one for one in found if one.stable], judge.calendar)
	print_lags([one for one in found if one.stable], judge.calendar)


def parse() -> argparse.Namespace:
	parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
	parser.add_argument("--file", required=True, type=Path)
	parser.add_argument("--least", type=int, default=200, help="leave out types with fewer requests")
	parser.add_argument("--json", action="store_true", help="the policies as the import mapping has them")
	options = parser.parse_args()
	if not options.file.is_file():
		raise SystemExit(f"Skipped: {options.file} is not there. It is not part of the project.")
	return options


def read(path: Path) -> dict[str, list[Request]]:
	"""Requests by type, the type with most of them first, each in the order of receipt."""
	by_type = defaultdict(list)
	with path.open(encoding="utf-8", newline="") as file:
		for row in csv.DictReader(file):
			request = Request(
				" ".join(row["type"].split()),
				row["source"],
				*map(instant, (row["open_dt"], row["target_dt"])),
			)
			by_type[request.type].append(request)
	by_size = sorted(by_type.items(), key=lambda item: (-len(item[1]), item[0]))
	return {name: sorted(rows, key=lambda request: request.opened) for name, rows in by_size}


def instant(written: str) -> datetime | None:
	return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(ZONE)) if written else None


def as_data(found: list[Found]) -> dict:
	"""What the mapping of the import takes: each rule once, and which type has which."""
	rules = {one.rule: None for one in found if one.stable}
	return {
		"policies": [milestone(rule) for rule in sorted(rules, key=str)],
		"deadlines": [
			{"program": one.type, "deadline_policy": policy_name(one.rule)} for one in found if one.stable
		],
	}


def policy_name(rule: Rule) -> str:
	unit = rule.unit.removesuffix("s") if rule.amount == 1 else rule.unit
	return f"Boston: {rule.amount} {unit}"


def milestone(rule: Rule) -> dict:
	said = {name: getattr(rule.rules, name) for name in OPTIONS}
	return {"policy_name": policy_name(rule), "amount": rule.amount, "unit": rule.unit, **said}


def print_hours(tried: dict[Hours, int]) -> None:
	print("\n| hours of the city | dates of the first half hit |\n|---|---:|")
	for hours, hits in sorted(tried.items(), key=lambda item: -item[1]):
		print(f"| {hours} | {hits:,} |")


def print_stable(found: list[Found], judge: Judge) -> None:
	print("\n| type | requests | policy | 1st half | 2nd half | hit of dated | to the second | the rest |")
	print("|---|---:|---|---:|---:|---:|---:|---|")
	total, dated = Counter(), 0
	for one in found:
		reasons = judge.reasons(one)
		total += collected(reasons)
		dated += len(one.dated)
		print_type(one, reasons)
	print_row("all of these", sum(total.values()), "", ("", ""), total, dated)


def collected(reasons: Counter) -> Counter:
	"""The same without the amounts."""
	result = Counter()
	for why, count in reasons.items():
		result["same rule, another amount" if why.startswith("same rule") else why] += count
	return result


def print_type(one: Found, reasons: Counter) -> None:
	halves = tuple(f"{share:.1%}" for share in one.halves)
	print_row(one.type, len(one.requests), str(one.rule), halves, reasons, len(one.dated))


def print_row(
	title: str, count: int, policy: str, halves: tuple[str, str], reasons: Counter, dated: int
) -> None:
	exact = reasons["hit to the second"]
	hit = exact + reasons["hit to the minute"]
	rest = "; ".join(f"{n} {why}" for why, n in reasons.most_common() if not why.startswith("hit "))
	shares = f"{hit / dated:.2%} | {exact / dated:.1%}"
	print(f"| {title} | {count:,} | {policy} | {halves[0]} | {halves[1]} | {shares} | {rest} |")


def print_unstable(found: list[Found], calendar: Calendar) -> None:
	print(
		"\n| type without a stable rule | requests | dated | best rule | 1st half | 2nd half | commonest days to the date |"
	)
	print("|---|---:|---:|---|---:|---:|---|")
	for one in found:
		days = Counter(in_days(calendar, request) for request in one.dated).most_common(4)
		common = ", ".join(f"{day} ({count})" for day, count in days)
		halves = " | ".join(f"{share:.1%}" for share in one.halves)
		print(
			f"| {one.type} | {len(one.requests):,} | {len(one.dated):,} | {one.rule or '-'} | {halves} | {common} |"
		)


def print_evenings(found: list[Found], calendar: Calendar) -> None:
	"""Working days from the next opening: the end does not hang on the second at which a form was opened."""
	lags = defaultdict(list)
	for rule, request in dated_by_rule(found):
		if rule.unit == working.WORKING_DAYS:
			lags[came(calendar, request.opened)].append(rule.lag(calendar, request))
	print(
		"\n| in working days, received | dates | hit to the second | hit to the minute |\n|---|---:|---:|---:|"
	)
	for when, seconds in sorted(lags.items()):
		exact, hit = seconds.count(0) / len(seconds), sum(map(is_hit, seconds)) / len(seconds)
		print(f"| {when} | {len(seconds):,} | {exact:.2%} | {hit:.2%} |")


def came(calendar: Calendar, opened: datetime) -> str:
	closing = calendar.closing(calendar.local_date(opened))
	late = opened.hour >= EVENING
	day = "on a working day" if closing else "on a weekend"
	return f"{day}, {'after' if late else 'before'} {EVENING}:00"


def dated_by_rule(found: list[Found]) -> Iterator[tuple[Rule, Request]]:
	return ((one.rule, request) for one in found for request in one.dated)


def print_lags(found: list[Found], calendar: Calendar) -> None:
	"""By how many seconds the computed date is later than the recorded one, by who entered the request."""
	lags = defaultdict(list)
	for rule, request in dated_by_rule(found):
		if abs(lag := rule.lag(calendar, request)) < LONGEST_LAG:
			lags[request.source].append(lag)
	print(
		"\n| source | dates | earlier | median s | 90 % | 99 % | most |\n|---|---:|---:|---:|---:|---:|---:|"
	)
	for source, seconds in sorted(lags.items(), key=lambda item: -len(item[1])):
		seconds.sort()
		marks = (seconds[int(len(seconds) * share)] for share in (0.5, 0.9, 0.99))
		figures = " | ".join(f"{mark:.0f}" for mark in (*marks, seconds[-1]))
		print(f"| {source or '(none)'} | {len(seconds):,} | {sum(s < 0 for s in seconds):,} | {figures} |")


if __name__ == "__main__":
	main()
