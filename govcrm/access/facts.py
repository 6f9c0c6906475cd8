"""The facts of one record, read from the database for the access rule.

Never from the document in memory: it may have come from the client, with any values in it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from werkzeug.wrappers import Request, Response

from govcrm.access.query import KINDS, follows_citizen
from govcrm.domain import access
from govcrm.domain.access import CaseFacts, Kind, Right


@contextmanager
def read_once() -> Iterator[None]:
	"""Inside, rows are read once however often the rule is asked: for what looks on and writes nothing."""
	before = getattr(frappe.local, "govcrm_facts", None)
	if before is None:
		keep()
	try:
		yield
	finally:
		frappe.local.govcrm_facts = before


def keep() -> None:
	"""The same from here to the end of the request."""
	frappe.local.govcrm_facts = {}


def release(response: Response | None = None, request: Request | None = None) -> None:
	"""Hook `after_request`."""
	frappe.local.govcrm_facts = None


def _kept(*key: Any, read: Callable[[], Any]) -> Any:
	kept = getattr(frappe.local, "govcrm_facts", None)
	if kept is None:
		return read()
	if key not in kept:
		kept[key] = read()
	return kept[key]


def facts_of(doc: Document, right: Right) -> Iterator:
	"""The facts as stored; and, when the record is about to hang on something else, as they would be then.

	Only a record that is not stored yet is taken at its word: there is nothing yet to protect.
	"""
	make, fields = _READERS.get(KINDS.get(doc.doctype)) or _follower(doc.doctype)
	claimed = frappe._dict({name: doc.get(name) for name in fields})
	stored = doc.name and _stored(doc.doctype, doc.name, fields)
	yield make(stored or claimed, doc.name)
	moved = {name: claimed[name] for name in _LINKS.get(doc.doctype, ("case",))}
	if stored and right is Right.WORK and not moved.items() <= stored.items():
		yield make(frappe._dict(stored, **moved), doc.name)


def stored_name(doctype: str, name: str) -> str | None:
	"""The name of the record as it is stored, None where it is not there: a database may take "case-1" for CASE-1.

	From the row of which the rule is asked next, so that both are one query where rows are kept.
	"""
	_make, fields = _READERS.get(KINDS.get(doctype), (None, ()))
	row = _stored(doctype, name, fields)
	return row and row.name


def case_facts(name: str) -> CaseFacts:
	"""As stored; of a case that is not there, what nobody may see."""
	return _case(name) or CaseFacts()


def _case(name: str | None) -> CaseFacts | None:
	if not name:
		return None
	row = _stored("Case", name, ("department", "confidentiality"))
	return _case_facts(row, name) if row else CaseFacts()


def _case_facts(row: frappe._dict, name: str | None) -> CaseFacts:
	return CaseFacts(row.department, row.confidentiality, _participants(name), name)


def _stored(doctype: str, name: str, fields: tuple[str, ...]) -> frappe._dict | None:
	read = partial(frappe.db.get_value, doctype, name, (*fields, "name"), as_dict=True)
	return _kept(doctype, name, fields, read=read)


def _follower(doctype: str) -> tuple[Callable, tuple[str, ...]]:
	return _follower_facts, ("case", "citizen") if follows_citizen(doctype) else ("case",)


def _follower_facts(row: frappe._dict, name: str | None) -> "CaseFacts | _CitizenOnFile":
	return _case(row.case) or _citizen(row.get("citizen")) or CaseFacts()


def _participants(case: str | None) -> tuple[access.ParticipantFacts, ...]:
	if not case:
		return ()
	rows = _kept("Case Participant", case, read=partial(_read_participants, case))
	return tuple(access.ParticipantFacts(*row) for row in rows)


def _read_participants(case: str) -> Iterable[tuple]:
	table = DocType("Case Participant")
	return frappe.qb.from_(table).select(table.user, table.department).where(table["case"] == case).run()


def _task_facts(row: frappe._dict, name: str | None) -> access.TaskFacts:
	return access.TaskFacts(_case(row.case), row.assigned_department)


class _CitizenOnFile:
	"""CitizenFacts that are read when the rule asks for them, which it does for constituents alone."""

	kind = Kind.CITIZEN

	def __init__(self, name: str) -> None:
		self.name = name

	@cached_property
	def user(self) -> str | None:
		return frappe.db.get_value("Citizen", self.name, "user")


def _request(name: str | None) -> access.RequestFacts | None:
	if not name:
		return None
	fields = _READERS[Kind.REQUEST][1]
	row = frappe.db.get_value("Service Request", name, fields, as_dict=True)
	return _request_facts(row, name) if row else access.RequestFacts()


def _request_facts(row: frappe._dict, name: str | None) -> access.RequestFacts:
	return access.RequestFacts(
		department=row.department,
		confidentiality=row.confidentiality,
		status=row.status,
		owner=row.owner,
		citizen=_citizen(row.citizen),
		case=_case(row.case),
		representative=_citizen(row.representative),
	)


def _citizen(name: str | None) -> _CitizenOnFile | None:
	return _CitizenOnFile(name) if name else None


def _interaction_facts(row: frappe._dict, name: str | None) -> access.InteractionFacts:
	return access.InteractionFacts(_case(row.case), _request(row.service_request), _citizen(row.citizen))


# The links whose change moves a record under another rule. Those of a request change by verbs of its case alone.
_LINKS = {
	"Case": (),
	"Service Request": (),
	"Citizen": (),
	"Interaction": ("case", "service_request", "citizen"),
}
_READERS = {
	Kind.CASE: (_case_facts, ("department", "confidentiality")),
	Kind.TASK: (_task_facts, ("case", "assigned_department")),
	Kind.REQUEST: (
		_request_facts,
		("department", "confidentiality", "status", "owner", "citizen", "case", "representative"),
	),
	Kind.INTERACTION: (_interaction_facts, ("case", "service_request", "citizen")),
	Kind.CITIZEN: (lambda row, name: access.CitizenFacts(row.user, name), ("user",)),
}
