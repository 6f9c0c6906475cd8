"""What the City of Boston promised in 2011: the counting rule of its own, and the shipped policies held against its records."""

import csv
import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import govcrm
from govcrm.domain.calendar import (
	KEEP,
	NEXT_WORKING_DAY,
	NEXT_WORKING_DAY_SAME_TIME,
	SAME_TIME,
	WORKING_DAYS,
	DayRules,
	due,
	weekly,
)
from govcrm.domain.deadlines_rules import Rule, due_date

PACKAGE = Path(govcrm.__file__).parent
SHIPPED = json.loads((PACKAGE / "casework/importing/shipped/deadlines/boston_311.json").read_text("utf-8"))
ZONE = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
COMMON, ENOUGH = 200, 0.95


@cache
def city_hours():
	week = {}
	for row in SHIPPED["calendar"]["hours"]:
		week.setdefault(row["weekday"][:3].lower(), []).append((row["starts"], row["ends"]))
	return weekly(ZONE.key, week)


def rules(after_hours: str) -> DayRules:
	return DayRules(end_rule=KEEP, due_at=SAME_TIME, after_hours=after_hours)


def in_two_days(received: str, after_hours: str = NEXT_WORKING_DAY_SAME_TIME) -> str:
	at = datetime.fromisoformat(received).replace(tzinfo=ZONE)
	found = due(city_hours(), at, 2, WORKING_DAYS, rules(after_hours)).astimezone(ZONE)
	return f"{found:%a %d %H:%M:%S}"


@pytest.mark.parametrize(
	("received", "expected"),
	[
		pytest.param("2011-07-06 14:39:09", "Fri 08 14:39:09", id="in hours"),
		pytest.param("2011-07-06 04:00:06", "Fri 08 04:00:06", id="before opening is the same day"),
		pytest.param("2011-07-06 17:00:00", "Fri 08 17:00:00", id="at the very closing is still that day"),
		pytest.param("2011-07-06 17:00:01", "Mon 11 08:30:00", id="after closing"),
		pytest.param("2011-07-10 13:13:51", "Wed 13 13:13:51", id="on Sunday is on Monday at that time"),
		pytest.param("2011-07-08 23:30:00", "Wed 13 08:30:00", id="after closing on Friday"),
		pytest.param(
			"2011-07-09 19:52:31", "Thu 14 08:30:00", id="on Saturday evening is after Monday's closing"
		),
	],
)
def test_what_comes_after_hours_counts_from_the_next_working_day_at_the_same_time(
	received: str, expected: str
):
	assert in_two_days(received) == expected


def test_the_two_rules_for_late_receipts_differ_on_weekends_alone():
	evening, sunday = "2011-07-06 19:00:00", "2011-07-10 13:13:51"
	assert in_two_days(evening) == in_two_days(evening, NEXT_WORKING_DAY) == "Mon 11 08:30:00"
	assert in_two_days(sunday, NEXT_WORKING_DAY) == "Wed 13 08:30:00"


def test_each_shipped_deadline_names_a_shipped_policy_and_each_program_once():
	policies = [policy["policy_name"] for policy in SHIPPED["policies"]]
	assert len(set(policies)) == len(policies)
	assert {row["deadline_policy"] for row in SHIPPED["deadlines"]} == set(policies)
	programs = [row["program"].casefold() for row in SHIPPED["deadlines"]]
	assert len(set(programs)) == len(programs)


def test_shipped_policies_give_the_due_dates_that_the_city_recorded():
	counts = list(hits_by_type(real_rows()))
	assert sum(dated for _, dated in counts) > 20_000
	assert sum(hits for hits, _ in counts) / sum(dated for _, dated in counts) >= ENOUGH
	assert min(hits / dated for hits, dated in counts) > 0.8


def hits_by_type(rows: dict[str, list[tuple[datetime, datetime | None]]]) -> Iterator[tuple[int, int]]:
	"""(dates hit to the minute, dates) of each common type that has a policy."""
	for name, rule in rules_by_program().items():
		requests = rows.get(name, [])
		if len(requests) >= COMMON:
			lags = [due_date(rule, city_hours(), opened) - target for opened, target in requests if target]
			yield sum(timedelta() <= lag < MINUTE for lag in lags), len(lags)


def rules_by_program() -> dict[str, Rule]:
	policies = {
		policy["policy_name"]: Rule.from_dict(SHIPPED["milestone"] | policy) for policy in SHIPPED["policies"]
	}
	return {row["program"]: policies[row["deadline_policy"]] for row in SHIPPED["deadlines"]}


def real_rows() -> dict[str, list[tuple[datetime, datetime | None]]]:
	beside = PACKAGE.parents[1] / "shared" / "data"
	path = Path(os.environ.get("GOVCRM_SHARED_DATA") or beside, "boston311_2011q3.csv")
	if not path.is_file():
		pytest.skip("no real requests: set GOVCRM_SHARED_DATA to the folder that holds them")
	found: dict[str, list] = {}
	with path.open(encoding="utf-8", newline="") as file:
		for row in csv.DictReader(file):
			opened, target = (instant(row[column]) for column in ("open_dt", "target_dt"))
			found.setdefault(" ".join(row["type"].split()), []).append((opened, target))
	return found


def instant(written: str) -> datetime | None:
	return datetime.fromisoformat(written).replace(tzinfo=ZONE) if written else None
