"""What the form of a case shows beside its fields: what may be done, and what stands in the way. No personal data."""

import frappe
from frappe.model.document import Document

from govcrm.access.facts import read_once
from govcrm.access.subjects import subject_of
from govcrm.casework import deadline_panel, public_status
from govcrm.casework.grants import deciding, reading
from govcrm.casework.verbs.authority import WORKER_ROLES, is_supervisor
from govcrm.casework.verbs.guarded import explain, find_obstacles
from govcrm.domain.access.facts import SEALED
from govcrm.domain.cases import CLOSED, RUNNING, TASK_DONE


@read_once()
def form_facts(case: Document) -> dict:
	"""{actions, verbs, reading, deadlines, parts, tasks, blocking, answer_needed} for the user at hand."""
	writable = frappe.has_permission("Case", "write", doc=case)
	deadlines = deadline_panel.panel(case)
	return {
		"actions": possible_actions(case) if writable else [],
		"verbs": [*(possible_verbs(case, deadlines) if writable else []), *access_verbs(case)],
		"reading": reading.read_only_by(case),
		"deadlines": deadlines,
		"parts": parts(case),
		"tasks": open_tasks(case),
		"blocking": blocking(case),
		"answer_needed": bool(public_status.open_requests(case)),
	}


def possible_actions(case: Document) -> list[dict]:
	return [
		{
			"action": row["action"],
			"next_state": row["next_state"],
			"category": row["next_category"],
			"verb": case.verb_of(row["next_category"]),
			"needs_reason": row["next_category"] != case.state_category,
		}
		for row in case.transitions()
		if case.may_approve(row)
	]


def possible_verbs(case: Document, deadlines: list[dict]) -> list[str]:
	"""Verbs beside the actions of the workflow."""
	if case.state_category not in RUNNING:
		return []
	user = frappe.session.user
	verbs = ["refer", "add_task"]
	if not case.assignee and (user == "Administrator" or WORKER_ROLES & set(frappe.get_roles(user))):
		verbs.insert(0, "accept")
	return verbs + (supervisors_verbs(deadlines) if is_supervisor(case) else [])


def access_verbs(case: Document) -> list[str]:
	if not deciding.may_decide(case.name):
		return []
	lowers = (
		case.confidentiality == SEALED
		and is_supervisor(case)
		and frappe.has_permission("Case", "write", doc=case)
	)
	return ["open_to", *(["lower"] if lowers else [])]


def supervisors_verbs(deadlines: list[dict]) -> list[str]:
	more_time = ["extend"] if any(clock["extension"] for clock in deadlines) else []
	return ["assign", "transfer", "release_part", *more_time]


def parts(case: Document) -> list[dict]:
	"""How far the other departments are. State and department are the asking department's to know."""
	fields = ["name", "department", "workflow_state", "state_category", "holds_parent", "closed_datetime"]
	rows = frappe.get_all("Case", filters={"parent_case": case.name}, fields=fields, order_by="creation")
	kept_from = subject_of(frappe.session.user).recused
	return [row for row in rows if row.name not in kept_from]


def open_tasks(case: Document) -> list[dict]:
	fields = [
		"name",
		"title",
		"status",
		"due",
		"assigned_to",
		"assigned_department",
		"required",
		"hold_until",
	]
	filters = {"case": case.name, "status": ("not in", list(TASK_DONE))}
	return frappe.get_list("Case Task", filters=filters, fields=fields, order_by="creation", limit=50)


def blocking(case: Document) -> list[str]:
	"""Why the case could not be closed now, in sentences."""
	if case.state_category not in RUNNING:
		return []
	return explain(find_obstacles(case, "", CLOSED), case)
