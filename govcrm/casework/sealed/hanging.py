"""Which case a record belongs to, and which records belong to a case."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import frappe
from frappe.query_builder import Criterion, DocType

from govcrm.access.satellites.references import Reference, references_of, satellites, scoped
from govcrm.casework.sealed import content

Names = dict[str, list[str]]
FARTHEST = 3  # a mail that waits, of a mail about a to-do of a case


def case_of(doctype: str, row: Mapping[str, Any], farthest: int = FARTHEST) -> str | None:
	"""The case that a record with these values belongs to."""
	if doctype == "Case":
		return row.get("name")
	if doctype in scoped():
		return row.get("case") or _case_of_request(doctype, row)
	if doctype not in satellites() or not farthest:
		return None
	places = ((reference.type_in(row), row.get(reference.name_field)) for reference in references_of(doctype))
	cases = (_case_of_stored(host, name, farthest - 1) for host, name in places if host and name)
	return next(filter(None, cases), None)


def records_of(case: str) -> Names:
	"""The records of a case that say something: those of the access rule with the rows of their tables, and what people
	write on them."""
	found = _scoped_records(case)
	for doctype in content.WRITTEN * FARTHEST:  # a mail hangs on the case, and a comment names its attachment
		found[doctype] = hung_on(doctype, found)
	for doctype, names in list(found.items()):
		for table in frappe.get_meta(doctype).get_table_fields() if names else ():
			filters = {"parenttype": doctype, "parent": ("in", names)}
			found[table.options] = [*found.get(table.options, ()), *_names(table.options, filters)]
	return {doctype: names for doctype, names in found.items() if names}


def hung_on(doctype: str, hosts: Mapping[str, Iterable[str]]) -> list[str]:
	"""The rows of a satellite that hang on these records."""
	if not frappe.db.table_exists(doctype):
		return []
	table = DocType(doctype)
	found = [
		criterion for reference in references_of(doctype) for criterion in _hanging(table, reference, hosts)
	]
	if not found:
		return []
	return frappe.qb.from_(table).select(table.name).where(Criterion.any(found)).run(pluck=True)


def _hanging(table: DocType, reference: Reference, hosts: Mapping[str, Iterable[str]]) -> Iterator[Criterion]:
	for doctype, names in hosts.items():
		if not names or not reference.name_field or reference.fixed not in ("", doctype):
			continue
		named = table[reference.name_field].isin(list(names))
		yield named if reference.fixed else (reference.type_term(table) == doctype) & named


def _scoped_records(case: str) -> Names:
	found: Names = defaultdict(list, {"Case": [case]})
	for doctype in scoped():
		meta = frappe.get_meta(doctype)
		if doctype != "Case" and content.is_covered(doctype) and not meta.istable and meta.has_field("case"):
			found[doctype] = _names(doctype, {"case": case})
	of_requests = {"service_request": ("in", found["Service Request"] or [""]), "case": ("is", "not set")}
	found["Interaction"] += _names("Interaction", of_requests)
	return found


def _names(doctype: str, filters: dict) -> list[str]:
	return frappe.get_all(doctype, filters, pluck="name")


def _case_of_request(doctype: str, row: Mapping[str, Any]) -> str | None:
	request = doctype == "Interaction" and row.get("service_request")
	return frappe.db.get_value("Service Request", request, "case") if request else None


def _case_of_stored(doctype: str, name: str, farthest: int) -> str | None:
	if doctype == "Case":
		return name
	if doctype in scoped():
		row = _own_case(doctype, name)
	else:
		row = doctype in satellites() and frappe.db.get_value(doctype, name, "*", as_dict=True)
	return case_of(doctype, row, farthest) if row else None


def _own_case(doctype: str, name: str) -> frappe._dict | None:
	meta = frappe.get_meta(doctype)
	fields = [field for field in ("case", "service_request") if meta.has_field(field)]
	return frappe.db.get_value(doctype, name, fields, as_dict=True) if fields else None
