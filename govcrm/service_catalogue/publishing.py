"""What keeps a program version from being published, in words for the admin who wants to publish it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, formatdate, getdate

from govcrm.casework.questions import questions_of
from govcrm.domain import workflow as rules
from govcrm.domain.periods import overlap
from govcrm.domain.questions import check_questions
from govcrm.service_catalogue import deadlines, routing_defects, versions
from govcrm.workflows import snapshot
from govcrm.workflows.guard import known_roles


class NotPublishable(frappe.ValidationError):
	"""The version has defects; the message lists them."""


@dataclass(frozen=True)
class Defect:
	"""One thing to put right: in which part of the version, what is wrong, what to do. Translated."""

	part: str
	message: str
	hint: str = ""

	def as_dict(self) -> dict[str, str]:
		return asdict(self)


def refuse(found: Iterable[Defect]) -> None:
	"""Raise `NotPublishable` with everything found; go on if nothing is."""
	lines = [
		f"<b>{escape_html(one.part)}</b>: {escape_html(one.message)} {escape_html(one.hint)}" for one in found
	]
	if lines:
		frappe.throw(
			_("Please put these right first:") + "<ul><li>" + "</li><li>".join(lines) + "</li></ul>",
			NotPublishable,
			title=_("Not Ready"),
		)


def defects(version: Document) -> list[Defect]:
	"""All defects of a version; none means that it can be published."""
	kind = frappe.get_cached_value("Agency Program", version.program, "kind")
	return [
		*workflow_defects(snapshot.take(version.workflow), kind, not version.flags.before_appointments),
		*_question_defects(version),
		*_checklist_defects(version),
		*_department_defects(version),
		*_deadline_defects(version),
		*_date_defects(version),
		*routing_defects_of(version),
		*_change_defects(version),
	]


def workflow_defects(pinned: dict, kind: str, appointed: bool = True) -> list[Defect]:
	"""Defects of a workflow for a program of this kind, on this site with its roles and users.

	`appointed` unset: nobody may hold a role yet, as while the app is installed.
	"""
	model = rules.from_dict(pinned)
	roles = {edge.role for edge in model.transitions}
	found = rules.check(
		model,
		known_roles=known_roles(),
		held_roles=holders(roles) if appointed else None,
		decides=kind in rules.DECIDED_KINDS,
	)
	return [Defect(_("Workflow {0}").format(model.name), *finding.words(_)) for finding in found]


def pinned_workflow_defects(version: str, kind: str) -> list[Defect]:
	"""Same, for the workflow that a published version has pinned."""
	return workflow_defects(snapshot.pinned(version), kind)


def holders(roles: Iterable[str]) -> dict[str, set[str]]:
	"""Enabled users by role. Administrator does not count: it is nobody's account for daily work."""
	enabled = set(frappe.get_all("User", {"enabled": 1}, pluck="name", order_by="name")) - {
		"Administrator",
		"Guest",
	}
	rows = frappe.get_all(
		"Has Role",
		{"parenttype": "User", "role": ["in", list(roles)]},
		["role", "parent"],
		order_by="role, parent",
	)
	found = defaultdict(set)
	for row in rows:
		if row.parent in enabled:
			found[row.role].add(row.parent)
	return found


def end_defects(version: Document) -> Iterator[Defect]:
	"""Defects of the last day that somebody gives to a published version."""
	last = versions.period(version)[1]
	if last and last < getdate():
		yield Defect(
			_("Dates"),
			_("A published version can only end today or later, not on {0}.").format(formatdate(last)),
		)
	yield from _overlap_defects(version)


def _question_defects(version: Document) -> Iterator[Defect]:
	for problem in check_questions(questions_of(version)):
		yield Defect(_("Questions"), _(problem.message).format(*problem.values))


def _checklist_defects(version: Document) -> Iterator[Defect]:
	states = [row["state"] for row in snapshot.take(version.workflow)["states"]]
	for row in version.checklist:
		state = row.required_for_state
		if state and state not in states:
			yield _checklist_defect(row, _("its state {0} is not in the workflow.").format(state))
		elif state and state == states[0]:
			yield _checklist_defect(
				row, _("every case starts in {0}, before any task is done.").format(state)
			)


def _checklist_defect(row: Document, problem: str) -> Defect:
	return Defect(
		_("Checklist"),
		_("Row {0}, {1}: {2}").format(row.idx, row.title, problem),
		_("Choose another state, or none."),
	)


def _department_defects(version: Document) -> Iterator[Defect]:
	owner = frappe.get_cached_value("Agency Program", version.program, "department")
	named = [version.default_department or owner, *(row.assigned_department for row in version.checklist)]
	for department in dict.fromkeys(filter(None, named)):
		if not frappe.get_cached_value("Agency Department", department, "active"):
			yield Defect(
				_("Departments"),
				_("{0} is not active and takes no work.").format(department),
				_("Choose another department."),
			)


def routing_defects_of(version: Document) -> list[Defect]:
	"""Defects of the routing rules and parts."""
	return [
		Defect(_("Routing"), _(problem.message).format(*problem.values))
		for problem in routing_defects.problems(version)
	]


def _deadline_defects(version: Document) -> Iterator[Defect]:
	pinned = snapshot.take(version.workflow)
	closed = {row["state"] for row in pinned["states"] if row.get("state_category") == rules.CLOSED}
	ways = {row["action"] for row in pinned["transitions"] if row["next_state"] in closed}
	for message, hint in deadlines.defects(version, {row["state"] for row in pinned["states"]}, ways):
		yield Defect(_("Deadlines"), message, hint)


def _date_defects(version: Document) -> Iterator[Defect]:
	yield from _overlap_defects(version)
	yield from _past_defects(version)


def _overlap_defects(version: Document) -> Iterator[Defect]:
	"""A version may end the one before it, but not reach into one that begins later or on the same day."""
	first = getdate(version.effective_from)
	for row in versions.published(version.program, for_update=True):
		if row.name == version.name or row.effective_from < first:
			continue
		if overlap(versions.period(row), versions.period(version)):
			yield Defect(
				_("Dates"),
				_("{0} is published for the days from {1} on.").format(
					row.name, formatdate(row.effective_from)
				),
				_("Begin after that day, end before it, or withdraw that version."),
			)


def _past_defects(version: Document) -> Iterator[Defect]:
	"""Requests keep the version they were filed under, so another one cannot claim their days afterwards."""
	first = getdate(version.effective_from)
	if first >= getdate():
		return
	filed = {"program": version.program, "requested_datetime": [">=", first]}
	if frappe.db.exists("Service Request", filed):
		yield Defect(
			_("Dates"),
			_("Requests received since {0} already follow another version.").format(formatdate(first)),
			_("Let this version begin today or later."),
		)


def _change_defects(version: Document) -> Iterator[Defect]:
	if version.version_no and version.version_no > 1 and not (version.changes or "").strip():
		yield Defect(
			_("Changes"),
			_("The changes since the last version are not described."),
			_("Say in a sentence what is different and why."),
		)
