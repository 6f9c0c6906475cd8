"""What follows from a deadline, each as one act within the transaction that its caller has begun."""

from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, get_fullname

from govcrm import compat
from govcrm.casework import events, public_status
from govcrm.casework.attempts import refusal
from govcrm.casework.queues.giving import choose
from govcrm.casework.sweep import recipients
from govcrm.casework.sweep.telling import tell
from govcrm.domain.cases import RUNNING
from govcrm.domain.deadlines import BREACH, Rule

PRIORITIES = ("Low", "Medium", "High", "Urgent")


class Step(NamedTuple):
	"""An event that is still to be carried out, its clock, the rule of the clock, and the case."""

	event: frappe._dict
	clock: frappe._dict
	rule: Rule
	case: Document

	@property
	def due(self) -> datetime:
		"""The date it is about. One that was missed: the clock may have begun anew since."""
		return self.event.at if self.event.kind == BREACH else self.clock.due


def carry_out(step: Step) -> None:
	"""Do what the event asks for. A step that the state of things does not allow is told to the supervisors."""
	if why := STEPS[step.event.detail](step):
		compat.read_locked(step.case)  # the refused act has left its changes in memory
		tell_that_impossible(step, why)


def is_moot(step: Step) -> bool:
	"""Has what was to be done by then been done, or given up, before the step could be carried out?"""
	return step.clock.status in ("Stopped", "Cancelled") or step.case.state_category not in RUNNING


# Telling people ------------------------------------------------------------------------------------------


def notify_assignee(step: Step) -> str | None:
	return notify(step, recipients.assignee(step.case))


def notify_supervisors(step: Step) -> str | None:
	return notify(step, recipients.supervisors(step.case))


def notify_head(step: Step) -> str | None:
	return notify(step, recipients.head(step.case) or recipients.supervisors(step.case))


def notify(step: Step, users: list[str]) -> str | None:
	if not users:
		return _("Nobody who may read the case could be told. Name supervisors of {0}.").format(
			step.case.department
		)
	tell(step.case, users, situation(step))
	record(step, situation(step), ", ".join(map(get_fullname, users)))
	return None


def situation(step: Step) -> str:
	"""For those who are told, and for the history: names no citizen."""
	missed = step.clock.breached or step.event.kind == BREACH
	text = _("{0}: {1} was due {2} and is not done.") if missed else _("{0}: {1} is due {2}.")
	return text.format(step.case.name, step.clock.label, format_datetime(step.due))


def record(step: Step, reason: str, detail: str) -> None:
	events.write(step.case, "escalate", reason=reason, detail=f"{_(step.event.detail)}: {detail}")


def tell_that_impossible(step: Step, why: str) -> None:
	"""Never silently nothing: the history of the case says so, and so do those who answer for it."""
	record(step, situation(step), why)
	words = _("{0}: the step {1} could not be taken. {2}").format(step.case.name, _(step.event.detail), why)
	tell(step.case, recipients.supervisors(step.case), words)


# Changing the case ---------------------------------------------------------------------------------------


def raise_priority(step: Step) -> str | None:
	"""By one, of the case and its requests. What is urgent already stays so, and the history says that."""
	case = step.case
	case.begin()
	before, after = case.priority, next_priority(case.priority)
	if before == after:
		record(step, situation(step), _(after))
		return None
	case.priority = after
	case.finish("escalate", situation(step), detail=f"{_(step.event.detail)}: {_(before)} → {_(after)}")
	public_status.take_over(case, "priority")
	return None


def next_priority(priority: str) -> str:
	"""One level up; an unknown one counts as the lowest."""
	position = PRIORITIES.index(priority) if priority in PRIORITIES else 0
	return PRIORITIES[min(position + 1, len(PRIORITIES) - 1)]


def reassign(step: Step) -> str | None:
	"""To the person the step names, else to whom the rule of the department chooses."""
	user = named_user(step) or choose(step.case)
	if not user:
		return _("Nobody in {0} can be given the case now.").format(step.case.department)
	if user == step.case.assignee:
		record(step, situation(step), get_fullname(user))
		return None
	return refusal(lambda: give(step, user))


def named_user(step: Step) -> str | None:
	wanted = (step.event.percent, step.event.detail)
	return next((row.user for row in step.rule.steps if (row.at_percent, row.step) == wanted), None)


def give(step: Step, user: str) -> None:
	step.case.begin()
	step.case.do_assign(user, situation(step))


def deem(step: Step) -> str | None:
	"""What the law makes of silence. The case is closed by the action its milestone names, if it offers that."""
	return refusal(lambda: close(step, *DEEMED[step.event.detail]()))


def close(step: Step, outcome: str, answer: str) -> None:
	due = format_datetime(step.due)
	source = f" ({step.rule.citation})" if step.rule.citation else ""
	step.case.close(
		outcome=outcome,
		reason=_("Not decided by {0}{1}.").format(due, source),
		status_notes=answer.format(due, source),
		action=step.rule.breach_action or None,
	)


DEEMED = {
	"Deemed Granted": lambda: (
		_("Deemed granted"),
		_("No decision was made by {0}. By law{1} the answer therefore counts as granted."),
	),
	"Deemed Refused": lambda: (
		_("Deemed refused"),
		_("No decision was made by {0}. By law{1} the answer therefore counts as refused."),
	),
}

STEPS = {
	"Notify Assignee": notify_assignee,
	"Notify Supervisors": notify_supervisors,
	"Notify Department Head": notify_head,
	"Raise Priority": raise_priority,
	"Reassign": reassign,
	"Escalate": notify_supervisors,
	**dict.fromkeys(DEEMED, deem),
}
