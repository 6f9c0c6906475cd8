"""The words of many records taken out of their rows, and put back. Each row that changes leaves an event of its own."""

from collections.abc import Iterator, Mapping

import frappe

from govcrm.casework.sealed import content, hanging, matter
from govcrm.casework.sealed.content import Words
from govcrm.casework.sealed.matter import Said

AT_ONCE = 500


def gather(case: str) -> int:
	"""Take into the sealed matter whatever the records of the case still say; gives how many did."""
	found: Said = {}
	for doctype, name, words in _spoken(case):
		found.setdefault(doctype, {})[name] = words
	if found:
		matter.put(case, found)
	for doctype, records in found.items():
		_empty(doctype, records)
	return sum(map(len, found.values()))


def give_back(said: Said) -> None:
	"""Into the records that are still there."""
	for doctype, records in said.items():
		meta = frappe.get_meta(doctype)
		for name, words in records.items():
			values = {field: value for field, value in words.items() if meta.has_field(field)}
			if values and frappe.db.exists(doctype, name):
				_set(doctype, name, values)


def _spoken(case: str) -> Iterator[tuple[str, str, Words]]:
	for doctype, names in hanging.records_of(case).items():
		meta = frappe.get_meta(doctype)
		columns = ["name", *(field.fieldname for field in content.fields_of(meta))]
		for start in range(0, len(names) if len(columns) > 1 else 0, AT_ONCE):
			filters = {"name": ("in", names[start : start + AT_ONCE])}
			for row in frappe.get_all(doctype, filters, columns):
				if words := content.words_in(meta, row):
					yield doctype, row.name, words


def _empty(doctype: str, records: Mapping[str, Words]) -> None:
	meta = frappe.get_meta(doctype)
	for name, words in records.items():
		neutral = content.neutral_values(meta, name)
		_set(doctype, name, {field: neutral[field] for field in words})


def _set(doctype: str, name: str, values: Words) -> None:
	frappe.db.set_value(doctype, name, values, update_modified=False)
	frappe.clear_document_cache(doctype, name)
