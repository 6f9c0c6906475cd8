"""Finds the clocks whose next check has come, and writes down what has happened: a batch is one transaction.

A case is the lock of its clocks, here as in every verb. A batch holds the cases, then reads the clocks anew: what another
worker or a verb has in hand is left out and found again by the next sweep, what one has just done is seen.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from math import inf
from time import monotonic

import frappe

from govcrm import compat
from govcrm.casework.sweep import recording, rows
from govcrm.casework.sweep.checks import Finder, Found
from govcrm.casework.sweep.holding import hold
from govcrm.domain.calendar import UTC
from govcrm.service_catalogue import calendars

PAGE = 10_000
BATCH = 500
POSTPONED = 3600  # seconds until a clock is looked at again that could not be read

CASE = ("name", "workflow_state", "state_category", "department", "confidentiality")
CLOCK = (
	"name",
	"case",
	"label",
	"status",
	"breached",
	"due",
	"due_utc",
	"calendar",
	"warned_percent",
	"next_at",
	"next_kind",
	"next_percent",
	"rule",
)
PASSING = (frappe.QueryDeadlockError, frappe.QueryTimeoutError)


def utc_now() -> datetime:
	"""Naive, as in the columns that are compared."""
	return calendars.utc_naive(datetime.now(UTC))


def mark_due(now: datetime, until: float = inf) -> int:
	"""Mark every clock whose next check lies before `now` (naive UTC). Commits each batch. Returns how many.

	After `until` (of the monotonic clock) no further batch is begun: a job ended from outside would log a failure.
	"""
	marked = 0
	while page := due(now):
		done = sum(mark_safely(batch, now) for batch in batches(page, until))
		marked += done
		if (
			len(page) < PAGE or not done or monotonic() >= until
		):  # what is left is in other hands, or comes next time
			break
	return marked


def batches(page: list[tuple[str, str]], until: float) -> Iterator[list[tuple[str, str]]]:
	for start in range(0, len(page), BATCH):
		if not start or monotonic() < until:
			yield page[start : start + BATCH]


def due(now: datetime) -> list[tuple[str, str]]:
	"""(clock, case) of those that are due, the longest due first. Exactly at its time a clock is not late."""
	frappe.db.rollback()  # see what has been committed since
	clock = frappe.qb.DocType("Case Deadline")
	query = frappe.qb.from_(clock).select(clock.name, clock["case"]).where(clock.next_at < now)
	return query.orderby(clock.next_at).limit(PAGE).run()


def mark_safely(found: list[tuple[str, str]], now: datetime) -> int:
	"""One clock that cannot be read does not keep the others of its batch from being marked."""
	try:
		return mark_alone(found, now)
	except PASSING:
		frappe.db.rollback()
		return 0
	except Exception:
		frappe.db.rollback()
		if len(found) == 1:
			return postpone(found[0][0], now)
		return sum(mark_safely([one], now) for one in found)


def mark_alone(found: list[tuple[str, str]], now: datetime) -> int:
	"""In a transaction of its own: all is written of the batch, or nothing."""
	frappe.db.rollback()
	done = mark(found, now)
	frappe.db.commit()  # a batch stands by itself, so that no sweep has to begin anew
	return done


def mark(found: list[tuple[str, str]], now: datetime) -> int:
	compat.start_writing()
	cases = hold_cases({case for _name, case in found})
	clocks = hold_clocks([name for name, case in found if case in cases], now)
	if clocks:
		write(Finder(clocks, calendars.from_utc(now)).find_all(), cases)
	return len(clocks)


def hold_cases(names: Collection[str]) -> dict[str, frappe._dict]:
	return {row.name: row for row in hold("Case", CASE, names)}


def hold_clocks(names: Collection[str], now: datetime) -> list[frappe._dict]:
	"""Those that are still due. In order of time, so that what happened first is written first."""
	fields = (*CLOCK, *(field for field in recording.columns() if field not in CLOCK))
	rows = [row for row in hold("Case Deadline", fields, names) if row.next_at and row.next_at < now]
	return sorted(rows, key=lambda row: (row.next_at, row.name))


def write(found: list[Found], cases: dict[str, frappe._dict]) -> None:
	written = rows.write_events(found, cases)
	rows.move_clocks(found)
	rows.show_on_cases(found)
	recording.record(found, cases, written)


def postpone(name: str, now: datetime) -> int:
	"""What is wrong with it is in the Error Log for somebody to put right. When it was due stays in `due_utc`."""
	frappe.log_error(title=f"Case Deadline {name} could not be swept")
	later = now + timedelta(seconds=POSTPONED)
	frappe.db.set_value("Case Deadline", name, "next_at", later, update_modified=False)
	frappe.db.commit()  # else it would come first in every sweep
	return 0
