"""Under whose key an event stands, and what the header says of the record: matter, department, level, names.

All that hangs on a case stands under the key of the case, so that destroying it reaches everything of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import frappe

from govcrm.accountability.trail import actors
from govcrm.accountability.trail.governed import exists, governed, host_of, shape_of

CASE = ("department", "confidentiality")
MOST_KEPT = 50_000
AT_ONCE = 500


class Place(NamedTuple):
	"""Where a record belongs. `name` is as the header gives it: a pseudonym for what is named after a person."""

	subject: str
	name: str
	department: str | None = None
	level: str | None = None


def place_of(doctype: str, name: str, values: Mapping[str, Any]) -> Place:
	"""Where a record belongs that holds these values."""
	shown = public_name(doctype, name)
	if doctype == "Case":
		if values:
			learn(doctype, name, values)
		return _of_case(name, shown)
	if doctype in governed().satellites:
		return _of_host(doctype, values, shown)
	shape = shape_of(doctype)
	if case := values.get(shape.case_field):
		return _of_case(case, shown)
	if request := doctype == "Interaction" and values.get("service_request"):
		return _stored_place("Service Request", request)._replace(name=shown)
	department = _department(doctype, name, values)
	level = values.get("confidentiality") if doctype == "Service Request" else None
	return Place(_subject(doctype, name, values), shown, department, level)


def public_name(doctype: str, name: str) -> str:
	"""The name of a record as the log may show it."""
	return actors.pseudonym(name) if is_personal(doctype) else name


def is_personal(doctype: str) -> bool:
	"""Whether records of this DocType are named after a user."""
	kept = _kept("personal")
	if doctype not in kept:
		if not exists(doctype):  # its records are gone; that they are is still told
			return False
		user_field = shape_of(doctype).user_field
		autoname = f"field:{user_field}"
		kept[doctype] = doctype == "User" or bool(
			user_field and frappe.get_meta(doctype).autoname == autoname
		)
	return kept[doctype]


def case_facts(case: str) -> tuple[str | None, str | None]:
	"""Department and confidentiality of a case, read once in a transaction."""
	kept = _cases()
	if case not in kept:
		kept[case] = frappe.db.get_value("Case", case, CASE) or (None, None)
	return kept[case]


def foresee(found: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
	"""Read by one query for each 500 the facts of the cases on which many records hang: (DocType, canonical row)."""
	named = {row["fields"].get(shape_of(doctype).case_field) for doctype, row in found}
	unknown = sorted(named - {None, *_cases()})
	for start in range(0, len(unknown) if len(unknown) > 1 else 0, AT_ONCE):
		some, case = unknown[start : start + AT_ONCE], frappe.qb.DocType("Case")
		query = frappe.qb.from_(case).select(case.name, *(case[field] for field in CASE))
		_cases().update((name, tuple(facts)) for name, *facts in query.where(case.name.isin(some)).run())


def remember(case: str, values: Mapping[str, Any]) -> None:
	"""Let nobody ask the database what is at hand: department and confidentiality of a case."""
	_cases()[case] = (values.get("department"), values.get("confidentiality"))


def learn(doctype: str | None, name: str | None, values: Mapping[str, Any]) -> None:
	"""Note what decides the place of records that hang on this one, before any of them is placed."""
	if doctype == "Case" and values:
		remember(name, values)
	elif doctype == "Service Request" and values.get("case"):
		_kept("requests")[name] = values["case"]


def _cases() -> dict[str, tuple[str | None, str | None]]:
	return _kept("cases")


def _kept(what: str) -> dict[str, Any]:
	"""What this request knows: facts of cases, the cases of service requests. A job that goes through many begins anew."""
	name = f"govcrm_trail_{what}"
	found = getattr(frappe.local, name, None)
	if found is None or len(found) > MOST_KEPT:
		found = {}
		setattr(frappe.local, name, found)
	return found


def _of_case(case: str, shown: str) -> Place:
	return Place(f"Case/{case}", shown, *case_facts(case))


def _of_host(doctype: str, values: Mapping[str, Any], shown: str) -> Place:
	host = host_of(doctype, values)
	return _stored_place(*host)._replace(name=shown) if host else Place(f"Site/{doctype}", shown)


def _stored_place(doctype: str, name: str) -> Place:
	"""The place of a record that is not at hand: from the few fields that decide it."""
	if doctype == "Case":
		return _of_case(name, name)
	if case := doctype == "Service Request" and _kept("requests").get(name):
		return _of_case(case, name)
	shape = shape_of(doctype)
	fields = [shape.case_field, shape.citizen_field, shape.department_field, shape.user_field]
	fields = [field for field in fields if field] if not shape.single else []
	fields += ["service_request"] if doctype == "Interaction" else []
	values = fields and frappe.db.get_value(doctype, name, fields, as_dict=True)
	return place_of(doctype, name, values or {})


def _subject(doctype: str, name: str, values: Mapping[str, Any]) -> str:
	shape = shape_of(doctype)
	if doctype == "Citizen":
		return f"Citizen/{name}"
	if citizen := values.get(shape.citizen_field):
		return f"Citizen/{citizen}"
	user = name if doctype == "User" else values.get(shape.user_field)
	return f"Actor/{actors.pseudonym(user)}" if user else f"Site/{doctype}"


def _department(doctype: str, name: str, values: Mapping[str, Any]) -> str | None:
	return name if doctype == "Agency Department" else values.get(shape_of(doctype).department_field)
