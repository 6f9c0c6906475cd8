"""Opens the case of a service request."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from govcrm.appending import append
from govcrm.casework import events
from govcrm.casework.clocks import opening as clocks
from govcrm.casework.clocks.records import Clock
from govcrm.casework.queues import giving
from govcrm.casework.states import first_closed_state, initial_state

COPIED = (
	"program",
	"program_version",
	"department",
	"priority",
	"confidentiality",
	"expected_datetime",
	"service_area",
)


def open_case(request: Document) -> Document:
	"""Insert the case of a request, with the checklist of its program version as tasks.

	The case gets the name the request carries in `case`, if any. History that was closed elsewhere arrives closed and
	without tasks.
	"""
	case = build_case(request)
	case.flags.ignore_permissions = True  # who may file a request opens its case
	case.flags.clocks = clocks_of(request, case)
	append(case, name=request.get("case") or None)  # the request has proved all its values
	case.tell_lists()
	if not is_history(request):
		add_checklist(case)
		giving.give_out(case)
	return case


def clocks_of(request: Document, case: Document) -> list[Clock]:
	"""Those that it began for its promise. History has been promised nothing here, and its case may be closed."""
	begun = request.flags.pop("clocks", None)
	return clocks.begin(case, clocks.answers_for(request)) if begun is None else begun


def build_case(request: Document) -> Document:
	"""The case of a request, not inserted."""
	values = case_values(request)
	return frappe.new_doc("Case", **{field: values[field] for field in values if values[field] is not None})


def case_values(request: Document | frappe._dict) -> frappe._dict:
	"""The fields a new case has from its request, for this module and for the bulk import."""
	case = frappe._dict({field: request.get(field) for field in COPIED})
	case.subject = subject_of(request.program, request.get("address_string"))
	case.opened_datetime = request.requested_datetime
	case.workflow_state, case.state_category = initial_state(case.program_version)
	if routed := request.flags.routed:
		case.routing_rule, case.routing_reason = routed.rule, routed.reason
	if is_history(request) and request.get("closed_datetime"):
		arrive_closed(case, request)
	return case


def arrive_closed(case: frappe._dict, request: Document | frappe._dict) -> None:
	case.workflow_state, case.state_category = first_closed_state(case.program_version)
	case.closed_datetime = request.closed_datetime


def is_history(request: Document) -> bool:
	"""Was this request worked elsewhere before it came here?"""
	imported_closed = request.get("channel") == "Import" and request.get("closed_datetime")
	return bool(request.flags.imported_history or imported_closed)


def subject_of(program: str, address: str | None = None) -> str:
	"""Program, and the place where the program says that it is no personal data. At most 140 characters."""
	name, with_place = frappe.get_cached_value(
		"Agency Program", program, ["program_name", "place_in_subject"]
	)
	return f"{name}: {address}"[:140] if with_place and address else name[:140]


def record_opening(case: Document) -> None:
	"""The events of a case that has just been inserted: opened, and closed if it arrived so."""
	for verb, details in opening_events(case):
		events.write_opening(case, verb, **details)


def opening_events(case: Document) -> list[tuple[str, dict]]:
	"""(verb, details) of the events a new case starts with, for this module and for the bulk import."""
	before = events.State()
	if not case.closed_datetime:
		return [("open", {"before": before, "at": case.opened_datetime})]
	started = events.State(*initial_state(case.program_version))
	return [
		(
			"open",
			{
				"before": before,
				"at": case.opened_datetime,
				"to_state": started.name,
				"to_category": started.category,
			},
		),
		("close", {"before": started, "at": case.closed_datetime}),
	]


def add_checklist(case: Document) -> None:
	version = frappe.get_cached_doc("Program Version", case.program_version)
	for item in version.checklist:
		add_checklist_task(case, item)


def add_checklist_task(case: Document, item: Document) -> None:
	task = frappe.get_doc(checklist_values(case, item))
	task.flags.from_checklist = True
	task.insert(ignore_permissions=True)  # the program version orders these tasks, not the user


def checklist_values(case: Document, item: Document) -> dict:
	return {
		"doctype": "Case Task",
		"case": case.name,
		"title": item.title,
		"instructions": item.instructions,
		"assigned_department": item.assigned_department or case.department,
		"required": item.required,
		"required_for_state": item.required_for_state,
		"due": add_days(getdate(case.opened_datetime), item.due_days) if item.due_days else None,
	}
