"""Names that are too many to be read with every request and written into every query: they stay in the database."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property

import frappe
from frappe.query_builder import Criterion, DocType, Field
from pypika.terms import LiteralValue

SHORT = 50  # names up to which a list of them costs less than a look into another table


class Escaped(LiteralValue):
	"""A text as the database escapes it. In a query that has parameters besides, a percent sign is written twice."""

	def get_sql(self, param_wrapper: object = None, **kwargs) -> str:
		text = super().get_sql(**kwargs)
		return text.replace("%", "%%") if param_wrapper else text


def literal(value: str) -> Escaped:
	"""Escaped by the database's own rule: the hook hands over text, so there are no parameters to leave it to."""
	return Escaped(frappe.db.escape(value, percent=False))


@dataclass(frozen=True, eq=False)
class Column:
	"""The values of a field in the rows that meet a criterion, which is written with `literal`. What is empty is none."""

	doctype: str
	field: str
	rows: Criterion

	@property
	def term(self) -> Field:
		return DocType(self.doctype)[self.field]

	@property
	def query(self):
		named = self.term.isnotnull() & (self.term != literal(""))
		return frappe.qb.from_(DocType(self.doctype)).select(self.term).where(self.rows & named)

	def holds(self, name: str) -> bool:
		return bool(self.query.where(self.term == literal(name)).limit(1).run())

	def read(self, at_most: int | None = None) -> list[str]:
		query = self.query.distinct()
		return (query.limit(at_most) if at_most else query).run(pluck=True)


class Stored(Set):
	"""The values of columns and some names more, as a set that is never empty.

	Two are equal that would be written alike, so that the text of a condition is kept for both. What was asked of one is
	asked once: like all that is known of a user, it lives as long as a request.
	"""

	def __init__(self, columns: Iterable[Column], names: Iterable[str] = ()) -> None:
		self.columns, self.names = tuple(columns), frozenset(names)
		self._asked: dict[str, bool] = {}

	@cached_property
	def _text(self) -> tuple[str, ...]:
		return tuple(column.query.get_sql() for column in self.columns)

	@cached_property
	def _all(self) -> frozenset[str]:
		return self.names.union(*(column.read() for column in self.columns))

	def criterion(self, field: Field) -> Criterion:
		"""That the field is one of them. A subquery for each column, for by "or" within one MariaDB reads whole tables."""
		parts = [field.isin(column.query) for column in self.columns]
		named = [field.isin([literal(name) for name in sorted(self.names)])] if self.names else []
		return Criterion.any([*named, *parts])

	def __contains__(self, name: object) -> bool:
		if not isinstance(name, str) or not name:
			return False
		if name not in self._asked:
			self._asked[name] = name in self.names or any(column.holds(name) for column in self.columns)
		return self._asked[name]

	def __iter__(self) -> Iterator[str]:
		return iter(self._all)

	def __len__(self) -> int:
		return len(self._all)

	def __bool__(self) -> bool:
		return True

	def __eq__(self, other: object) -> bool:
		if isinstance(other, Stored):
			return (self._text, self.names) == (other._text, other.names)
		return super().__eq__(other)

	def __hash__(self) -> int:
		return hash((self._text, self.names))

	@classmethod
	def _from_iterable(cls, names: Iterable[str]) -> frozenset[str]:
		return frozenset(names)
