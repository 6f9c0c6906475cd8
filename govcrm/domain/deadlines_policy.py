"""Is a deadline policy sound? What is wrong with its rows, in words for the admin who wrote them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from govcrm.domain.calendar import (
	CALENDAR_DAYS,
	CALENDAR_MONTHS,
	WORKING_DAYS,
	WORKING_HOURS,
	WORKING_MINUTES,
)
from govcrm.domain.conditions import ConditionError, parse_condition
from govcrm.domain.deadlines_rules import SECONDS, STATE_ENTERED, STATUTORY, percents
from govcrm.domain.texts import _

DEEMED = ("Deemed Granted", "Deemed Refused")
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
LONGEST_PERCENT = 1000
# About twenty years: what is longer is a slip of the pen.
LONGEST = {
	WORKING_MINUTES: 2_500_000,
	WORKING_HOURS: 42_000,
	WORKING_DAYS: 5_200,
	CALENDAR_DAYS: 7_300,
	CALENDAR_MONTHS: 240,
}

Row = Mapping[str, Any]


TEXTS = {
	"code": _("The code {0} may have small letters, digits and underscores, and begins with a letter."),
	"amount": _("The time allowed must be more than nothing, and at most {0} {1}."),
	"part": _("A time in {0} is a whole number."),
	"warn_at": _("Warnings are percentages from 1 to 99 with commas between, such as 50, 75."),
	"condition": _("The condition cannot be used: {0}"),
	"start_state": _("Choose the state that starts the clock."),
	"stop_state": _("Choose the state that stops the clock."),
	"same": _("The clock starts and stops with the same event."),
	"deemed": _("A decision is deemed to be made by law alone: choose Statutory and name the law."),
	"breach_action": _("Name the action of the workflow that makes the decision which is deemed to be made."),
	"extension": _("Extensions cannot be fewer, or shorter, than none."),
	"notice": _("An extension needs notice, but none is allowed: say how many are."),
	"hidden": _("No case ever gets here: row {0} of the same code comes first and fits every case."),
	"promises": _("The milestones {0} and {1} are both the promised date: only one can be."),
	"unknown_milestone": _("There is no milestone {0}."),
	"at_percent": _("A step is taken at 1 to {0} percent of the time."),
}


class Problem(NamedTuple):
	"""`row`: its number in the table. `values` fill the places of `TEXTS[code]`."""

	table: str
	row: int
	code: str
	values: tuple[Any, ...] = ()


def problems(milestones: Sequence[Row], escalations: Sequence[Row]) -> Iterator[Problem]:
	"""All that is wrong with a policy, from the field values of its rows."""
	for number, row in enumerate(milestones, start=1):
		for code, *values in (*_time(row), *_events(row), *_effects(row), *_extensions(row)):
			yield Problem("milestones", number, code, tuple(values))
	yield from _hidden(milestones)
	yield from _promises(milestones)
	codes = {row.get("code") for row in milestones}
	for number, row in enumerate(escalations, start=1):
		for code, *values in _step(row, codes):
			yield Problem("escalations", number, code, tuple(values))


def _time(row: Row) -> Iterator[tuple]:
	amount, unit = row.get("amount") or 0, row.get("unit")
	if not CODE.fullmatch(row.get("code") or ""):
		yield "code", row.get("code")
	if unit in LONGEST and not 0 < amount <= LONGEST[unit]:  # another unit is refused by its field
		yield "amount", LONGEST[unit], unit
	elif unit not in SECONDS and amount != int(amount):
		yield "part", unit
	if not _are_warnings(row.get("warn_at")):
		yield ("warn_at",)
	if row.get("condition") and (why := _unreadable(row["condition"])):
		yield "condition", why


def _are_warnings(text: Any) -> bool:
	try:
		return all(0 < percent < 100 for percent in percents(text))
	except ValueError:
		return False


def _unreadable(condition: str) -> str | None:
	try:
		parse_condition(condition)
	except ConditionError as error:
		return str(error)
	return None


def _events(row: Row) -> Iterator[tuple]:
	start, stop = (
		(
			row.get(f"{end}_event"),
			row.get(f"{end}_state") if row.get(f"{end}_event") == STATE_ENTERED else None,
		)
		for end in ("start", "stop")
	)
	if start[0] == STATE_ENTERED and not start[1]:
		yield ("start_state",)
	if stop[0] == STATE_ENTERED and not stop[1]:
		yield ("stop_state",)
	elif start == stop:
		yield ("same",)


def _effects(row: Row) -> Iterator[tuple]:
	if row.get("on_breach") not in DEEMED:
		return
	if row.get("nature") != STATUTORY or not (row.get("citation") or "").strip():
		yield ("deemed",)
	if not (row.get("breach_action") or "").strip():
		yield ("breach_action",)


def _extensions(row: Row) -> Iterator[tuple]:
	if (row.get("max_extensions") or 0) < 0 or (row.get("extension_amount") or 0) < 0:
		yield ("extension",)
	elif row.get("extension_notice") and not row.get("max_extensions"):
		yield ("notice",)


def _hidden(milestones: Sequence[Row]) -> Iterator[Problem]:
	fits_all: dict[str, int] = {}
	for number, row in enumerate(milestones, start=1):
		if row.get("code") in fits_all:
			yield Problem("milestones", number, "hidden", (fits_all[row["code"]],))
		elif not row.get("priority") and not row.get("condition"):
			fits_all[row.get("code")] = number


def _promises(milestones: Sequence[Row]) -> Iterator[Problem]:
	promised = [
		(number, row.get("code")) for number, row in enumerate(milestones, start=1) if row.get("is_promise")
	]
	for (_number, one), (number, other) in pairwise(promised):
		if one != other:
			yield Problem("milestones", number, "promises", (one, other))


def _step(row: Row, codes: set[str | None]) -> Iterator[tuple]:
	if row.get("milestone") and row["milestone"] not in codes:
		yield "unknown_milestone", row["milestone"]
	if not 1 <= (row.get("at_percent") or 0) <= LONGEST_PERCENT:
		yield "at_percent", LONGEST_PERCENT
