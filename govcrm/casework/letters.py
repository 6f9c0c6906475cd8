"""What letters to citizens say, drawn from the records that the present user may read."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date, format_datetime, get_url

from govcrm.casework.questions import questions_of
from govcrm.domain.questions import Question


def acknowledgement_of(request: Document) -> dict[str, Any]:
	"""Return what the acknowledgement of a Service Request says; for print formats and e-mail templates.

	Answers to sensitive questions are never in it: a letter lies open on desks and in letter boxes.
	"""
	return {
		"agency": frappe.get_cached_doc("GovCRM Settings").agency_name or _("The agency"),
		"department": _department(request),
		"addressee": addressee(request),
		"program": frappe.get_cached_value("Agency Program", request.program, "program_name"),
		"answers": list(_answers(request)),
		"expected": format_date(request.expected_datetime) if request.expected_datetime else None,
		"status_page": get_url("/status"),
	}


def addressee(request: Document) -> str | None:
	"""Return the name to write to, or None: anonymous, or the user may not read names of citizens."""
	if request.anonymous or not request.citizen or not frappe.has_permission("Citizen", "read"):
		return None
	rows = frappe.get_list("Citizen", filters={"name": request.citizen}, fields=["name", "full_name"])
	return rows[0].get("full_name") if rows else None


def _department(request: Document) -> dict[str, Any]:
	if not request.department:
		return {}
	fields = ["department_name", "email", "phone"]
	return frappe.get_cached_value("Agency Department", request.department, fields, as_dict=True) or {}


def _answers(request: Document):
	answers = frappe.parse_json(request.answers) or {}
	if not (answers and request.program_version):
		return
	for question in questions_of(frappe.get_cached_doc("Program Version", request.program_version)):
		if question.code in answers and not question.sensitive:
			yield _(question.label), in_words(question, answers[question.code])


def in_words(question: Question, answer: Any) -> str:
	"""Return an answer as people write it: the labels of options, dates in the user's format."""
	labels = {option.key: _(option.label) for option in question.options}
	if isinstance(answer, bool):
		return _("Yes") if answer else _("No")
	if isinstance(answer, list):
		return ", ".join(str(labels.get(one, one)) for one in answer)
	write = {"date": format_date, "datetime": format_datetime}.get(question.datatype)
	return write(answer) if write else str(labels.get(answer, answer))
