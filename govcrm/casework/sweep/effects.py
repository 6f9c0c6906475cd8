"""Carries out what has been marked, one event at a time, each exactly once.

The event is held, the step taken and the mark taken away in one transaction: a worker that dies on the way leaves the
mark, and with it nothing of what it did. One that another worker holds is left to that one.
"""

from datetime import datetime, timedelta
from time import monotonic

import frappe
from frappe import _
from frappe.query_builder import Order

from govcrm import compat
from govcrm.access import subjects
from govcrm.casework.attempts import alone, attempt
from govcrm.casework.sweep import steps
from govcrm.casework.sweep.checks import rule_of

PAGE = 500
ATTEMPTS = 5
FIRST_DELAY, GROWTH = 60, 5  # seconds: tried again after 1, 5, 25 and 125 minutes

EVENT = ("name", "case", "case_deadline", "kind", "percent", "detail", "attempts")
CLOCK = ("name", "label", "status", "due", "breached", "rule")


def carry_out_due(now: datetime, until: float) -> int:
	"""Carry out what is pending at `now` (naive UTC), until the monotonic clock says `until`. Returns how many."""
	done = 0
	while names := pending(now):
		before = done
		for name in names:
			if monotonic() > until:
				return done
			done += carry_out_alone(name, now)
		if done == before:  # others hold what is left
			break
	return done


def pending(now: datetime) -> list[str]:
	"""In the order in which the checks came due, so that the history of a case reads rightly."""
	frappe.db.rollback()  # see what has been committed since
	event = frappe.qb.DocType("Case Deadline Event")
	query = frappe.qb.from_(event).select(event.name).where((event.pending == 1) & (event.try_at <= now))
	for field in ("pending", "try_at", "creation"):
		query = query.orderby(event[field], order=Order.asc)
	return query.limit(PAGE).run(pluck=True)


def carry_out_alone(name: str, now: datetime) -> bool:
	"""In a transaction of its own. Returns whether this event need not be looked at again in this run."""
	taken = []
	subjects.forget()  # rights may have changed since the last one
	why = alone(lambda: taken.append(carry_out(name)), f"Case Deadline Event {name}")
	if why:
		alone(lambda: note_failure(name, why, now), f"Case Deadline Event {name}: failure")
	return bool(why) or taken == [True]


def carry_out(name: str) -> bool:
	"""Returns False if somebody else has it in hand, or has done it."""
	event = claim(name)
	if event:
		step = load(event)
		moot = steps.is_moot(step)
		if not moot:
			steps.carry_out(step)
		settle(
			name, failure=_("Not needed any more: it was done, or the case ended, before.") if moot else None
		)
	return bool(event)


def claim(name: str) -> frappe._dict | None:
	"""Hold the event if it is still to be done. The first statement of its transaction."""
	compat.start_writing()
	event = frappe.qb.DocType("Case Deadline Event")
	query = frappe.qb.from_(event).select(*(event[field] for field in EVENT))
	rows = compat.claiming(query.where((event.name == name) & (event.pending == 1))).run(as_dict=True)
	return rows[0] if rows else None


def load(event: frappe._dict) -> steps.Step:
	clock = frappe.db.get_value("Case Deadline", event.case_deadline, CLOCK, as_dict=True)
	return steps.Step(event, clock, rule_of(clock.rule), frappe.get_doc("Case", event["case"]))


def settle(name: str, **values: object) -> None:
	frappe.db.set_value("Case Deadline Event", name, {"pending": 0, **values}, update_modified=False)


def note_failure(name: str, why: str, now: datetime) -> None:
	"""It is tried again later, a few times; then it is given up for all to see."""
	event = claim(name)
	if not event:
		return
	attempts = event.attempts + 1
	later = now + timedelta(seconds=FIRST_DELAY * GROWTH ** (attempts - 1))
	given_up = attempts >= ATTEMPTS
	settle(name, attempts=attempts, failure=why, try_at=later, pending=int(not given_up))
	if given_up and (silent := attempt(lambda: steps.tell_that_impossible(load(event), why), name)):
		frappe.log_error(title=f"Case Deadline Event {name}: nobody could be told", message=silent)
