"""Frappe's two permission hooks, both drawn from the one rule in `govcrm.domain.access`.

`query_conditions` writes the rule as SQL for lists, `has_permission` asks it about one record. Facts are read from
the database and not from the document in memory, for a document may come from the client with any values in it.
Whatever goes wrong, the answer is no: the reason goes to the log, never to the caller.
"""

from collections.abc import Callable, Iterator

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.terms import SubQuery
from frappe.utils import getdate
from pypika.terms import ExistsCriterion, LiteralValue

from govcrm.domain import access, criteria
from govcrm.domain.access import CaseFacts, Kind, Right, Subject
from govcrm.setup.roles import DESK_ROLES

ADMINISTRATOR = "Administrator"  # Frappe never asks about this user, except for the conditions of a list.
DENIED = "(1=0)"
QUOTE = "`"  # Frappe turns it into the quote of the database at hand, as it does with its own conditions.

KINDS = {
	"Case": Kind.CASE,
	"Case Task": Kind.TASK,
	"Service Request": Kind.REQUEST,
	"Interaction": Kind.INTERACTION,
	"Citizen": Kind.CITIZEN,
}
STEPS = {"case": "Case", "service_request": "Service Request", "citizen": "Citizen"}
RIGHTS = {
	**dict.fromkeys(("read", "select", "print", "email", "report", "export"), Right.READ),
	"create": Right.CREATE,
}


# The hooks -----------------------------------------------------------------------------------------------


def query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Hook `permission_query_conditions`: the rule as SQL, always in parentheses."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return ""
	try:
		return _cached(("sql", user, doctype), lambda: _sql(criterion(doctype, user)))
	except Exception:
		_log_failure(doctype, user)
		return DENIED


def has_permission(
	doc: Document | str, ptype: str | None = "read", user: str | None = None, **kwargs: object
) -> bool:
	"""Hook `has_permission`: the rule for one record, or for a DocType as such when only its name is given."""
	user = user or frappe.session.user
	if user == ADMINISTRATOR:
		return True
	try:
		return ptype != "share" and _may(doc, RIGHTS.get(ptype or "read", Right.WORK), subject_of(user))
	except Exception:
		_log_failure(doc if isinstance(doc, str) else doc.get("doctype"), user)
		return False


def may_open_desk() -> bool:
	"""Whether the app's tile is shown on the apps screen."""
	return frappe.session.user == ADMINISTRATOR or not DESK_ROLES.isdisjoint(frappe.get_roles())


def refuse_share(doc: Document, method: str | None = None) -> None:
	"""Doc event of DocShare: a share would outlive the reason for it and beat both hooks."""
	if doc.share_doctype in frappe.get_hooks("govcrm_scoped_doctypes"):
		frappe.throw(
			frappe._("{0} cannot be shared. Assign the case, give out a task or refer it instead.").format(
				frappe._(doc.share_doctype)
			),
			frappe.PermissionError,
		)


def forget(doc: Document | None = None, method: str | None = None) -> None:
	"""Doc event of what subjects are made from: the next question reads roles and memberships anew."""
	frappe.local.govcrm_access = {}


# Who asks ------------------------------------------------------------------------------------------------


def subject_of(user: str) -> Subject:
	"""The user with roles and the departments of today's memberships, kept for the length of a request."""
	return _cached(("subject", user, getdate()), lambda: _read_subject(user))


def _read_subject(user: str) -> Subject:
	if user == "Guest" or not frappe.get_cached_value("User", user, "enabled"):
		return Subject(user)
	memberships = _memberships(user)
	return Subject(
		user=user,
		roles=frozenset(frappe.get_roles(user)) & access.ROLES,
		departments=frozenset(department for department, role in memberships),
		supervised=frozenset(department for department, role in memberships if role == "Supervisor"),
	)


def _memberships(user: str) -> list[tuple[str, str]]:
	"""(department, role) for each membership in force today and for every department below it."""
	member = DocType("Department Member")
	own, below = DocType("Agency Department").as_("own"), DocType("Agency Department").as_("below")
	today = getdate()
	# Strictly inside: departments whose tree has not been built yet all stand at 0, and nothing is below them.
	inside = (below.lft > own.lft) & (below.rgt < own.rgt)
	return (
		frappe.qb.from_(member)
		.join(own)
		.on(own.name == member.parent)
		.join(below)
		.on((below.name == own.name) | inside)
		.select(below.name, member.role)
		.where((member.parenttype == "Agency Department") & (member.user == user))
		.where(member.from_date.isnull() | (member.from_date <= today))
		.where(member.to_date.isnull() | (member.to_date >= today))
		.run()
	)


def _cached(key: tuple, make: Callable):
	cache = getattr(frappe.local, "govcrm_access", None)
	if cache is None:
		cache = frappe.local.govcrm_access = {}
	if key not in cache:
		cache[key] = make()
		frappe.db.after_rollback.add(forget)  # what was read may just have been undone
	return cache[key]


def _log_failure(doctype: str | None, user: str) -> None:
	frappe.logger("govcrm.access").error("denied: no answer for %s on %s", user, doctype, exc_info=True)


# Lists ---------------------------------------------------------------------------------------------------


def criterion(doctype: str, user: str, right: Right = Right.READ) -> Criterion:
	"""The rule as a query builder criterion on the table of the DocType, for queries that Frappe does not scope."""
	table = DocType(doctype)
	if frappe.is_table(doctype):
		return Criterion.any([_in_parent(table, parent, user, right) for parent in _parents(doctype)])
	return _write(_condition(doctype, subject_of(user), right), table)


def _condition(doctype: str, subject: Subject, right: Right) -> criteria.Condition:
	if kind := KINDS.get(doctype):
		return access.condition(subject, kind, right)
	if _follows_case(doctype):
		return criteria.through("case", access.condition(subject, Kind.CASE, right))
	return criteria.Nothing()


def _follows_case(doctype: str) -> bool:
	"""Case Event, Case Participant, and what other apps hang on a case by a link of that name."""
	link = frappe.get_meta(doctype).get_field("case")
	return bool(link and link.options == "Case")


def _parents(child: str) -> list[tuple[str, str]]:
	"""(DocType, table field) of the scoped records that hold rows of this child table."""
	scoped = [
		doctype for doctype in frappe.get_hooks("govcrm_scoped_doctypes") if not frappe.is_table(doctype)
	]
	return [
		(doctype, field.fieldname)
		for doctype in dict.fromkeys(scoped)
		for field in frappe.get_meta(doctype).get_table_fields()
		if field.options == child
	]


def _in_parent(table, parent: tuple[str, str], user: str, right: Right) -> Criterion:
	doctype, fieldname = parent
	if not _may_read_field(doctype, fieldname, user):
		return _write(criteria.Nothing(), table)
	above = DocType(doctype)
	visible = frappe.qb.from_(above).select(above.name).where(criterion(doctype, user, right))
	return (table.parenttype == doctype) & (table.parentfield == fieldname) & table.parent.isin(visible)


def _may_read_field(doctype: str, fieldname: str, user: str) -> bool:
	meta = frappe.get_meta(doctype)
	level = meta.get_field(fieldname).permlevel
	return not level or level in meta.get_permlevel_access("read", user=user)


def _sql(tree: Criterion) -> str:
	return f"({tree.get_sql(with_namespace=True, quote_char=QUOTE)})"


def _write(tree: criteria.Condition, table) -> Criterion:
	return _WRITERS[type(tree)](tree, table)


def _write_among(tree: criteria.Among, table) -> Criterion:
	# Escaped by the database's own rule: the hook hands over text, so there are no parameters to leave it to.
	return table[tree.field].isin(
		[LiteralValue(frappe.db.escape(value, percent=False)) for value in sorted(tree.values)]
	)


def _write_through(tree: criteria.Through, table) -> Criterion:
	if tree.step == "participants":
		taking_part = DocType("Case Participant")
		rows = frappe.qb.from_(taking_part).select(taking_part.name)
		of_this = taking_part["case"] == table.name
		return ExistsCriterion(SubQuery(rows.where(of_this & _write(tree.condition, taking_part))))
	reached = DocType(STEPS[tree.step])
	return table[tree.step].isin(
		frappe.qb.from_(reached).select(reached.name).where(_write(tree.condition, reached))
	)


_WRITERS = {
	criteria.Everything: lambda tree, table: LiteralValue("1") == LiteralValue("1"),
	criteria.Nothing: lambda tree, table: LiteralValue("1") == LiteralValue("0"),
	criteria.Among: _write_among,
	criteria.Empty: lambda tree, table: table[tree.field].isnull()
	| (table[tree.field] == LiteralValue("''")),
	criteria.Through: _write_through,
	criteria.AllOf: lambda tree, table: Criterion.all([_write(part, table) for part in tree.parts]),
	criteria.AnyOf: lambda tree, table: Criterion.any([_write(part, table) for part in tree.parts]),
}


# Single records ------------------------------------------------------------------------------------------


def _may(doc: Document | str, right: Right, subject: Subject) -> bool:
	if isinstance(doc, str):
		return not isinstance(_condition(doc, subject, right), criteria.Nothing)
	if frappe.is_table(doc.doctype):
		return _may(frappe._dict(doctype=doc.parenttype, name=doc.parent), right, subject)
	return all(access.may(subject, facts, right) for facts in _facts(doc, right))


def _facts(doc: Document, right: Right) -> Iterator:
	"""The facts as stored; and, when the record is about to hang on something else, as they would be then."""
	make, fields = _READERS.get(KINDS.get(doc.doctype), (_follower_facts, ("case",)))
	claimed = frappe._dict({name: doc.get(name) for name in fields})
	stored = doc.name and frappe.db.get_value(doc.doctype, doc.name, fields, as_dict=True)
	yield make(stored or claimed, doc.name)
	moved = {name: claimed[name] for name in _LINKS.get(doc.doctype, ("case",))}
	if stored and right is Right.WORK and not moved.items() <= stored.items():
		yield make(frappe._dict(stored, **moved), doc.name)


def _case(name: str | None) -> CaseFacts | None:
	if not name:
		return None
	row = frappe.db.get_value("Case", name, ("department", "confidentiality"), as_dict=True)
	return _case_facts(row, name) if row else CaseFacts()


def _case_facts(row: frappe._dict, name: str | None) -> CaseFacts:
	return CaseFacts(row.department, row.confidentiality, _participants(name))


def _follower_facts(row: frappe._dict, name: str | None) -> CaseFacts:
	return _case(row.case) or CaseFacts()


def _participants(case: str | None) -> tuple[access.ParticipantFacts, ...]:
	if not case:
		return ()
	table = DocType("Case Participant")
	rows = frappe.qb.from_(table).select(table.user, table.department).where(table["case"] == case).run()
	return tuple(access.ParticipantFacts(*row) for row in rows)


def _task_facts(row: frappe._dict, name: str | None) -> access.TaskFacts:
	return access.TaskFacts(_case(row.case), row.assigned_department)


def _request(name: str | None) -> access.RequestFacts | None:
	if not name:
		return None
	fields = _READERS[Kind.REQUEST][1]
	row = frappe.db.get_value("Service Request", name, fields, as_dict=True)
	return _request_facts(row, name) if row else access.RequestFacts()


def _request_facts(row: frappe._dict, name: str | None) -> access.RequestFacts:
	citizen = row.citizen and access.CitizenFacts(frappe.db.get_value("Citizen", row.citizen, "user"))
	return access.RequestFacts(
		row.department, row.confidentiality, row.status, row.owner, citizen or None, _case(row.case)
	)


def _interaction_facts(row: frappe._dict, name: str | None) -> access.InteractionFacts:
	return access.InteractionFacts(_case(row.case), _request(row.service_request))


# The links whose change moves a record under another rule. Those of a request change by verbs of its case alone.
_LINKS = {"Case": (), "Service Request": (), "Citizen": (), "Interaction": ("case", "service_request")}
_READERS = {
	Kind.CASE: (_case_facts, ("department", "confidentiality")),
	Kind.TASK: (_task_facts, ("case", "assigned_department")),
	Kind.REQUEST: (
		_request_facts,
		("department", "confidentiality", "status", "owner", "citizen", "case"),
	),
	Kind.INTERACTION: (_interaction_facts, ("case", "service_request")),
	Kind.CITIZEN: (lambda row, name: access.CitizenFacts(row.user), ("user",)),
}
