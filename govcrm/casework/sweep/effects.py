"""Carries out what has been marked, one event at a time, each exactly once.

The event is held, the step taken and the mark taken away in one transaction: a worker that dies on the way leaves the
mark, and with it nothing of what it did. What another worker or a verb has in hand is left for the next time.
"""

from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

import frappe
from frappe import _

from govcrm import compat
from govcrm.access import subjects
from govcrm.accountability import trail
from govcrm.casework.attempts import alone, attempt
from govcrm.casework.clocks.records import rule_of
from govcrm.casework.sweep import steps
from govcrm.casework.sweep.holding import hold

PAGE = 500
ATTEMPTS = 5
FIRST_DELAY, GROWTH = 60, 5  # seconds: tried again after 1, 5, 25 and 125 minutes

EVENT = ("name", "case", "case_deadline", "kind", "at", "percent", "detail", "attempts", "pending")
CLOCK = ("name", "label", "status", "due", "breached", "rule")


class Pending(NamedTuple):
	event: str
	case: str
	parent: str | None


def carry_out_due(now: datetime, until: float) -> int:
	"""Carry out what is pending at `now` (naive UTC), until the monotonic clock says `until`. Returns how many."""
	done = 0
	while page := pending(now):
		before = done
		for one in page:
			if monotonic() > until:
				return done
			done += carry_out_alone(one, now)
		if done == before:  # others hold what is left
			break
	return done


def pending(now: datetime) -> list[Pending]:
	"""In the order in which the checks came due, so that the history of a case reads rightly."""
	frappe.db.rollback()  # see what has been committed since
	event, case = frappe.qb.DocType("Case Deadline Event"), frappe.qb.DocType("Case")
	query = frappe.qb.from_(event).join(case).on(case.name == event["case"])
	query = query.select(event.name, case.name, case.parent_case)
	query = query.where((event.pending == 1) & (event.try_at <= now))
	return [Pending(*row) for row in query.orderby(event.try_at, event.creation).limit(PAGE).run()]


def carry_out_alone(one: Pending, now: datetime) -> bool:
	"""In a transaction of its own. Returns whether this event need not be looked at again in this run."""
	taken = []
	subjects.forget()  # rights may have changed since the last one
	why = alone(lambda: taken.append(carry_out(one)), f"Case Deadline Event {one.event}")
	if why:
		alone(lambda: note_failure(one, why, now), f"Case Deadline Event {one.event}: failure")
	return bool(why) or taken == [True]


@trail.together()
def carry_out(one: Pending) -> bool:
	"""Returns False if somebody else has it in hand, or has done it."""
	event = claim(one)
	if event:
		step = load(event)
		moot = steps.is_moot(step)
		if not moot:
			steps.carry_out(step)
		settle(one.event, failure=_("Not needed any more: it was done, or the case ended.") if moot else None)
	return bool(event)


def claim(one: Pending) -> frappe._dict | None:
	"""Hold the event if it is still to be done; the first statement of its transaction.

	Before it the case above and the case, in the order in which verbs hold them; and never waiting for a person's act.
	"""
	compat.start_writing()
	for case in filter(None, (one.parent, one.case)):
		if not hold("Case", ("name",), [case]):
			return None
	rows = hold("Case Deadline Event", EVENT, [one.event])
	return rows[0] if rows and rows[0].pending else None


def load(event: frappe._dict) -> steps.Step:
	"""Read with locks: an ordinary read may show what was before the case was held."""
	clock = hold("Case Deadline", CLOCK, [event.case_deadline])[0]
	return steps.Step(
		event, clock, rule_of(clock.rule), frappe.get_doc("Case", event["case"], for_update=True)
	)


def settle(name: str, **values: object) -> None:
	frappe.db.set_value("Case Deadline Event", name, {"pending": 0, **values}, update_modified=False)


def note_failure(one: Pending, why: str, now: datetime) -> None:
	"""It is tried again later, a few times; then it is given up for all to see."""
	event = claim(one)
	if not event:
		return
	attempts = event.attempts + 1
	later = now + timedelta(seconds=FIRST_DELAY * GROWTH ** (attempts - 1))
	given_up = attempts >= ATTEMPTS
	settle(one.event, attempts=attempts, failure=why, try_at=later, pending=int(not given_up))
	if given_up and (silent := attempt(lambda: steps.tell_that_impossible(load(event), why), one.event)):
		frappe.log_error(title=f"Case Deadline Event {one.event}: nobody could be told", message=silent)
