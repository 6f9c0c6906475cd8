"""What a sealed case says, for who may read it; and changed there by who may work it. Every look leaves an event."""

from collections.abc import Iterator
from typing import Any, NoReturn

import frappe
from frappe import _

from govcrm.accountability import trail
from govcrm.casework.questions import questions_of
from govcrm.casework.sealed import content, hanging, matter
from govcrm.domain.questions import check_answers
from govcrm.faults import refuse, translated
from govcrm.guarded import objection_to

OPEN, DESTROYED, UNREADABLE = "open", "destroyed", "unreadable"
# In this order; what people did is told at the end.
ORDER = (
	"Case",
	"Service Request",
	"Request Follower",
	"Interaction",
	"Case Task",
	"Comment",
	"Communication",
	"Case Event",
)
# What one writes and may correct. The rest is told by acts, or was said by others.
EDITABLE = {
	"Service Request": ("description", "address_string", "answers", "sensitive_answers"),
	"Interaction": ("summary",),
	"Case Task": ("title", "instructions"),
}
ANSWERS = ("answers", "sensitive_answers")
QUESTION = ("code", "label", "datatype", "options", "sensitive")
HELD_IN = {"Request Follower": "Service Request", "Communication Link": "Communication"}


def shown(case: str) -> dict[str, Any]:
	"""{state, message, may_write, records: [{doctype, name, label, words: [{field, label, value, editable}]}]}

	Answers bring the `questions` along that they answer, as the version of the request asks them.

	Throws PermissionError for a case that the user may not read, in the same words as for one that is not there.
	"""
	doc = readable(case)
	writes = bool(frappe.has_permission("Case", "write", doc=doc))
	try:
		said = matter.read(case)
	except (matter.Destroyed, matter.Unreadable) as error:
		frappe.clear_last_message()
		state = DESTROYED if isinstance(error, matter.Destroyed) else UNREADABLE
		return {"state": state, "message": str(error), "may_write": False, "records": []}
	records = list(_records(said, writes))
	trail.record("read", "Case", case, detail={"sealed": sum(len(record["words"]) for record in records)})
	return {"state": OPEN, "message": None, "may_write": writes, "records": records}


def write(case: str, doctype: str, name: str, field: str, value: str | None) -> None:
	"""Change one word of a sealed case. The audit log keeps what stood there before, closed under the key of the case."""
	doc = readable(case, "write")
	_refuse_other(case, doctype, name, field)
	said = matter.read(doc.name)
	before = said.get(doctype, {}).get(name, {}).get(field)
	words = _checked(doctype, name, field, (value or "").strip(), said)
	matter.put(case, {doctype: {name: words}})
	detail = {"field": f"{doctype} {name}: {field}", "before": before, "after": words[field]}
	trail.record("write sealed", "Case", case, detail={key: value for key, value in detail.items() if value})


def readable(case: str, right: str = "read"):
	if not matter.is_sealed(case) or not frappe.has_permission("Case", right, doc=case):
		turn_back(case)
	return frappe.get_doc("Case", case)


def turn_back(case: str) -> NoReturn:
	message = _("There is no sealed case {0} that you may open.")
	frappe.throw(message.format(frappe.utils.escape_html(case)), frappe.PermissionError)


def _records(said: matter.Said, writes: bool) -> Iterator[dict[str, Any]]:
	for doctype in sorted(said, key=_place):
		if not may_read(doctype):
			continue
		for name, words in sorted(said[doctype].items(), key=lambda item: _begun(doctype, item[0])):
			if readable := list(_words(doctype, name, words, writes)):
				yield {"doctype": doctype, "name": name, "label": _(doctype), "words": readable}


def _place(doctype: str) -> tuple[int, str]:
	return (ORDER.index(doctype) if doctype in ORDER else len(ORDER), doctype)


def _begun(doctype: str, name: str) -> str:
	return str(frappe.db.get_value(doctype, name, "creation") or "")


def may_read(doctype: str) -> bool:
	"""By role: whoever may read the case may read what people wrote on it."""
	asked = HELD_IN.get(doctype, doctype)
	return asked in content.WRITTEN or bool(frappe.has_permission(asked, "read"))


def _words(doctype: str, name: str, words: content.Words, writes: bool) -> Iterator[dict[str, Any]]:
	if not may_read_record(doctype, name):
		return
	meta, levels = frappe.get_meta(doctype), _levels(doctype)
	editable = EDITABLE.get(doctype, ()) if writes else ()
	for field, value in words.items():
		found = meta.get_field(field)
		if found and (not found.permlevel or found.permlevel in levels):
			asked = {"questions": _questions(name, value)} if field in ANSWERS else {}
			yield {
				"field": field,
				"label": _(found.label),
				"value": value,
				"link": found.options if found.fieldtype == "Link" else None,
				"kind": _kind(found),
				"editable": field in editable,
				**asked,
			}


def _kind(field: Any) -> str:
	if field.fieldname in ANSWERS:
		return "answers"
	return "html" if field.fieldtype == "Text Editor" else "text"


def _questions(request: str, answers: str) -> list[dict[str, Any]]:
	"""Those of the request's version that are answered here, in their order."""
	version = frappe.db.get_value("Service Request", request, "program_version")
	given = frappe.parse_json(answers or "{}")
	rows = frappe.get_cached_doc("Program Version", version).questions if version else []
	return [{name: row.get(name) for name in QUESTION} for row in rows if row.code in given]


def _levels(doctype: str) -> list[int]:
	return frappe.get_meta(HELD_IN.get(doctype, doctype)).get_permlevel_access("read")


def may_read_record(doctype: str, name: str) -> bool:
	"""One of the case may be closed by itself: to who is recused from the citizen who wrote it."""
	if doctype in content.WRITTEN or frappe.get_meta(doctype).istable or not frappe.db.exists(doctype, name):
		return True
	return bool(frappe.has_permission(doctype, "read", doc=name))


def _refuse_other(case: str, doctype: str, name: str, field: str) -> None:
	row = doctype in EDITABLE and frappe.db.get_value(doctype, name, "*", as_dict=True)
	if not row or field not in EDITABLE[doctype] or hanging.case_of(doctype, row) != case:
		frappe.throw(_("This cannot be changed here."), frappe.PermissionError)
	if not frappe.has_permission(doctype, "write", doc=name):
		frappe.throw(_("You may not change this."), frappe.PermissionError)
	level = frappe.get_meta(doctype).get_field(field).permlevel
	if level and level not in frappe.get_meta(doctype).get_permlevel_access("write"):
		frappe.throw(_("You may not change this."), frappe.PermissionError)


def _checked(doctype: str, name: str, field: str, value: str, said: matter.Said) -> content.Words:
	found = frappe.get_meta(doctype).get_field(field)
	if objection := objection_to(found.fieldtype, value):
		frappe.throw(f"{_(found.label)}: {objection}")
	if found.reqd and not value:
		frappe.throw(_("{0} cannot be empty.").format(_(found.label)), frappe.MandatoryError)
	if field in ANSWERS:
		_check_answers(name, {**said.get(doctype, {}).get(name, {}), field: value})
	return {field: value or None}


def _check_answers(request: str, words: content.Words) -> None:
	version = frappe.db.get_value("Service Request", request, "program_version")
	try:
		given = [frappe.parse_json(words.get(field) or "{}") for field in ANSWERS]
	except ValueError:
		frappe.throw(_("The answers are no JSON object."))
	if not all(isinstance(each, dict) for each in given):
		frappe.throw(_("The answers are no JSON object."))
	checked = check_answers(
		questions_of(frappe.get_cached_doc("Program Version", version)), {**given[0], **given[1]}
	)
	refuse(translated(checked.errors))
