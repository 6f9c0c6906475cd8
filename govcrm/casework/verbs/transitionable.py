"""The one path by which a case changes."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import (
	WorkflowPermissionError,
	WorkflowTransitionError,
	get_transitions,
	has_approval_access,
)

from govcrm import compat
from govcrm.accountability import trail
from govcrm.casework import events
from govcrm.casework.clocks import following
from govcrm.casework.queues.recusals import refuse_acting
from govcrm.casework.states import state_row
from govcrm.casework.verbs.guarded import by_verb, refuse_obstacles
from govcrm.domain.cases import CANCELLED, CLOSED, OPEN, RUNNING, WAITING
from govcrm.workflows import snapshot


class MovedMeanwhileError(frappe.ValidationError):
	http_status_code = 409


class Transitionable:
	"""Needs the fields workflow_state, state_category, program_version."""

	# The path ----------------------------------------------------------------------------------------------

	def begin(self) -> None:
		"""Start an act: hold the row, read it anew, check the right to write, and that nobody recused acts.

		What the caller's copy says is not believed: it may be stale, or made up by a client. The parent is held first,
		always: a part that closes and a parent that closes then wait for each other in the same order.
		"""
		seen = self.workflow_state
		if parent := frappe.db.get_value("Case", self.name, "parent_case"):
			compat.lock_row("Case", parent)
		compat.read_locked(self)
		self.check_permission("write")
		if not self.flags.ignore_permissions:  # an act of the system, in the name of whoever brought it about
			refuse_acting(self.name)
		self.refuse_if_moved(seen)

	def refuse_if_moved(self, seen: str | None) -> None:
		if seen == self.workflow_state:
			return
		message = _("Somebody has just moved {0} from {1} to {2}. Look at it again before you act.")
		frappe.throw(message.format(self.name, _(seen or ""), _(self.workflow_state)), MovedMeanwhileError)

	def apply(self, transition: dict, reason: str | None = None, *, verb: str = "act", **changes) -> None:
		"""Move the case along one transition of its workflow. `begin` must have been called.

		Refused with names when tasks or parts stand in the way, and without a reason when the category changes.
		"""
		before, row = events.State.of(self), state_row(self.workflow(), transition["next_state"])
		require_reason(before.category, row.state_category, reason)
		refuse_obstacles(self, row.state, row.state_category)
		with trail.together():
			self.enter(row)
			self.update({**self.consequences(before.category, reason), **changes})
			self.finish(verb, reason, before=before, action=transition["action"])
			self.category_changed(before.category)

	def enter(self, row: Document) -> None:
		self.workflow_state, self.state_category = row.state, row.state_category
		if row.update_field:
			self.set(row.update_field, row.update_value)

	def finish(self, verb: str, reason: str | None = None, **event) -> None:
		"""End an act: its clocks follow, one save, one event. The audit trail tells it by the same words."""
		with trail.act(verb, reason, event.get("action"), on=self):
			following.follow(self, verb, event.get("before"), reason, action=event.get("action"))
			with by_verb(self):
				self.save()
			events.write(self, verb, reason=reason, **event)

	# What follows from a new category ------------------------------------------------------------------------

	def consequences(self, before: str, reason: str | None) -> dict:
		"""Fields that follow from the present category, entered from the one before."""
		fields = {"waiting_until": None, "waiting_reason": None}
		if self.state_category in RUNNING:
			was_ended = before not in RUNNING
			return {**fields, **dict.fromkeys(_ENDING if was_ended else ())}
		if before in RUNNING:
			fields["closed_datetime"] = frappe.utils.now_datetime()
		return {**fields, "reason": reason or self.reason}

	def category_changed(self, before: str) -> None:
		ended, was_ended = self.state_category not in RUNNING, before not in RUNNING
		if ended and not was_ended:
			self.end_work()
		elif was_ended and not ended:
			self.resume_work()

	# What the workflow allows --------------------------------------------------------------------------------

	def workflow(self) -> Document:
		return snapshot.load(self.program_version)

	def transitions(self, *wanted: str) -> list[dict]:
		"""Transitions the user's roles and the conditions allow now, into states of these categories (or any)."""
		workflow = self.workflow()
		with by_verb(self):  # Frappe asks for the right to read each time; who calls this has asked once
			rows = get_transitions(self, workflow=workflow)
		categories = {row.state: row.state_category for row in workflow.states}
		rows = [{**row, "next_category": categories[row["next_state"]]} for row in rows]
		return [row for row in rows if row["next_category"] in (wanted or _ALL)]

	def may_approve(self, transition: dict) -> bool:
		"""Frappe bars the owner where self-approval is off. We also bar whoever works on the case and whoever made
		the step before this one: a second signature is another person's."""
		user = frappe.session.user
		if transition.get("allow_self_approval") or user == "Administrator":
			return True
		return has_approval_access(user, self, transition) and user not in (self.assignee, self.last_mover())

	def last_mover(self) -> str | None:
		"""Who made the last step along the workflow."""
		event = frappe.qb.DocType("Case Event")
		moved = event.from_state != event.to_state
		query = frappe.qb.from_(event).select(event.actor).where((event.case == self.name) & moved)
		rows = query.orderby(event.creation, order=frappe.qb.desc).limit(1).run()
		return rows[0][0] if rows else None

	def choose(self, action: str | None, *categories: str, hint: str | None = None) -> dict:
		"""The one transition meant: by its action, else by a hint that names action or state, else the only one."""
		possible = self.transitions(*categories)
		hinted = [row for row in possible if hint in (row["action"], row["next_state"])]
		chosen = (
			hinted if hinted and not action else [row for row in possible if action in (None, row["action"])]
		)
		if not chosen:
			refuse_no_way(self, action, categories)
		if len({row["action"] for row in chosen}) > 1:
			refuse_ambiguous(chosen)
		return self.approved(chosen[0])

	def approved(self, transition: dict) -> dict:
		if not self.may_approve(transition):
			message = _("{0} needs another person than the one who filed, works on, or last moved this case.")
			frappe.throw(message.format(frappe.bold(_(transition["action"]))), WorkflowPermissionError)
		return transition


_ENDING = ("closed_datetime", "outcome", "reason")
_ALL = frozenset({OPEN, WAITING, CLOSED, CANCELLED})


def require_reason(before: str, after: str, reason: str | None) -> None:
	if before != after and not (reason or "").strip():
		message = _("Give a reason: the case goes from {0} to {1}.")
		frappe.throw(message.format(_(before), _(after)), frappe.MandatoryError)


def refuse_no_way(case: Document, action: str | None, categories: tuple[str, ...]) -> None:
	wanted = _(action) if action else " / ".join(_(category) for category in categories)
	message = _("From the state {0} you cannot go to {1}. Possible for you now: {2}.")
	possible = ", ".join(dict.fromkeys(_(row["action"]) for row in case.transitions())) or _("nothing")
	frappe.throw(message.format(_(case.workflow_state), wanted, possible), WorkflowTransitionError)


def refuse_ambiguous(transitions: list[dict]) -> None:
	actions = ", ".join(dict.fromkeys(_(row["action"]) for row in transitions))
	frappe.throw(_("There is more than one way: say which of {0}.").format(actions), WorkflowTransitionError)
