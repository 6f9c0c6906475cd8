"""By which fields rows were hashed: noted in the log whenever it changes, so that a new field makes no finding of every row."""

import json
from collections.abc import Iterator

import frappe

from govcrm.accountability import trail
from govcrm.accountability.reconciling import live
from govcrm.accountability.reconciling.live import Page
from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.trail import Entry, payload, rows
from govcrm.accountability.trail.governed import shape_of
from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.rows import text
from govcrm.domain.ledger.shapes import Now, Shape, as_before, differing

VERB = "shape"
RECORDED = "detail/fields"


def note() -> list[str]:
	"""Append an event for each covered DocType whose fields are not those noted last; gives these DocTypes."""
	last = {doctype: texts[-1] for doctype, texts in _noted().items()}
	changed = [one for one in live.doctypes() if last.get(one) != written(of(one))]
	trail.record_many([_entry(doctype) for doctype in changed])
	return changed


def of(doctype: str) -> Shape:
	"""The shape of today."""
	shape = shape_of(doctype)
	tables = {field: dict(shape_of(table).kinds) for field, table in shape.tables.items()}
	return Shape(dict(shape.kinds), tables)


def earlier(doctype: str) -> list[Shape]:
	"""Shapes that it had before, the newest first."""
	texts = dict.fromkeys(reversed(_noted(doctype).get(doctype, ())))
	texts.pop(written(of(doctype)), None)
	return [Shape(**json.loads(one)) for one in texts]


def written(shape: Shape) -> str:
	return canonical.dumps(shape._asdict()).decode()


def read_as(page: Page, names: list[str], old: Shape) -> Iterator[tuple[str, dict]]:
	"""(name, canonical row) of records of a page as they would have been under an earlier shape, where they can be."""
	now, raw = _now(page.doctype), _raw(page.doctype, names, old)
	for name, row in rows.stored(page.doctype, names):
		before = as_before(row, old, now, raw.get(name, {}))
		if before is not None:
			yield name, before


def _entry(doctype: str) -> Entry:
	detail = {"fields": written(of(doctype))}
	return Entry(VERB, "DocType", doctype, rows=[], detail=detail, subject=f"Site/{doctype}")


def _noted(doctype: str | None = None) -> dict[str, list[str]]:
	"""What was noted of each DocType, the oldest first."""
	table, found = frappe.qb.DocType(EVENT), {}
	query = frappe.qb.from_(table).select(table.name, table.subject, table.payload, table.reference_name)
	query = query.where((table.verb == VERB) & (table.reference_doctype == "DocType"))
	if doctype:
		query = query.where(table.reference_name == doctype)
	for event in query.orderby(table.name).run(as_dict=True):
		if told := (payload.read(event) or {}).get(RECORDED):
			found.setdefault(event.reference_name, []).append(told)
	return found


def _now(doctype: str) -> Now:
	tables = {"": doctype, **shape_of(doctype).tables}
	return Now(of(doctype), {field: _defaults(table) for field, table in tables.items()})


def _defaults(doctype: str) -> dict[str, object]:
	"""What `ALTER TABLE` put into rows that were there."""
	kinds = shape_of(doctype).kinds
	found = {
		field.fieldname: text(kinds[field.fieldname], field.default)
		for field in frappe.get_meta(doctype).fields
		if field.fieldname in kinds and _is_of_the_column(field)
	}
	return {field: value for field, value in found.items() if value is not None}


def _is_of_the_column(field) -> bool:
	"""Defaults such as Today are computed for each new record, and text columns have none."""
	default = str(field.default or "")
	is_text = frappe.db.type_map.get(field.fieldtype, ("", ""))[0] in ("text", "longtext")
	return (
		bool(default)
		and not is_text
		and default not in frappe.db.DEFAULT_SHORTCUTS
		and not default.startswith(":")
	)


def _raw(doctype: str, names: list[str], old: Shape) -> dict[str, dict]:
	"""Values of fields that are none any more, or others: Frappe leaves their columns."""
	if shape_of(doctype).single:
		return {doctype: frappe.db.get_singles_dict(doctype)}
	columns = set(frappe.db.get_table_columns(doctype)).intersection(differing(old, of(doctype)))
	if not columns:
		return {}
	table, found = frappe.qb.DocType(doctype), {}
	for start in range(0, len(names), rows.AT_ONCE):
		query = frappe.qb.from_(table).select(table.name, *(table[column] for column in sorted(columns)))
		part = query.where(table.name.isin(names[start : start + rows.AT_ONCE])).run(as_dict=True)
		found.update((str(row.name), row) for row in part)
	return found
