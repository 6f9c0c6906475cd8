"""Where the rows of a satellite say what they hang on: the hook `govcrm_satellites`, read.

One reference is `type:name`, two fields of the row. The type may also be `=DocType`, the same for all rows, or
`link>DocType.field`, a field of the record that the row links to. Without a name, rows are about a DocType as a whole.
"""

from dataclasses import dataclass
from functools import lru_cache

import frappe
from frappe.query_builder import DocType, Table
from frappe.query_builder.terms import SubQuery
from pypika.terms import Term

UNSAVED = "new-"  # how the Desk calls a record that is not stored yet


@dataclass(frozen=True)
class Reference:
	name_field: str
	type_field: str = ""
	fixed: str = ""
	link: str = ""
	linked: str = ""

	@property
	def fields(self) -> tuple[str, ...]:
		"""Those of the row itself."""
		own = self.link or self.type_field
		return tuple(field for field in (own, self.name_field) if field)

	def type_in(self, row: dict) -> str | None:
		if self.link:
			link = row.get(self.link)
			return frappe.db.get_value(self.linked, link, self.type_field) if link else None
		return (row.get(self.name_field) and self.fixed) or row.get(self.type_field)

	def type_term(self, table: Table) -> Term:
		if not self.link:
			return table[self.type_field]
		linked = DocType(self.linked)
		row = frappe.qb.from_(linked).select(linked[self.type_field])
		return SubQuery(row.where(linked.name == table[self.link]))


def satellites() -> dict[str, list[str]]:
	return frappe.get_hooks("govcrm_satellites") or {}


def scoped() -> list[str]:
	return list(dict.fromkeys(frappe.get_hooks("govcrm_scoped_doctypes")))


def guarded_names() -> tuple[str, ...]:
	"""The DocTypes that a row can hang on without being everybody's."""
	return (*scoped(), *satellites())


def guarded_name(doctype: str | None) -> str | None:
	"""The one of them that is meant. MariaDB does not tell "case" from "Case", and so neither does this."""
	meant = (doctype or "").strip().casefold()
	return next((name for name in guarded_names() if name.casefold() == meant), None)


def references_of(doctype: str) -> list[Reference]:
	"""Those whose fields the DocType has: versions of Frappe differ."""
	meta = frappe.get_meta(doctype)
	return [
		reference
		for reference in map(_parse, filter(None, satellites()[doctype]))
		if all(field == "parent" or meta.has_field(field) for field in reference.fields)
	]


@lru_cache(maxsize=256)
def _parse(text: str) -> Reference:
	kind, _, name = text.partition(":")
	if kind.startswith("="):
		return Reference(name, fixed=kind[1:])
	if ">" not in kind:
		return Reference(name, kind)
	link, _, path = kind.partition(">")
	linked, _, field = path.rpartition(".")
	return Reference(name, field, link=link, linked=linked)
