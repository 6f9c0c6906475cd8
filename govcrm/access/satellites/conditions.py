"""The satellites' rule as a query: which rows of a satellite the user may be shown.

What a row hangs on is looked up by its name, row by row, and counted: a list that stops after twenty rows then asks for
few records. With IN or EXISTS, MariaDB would first collect every record that the user may read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import frappe
from frappe.model.db_query import DatabaseQuery
from frappe.permissions import get_role_permissions
from frappe.query_builder import Criterion, DocType, Table
from frappe.query_builder.functions import Count
from frappe.query_builder.terms import SubQuery
from pypika.terms import LiteralValue, Term

from govcrm.access.query import KINDS, QUOTE, literal, literals
from govcrm.access.satellites import special
from govcrm.access.satellites.references import UNSAVED, Reference, guarded_names, references_of, scoped
from govcrm.access.subjects import per_request

DENIED = "(1=0)"
NOTHING = LiteralValue("1") == LiteralValue(
	"0"
)  # of a satellite whose fields this version of Frappe does not have
LONGEST_WAY = 2


@dataclass(frozen=True)
class Asker:
	"""Who asks, and the conditions under which records of the scoped DocTypes are shown to them. Others are not."""

	user: str
	conditions: tuple[tuple[str, str], ...]

	@cached_property
	def shown(self) -> dict[str, "Written"]:
		return {doctype: Written(text) for doctype, text in self.conditions}


def condition_text(doctype: str, user: str) -> str:
	"""The rule for the rows of a satellite as the text of a condition, in parentheses."""
	asker = per_request(("asker", user), lambda: Asker(user, tuple(_readable(user))))
	return _kept_text(frappe.local.site, frappe.db.db_type, doctype, asker, _read_off(doctype))


def _read_off(doctype: str) -> tuple:
	"""All that the text takes from metadata and hooks. A field or an app that is added changes it with no worker restarted."""
	looked_at = (doctype, *sorted(special.CARRIERS), *special.ROWS.values())
	return (guarded_names(), *(tuple(references_of(name)) for name in looked_at))


def shown_among(doctype: str, names: list[str], user: str) -> set[str]:
	"""Those of the rows of a satellite that the rule shows to the user. What Frappe's own hooks ask is not asked."""
	table = DocType(doctype)
	query = frappe.qb.from_(table).select(table.name).where(table.name.isin(names))
	# The names are parameters, and so the text is one into which they are put.
	shown = Written(condition_text(doctype, user).replace("%", "%%"))
	return set(query.where(shown).run(pluck=True))


@lru_cache(maxsize=256)
def _kept_text(site: str, db_type: str, doctype: str, asker: Asker, read_off: tuple) -> str:
	"""Writing takes longer than a short list does. `read_off` is there to tell apart what was written for other fields."""
	written = condition(DocType(doctype), doctype, asker).get_sql(with_namespace=True, quote_char=QUOTE)
	return f"({written})"


def condition(table: Table, doctype: str, asker: Asker, way: int = 1) -> Criterion:
	"""The rule for the rows of a satellite, the first, second, … on the way from the list to the record."""
	parts = [_may_see(table, reference, doctype, asker, way) for reference in references_of(doctype)]
	if rows := special.ROWS.get(doctype):
		parts.append(_no_closed_row(table, rows, asker, way))
	parts += special.criteria(table, doctype, asker.user)
	return Criterion.all(parts) if parts else NOTHING


def _may_see(table: Table, reference: Reference, doctype: str, asker: Asker, way: int) -> Criterion:
	if reference.fixed:
		name = table[reference.name_field]
		return _empty(name) | _found_satellite(reference.fixed, name, asker, way + 1)
	kind = reference.type_term(table)
	ways = [_hangs_on_nothing(table, kind, asker, doctype), _names_no_record(table, reference, asker)]
	if reference.name_field:
		name = table[reference.name_field]
		ways += _in_records(kind, name, asker, way)
		ways += _in_satellites(kind, name, asker, doctype, way) if way < LONGEST_WAY else ()
	return Criterion.any(ways)


def _hangs_on_nothing(table: Table, kind: Term, asker: Asker, doctype: str) -> Criterion:
	others = kind.notin(literals(("", *guarded_names())))
	own = _is(table.owner, asker.user) if doctype in special.CLOSED_ALONE else None
	return others | (_empty(kind) & own if own else _empty(kind))


def _names_no_record(table: Table, reference: Reference, asker: Asker) -> Criterion:
	"""What is about a DocType as a whole, or about a record that is not stored yet, belongs to who made it."""
	own = _is(table.owner, asker.user)
	if not reference.name_field:
		return own
	name = table[reference.name_field]
	return own & (_empty(name) | name.like(literal(f"{UNSAVED}%")))


def _in_records(kind: Term, name: Term, asker: Asker, way: int) -> Iterator[Criterion]:
	for doctype, shown in asker.shown.items():
		if way == 1 or doctype in KINDS:
			yield _is(kind, doctype) & _found(DocType(doctype), name, shown)


def _in_satellites(kind: Term, name: Term, asker: Asker, doctype: str, way: int) -> Iterator[Criterion]:
	for carrier in special.looks_through(doctype):
		yield _is(kind, carrier) & _found_satellite(carrier, name, asker, way + 1)


def _found_satellite(doctype: str, name: Term, asker: Asker, way: int) -> Criterion:
	carrier = DocType(doctype).as_(f"carrier_{way}")
	return _found(carrier, name, condition(carrier, doctype, asker, way))


def _found(record: Table, name: Term, shown: Criterion) -> Criterion:
	rows = frappe.qb.from_(record).select(Count("*")).where(record.name == name)
	return SubQuery(rows.where(shown)) > 0


def _no_closed_row(table: Table, rows: str, asker: Asker, way: int) -> Criterion:
	row = DocType(rows).as_(f"row_{way}")
	hanging = [reference for reference in references_of(rows) if not reference.fixed]
	shown = Criterion.all([_may_see(row, reference, rows, asker, way) for reference in hanging])
	found = frappe.qb.from_(row).select(Count("*")).where(row.parent == table.name)
	return SubQuery(found.where(shown.negate())) == 0


def _is(term: Term, value: str) -> Criterion:
	return term == literal(value)


def _empty(term: Term) -> Criterion:
	return term.isnull() | _is(term, "")


# What records may be read ------------------------------------------------------------------------------------


class Written(Criterion):
	"""A condition that Frappe has written already."""

	def __init__(self, text: str) -> None:
		super().__init__()
		self.text = text

	def get_sql(self, **kwargs) -> str:
		return f"({self.text})"


def _readable(user: str) -> Iterator[tuple[str, str]]:
	"""What a list of each scoped DocType asks of a record: the rule, the user's permissions, what other apps add."""
	for doctype in scoped():
		meta = frappe.get_meta(doctype)
		if not meta.istable and get_role_permissions(meta, user=user).get("read"):
			text = DatabaseQuery(doctype, user=user).build_match_conditions()
			if text != DENIED:
				yield doctype, text or "1=1"
