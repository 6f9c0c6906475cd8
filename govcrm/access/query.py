"""The access rule as a query: a criterion for the query builder, and text for Frappe's lists."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count
from frappe.query_builder.terms import SubQuery
from pypika.terms import LiteralValue

from govcrm.access.stored import Stored, literal
from govcrm.access.subjects import subject_of
from govcrm.domain import access
from govcrm.domain.access import Kind, Right, Subject
from govcrm.domain.criteria import (
	AllOf,
	Among,
	AnyOf,
	Condition,
	Empty,
	Everything,
	Not,
	Nothing,
	Through,
	all_of,
	any_of,
	through,
)

QUOTE = "`"  # Frappe turns it into the quote of the database at hand, as it does with its own conditions.

KINDS = {
	"Case": Kind.CASE,
	"Case Task": Kind.TASK,
	"Service Request": Kind.REQUEST,
	"Interaction": Kind.INTERACTION,
	"Citizen": Kind.CITIZEN,
}
STEPS = {
	"case": "Case",
	"service_request": "Service Request",
	"citizen": "Citizen",
	"representative": "Citizen",
}
SHARED = Among("shared", frozenset({"1"}))


def query_text(doctype: str, user: str) -> str:
	"""The rule as the text of a condition, in parentheses."""
	if frappe.is_table(doctype):
		return _text(criterion(doctype, user))
	condition = condition_for(doctype, subject_of(user))
	return _kept_text(frappe.db.db_type, doctype, condition)


def criterion(doctype: str, user: str, right: Right = Right.READ) -> Criterion:
	"""The rule as a criterion on the table of the DocType, for queries that Frappe does not scope."""
	table = DocType(doctype)
	if frappe.is_table(doctype):
		return Criterion.any(list(_in_parents(table, doctype, user, right)) or [_write(Nothing(), table)])
	return _write(condition_for(doctype, subject_of(user), right), table)


def condition_for(doctype: str, subject: Subject, right: Right = Right.READ) -> Condition:
	"""What the rule asks of a record of this DocType. Nothing is allowed for one that the rule does not know."""
	if kind := KINDS.get(doctype):
		return access.condition(subject, kind, right)
	if follows_case(doctype):
		return _like_what_it_hangs_on(doctype, subject, right)
	return Nothing()


def _like_what_it_hangs_on(doctype: str, subject: Subject, right: Right) -> Condition:
	by_case = through("case", access.condition(subject, Kind.CASE, right))
	if not follows_citizen(doctype):
		return by_case
	by_citizen = through("citizen", access.condition(subject, Kind.CITIZEN, right))
	return any_of([by_case, all_of([Empty("case"), by_citizen])])


def follows_case(doctype: str) -> bool:
	"""Case Event, Case Participant, and what other apps hang on a case by a link of that name."""
	link = frappe.get_meta(doctype).get_field("case")
	return bool(link and link.options == "Case")


def follows_citizen(doctype: str) -> bool:
	"""A Recusal without a case, and what other apps hang on a citizen in the same way."""
	link = frappe.get_meta(doctype).get_field("citizen")
	return bool(link and link.options == "Citizen")


# Child tables --------------------------------------------------------------------------------------------


def _parents(child: str) -> list[tuple[str, str]]:
	"""(DocType, table field) of the scoped records that hold rows of this child table."""
	scoped = dict.fromkeys(frappe.get_hooks("govcrm_scoped_doctypes"))
	return [
		(doctype, field.fieldname)
		for doctype in scoped
		if not frappe.is_table(doctype)
		for field in frappe.get_meta(doctype).get_table_fields()
		if field.options == child
	]


def _in_parents(table, doctype: str, user: str, right: Right) -> Iterator[Criterion]:
	for parenttype, fieldname in _parents(doctype):
		condition = condition_for(parenttype, subject_of(user), right)
		if not isinstance(condition, Nothing) and _may_read_field(parenttype, fieldname, user):
			above = DocType(parenttype)
			visible = frappe.qb.from_(above).select(above.name).where(_write(condition, above))
			here = (table.parenttype == literal(parenttype)) & (table.parentfield == literal(fieldname))
			yield here & table.parent.isin(visible)


def _may_read_field(doctype: str, fieldname: str, user: str) -> bool:
	meta = frappe.get_meta(doctype)
	level = meta.get_field(fieldname).permlevel
	return not level or level in meta.get_permlevel_access("read", user=user)


# Writing -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _kept_text(db_type: str, doctype: str, condition: Condition) -> str:
	"""Writing takes longer than a short list does. The kind of database decides how values are escaped.

	Nothing else is read here, from metadata least of all: the condition says all, so that a text is never out of date.
	"""
	return _text(_write(condition, DocType(doctype)))


def _text(tree: Criterion) -> str:
	return f"({tree.get_sql(with_namespace=True, quote_char=QUOTE)})"


def _write(condition: Condition, table) -> Criterion:
	return _WRITERS[type(condition)](condition, table)


def literals(values: Iterable[str]) -> list[LiteralValue]:
	"""For a long list that is written often: the elements of one as a single term."""
	return [LiteralValue(", ".join(literal(value)._value for value in values))]


def _write_among(condition: Among, table) -> Criterion:
	if isinstance(condition.values, Stored):
		return condition.values.criterion(table[condition.field])
	return table[condition.field].isin([literal(value) for value in sorted(condition.values)])


def _write_through(condition: Through, table) -> Criterion:
	if condition.step == "participants":
		return _write_taking_part(condition, table)
	if isinstance(condition.condition, Among) and condition.condition.field == "name":
		return _write_among(Among(condition.step, condition.condition.values), table)
	reached = DocType(STEPS[condition.step])
	names = frappe.qb.from_(reached).select(reached.name).where(_write(condition.condition, reached))
	return table[condition.step].isin(names)


def _write_not(condition: Not, table) -> Criterion:
	"""With what is empty, which SQL would leave out on either side."""
	field = getattr(condition.condition, "step", None) or condition.condition.field
	return table[field].isnull() | _write(condition.condition, table).negate()


def _write_taking_part(condition: Through, table) -> Criterion:
	"""Counted and not asked with EXISTS, which MariaDB turns about: it would read all one's participations first.

	And asked only of what can have one's participation by the columns of the case, which an index tells: a case that is
	marked as shared, or whose assignee one is. `govcrm.casework.participation` sees to that.
	"""
	participant = DocType("Case Participant")
	rows = frappe.qb.from_(participant).select(Count("*")).where(participant["case"] == table.name)
	found = SubQuery(rows.where(_write(condition.condition, participant))) > 0
	return _write(_can_take_part(condition), table) & found


def _can_take_part(taking_part: Through) -> Condition:
	inner = taking_part.condition
	users = [
		Among("assignee", part.values) for part in getattr(inner, "parts", (inner,)) if part.field == "user"
	]
	return any_of([SHARED, *users])


_WRITERS = {
	Everything: lambda condition, table: LiteralValue("1") == LiteralValue("1"),
	Nothing: lambda condition, table: LiteralValue("1") == LiteralValue("0"),
	Among: _write_among,
	Empty: lambda condition, table: (
		table[condition.field].isnull() | (table[condition.field] == LiteralValue("''"))
	),
	Through: _write_through,
	AllOf: lambda condition, table: Criterion.all([_write(part, table) for part in condition.parts]),
	AnyOf: lambda condition, table: Criterion.any([_write(part, table) for part in condition.parts]),
	Not: _write_not,
}
