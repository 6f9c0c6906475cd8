"""What Frappe writes past documents while a record gets another name: who points to it by a dynamic link, its files, and,
when it is a user, all that they own."""

from collections.abc import Iterator, Mapping

import frappe
from frappe.model.dynamic_links import get_dynamic_link_map

from govcrm.accountability.trail import rows, setvalue
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.governed import governed

Filters = Mapping[str, str]


def entries(doctype: str, old: str, new: str) -> Iterator[Entry]:
	"""One for each covered record that bears the new name now."""
	detail = {"renamed": doctype, "old_name": old, "new_name": new}
	told = {(doctype, new)}  # by its own event
	for holder, filters in _places(doctype, new):
		names = _names(holder, filters)
		for kind, name in {*setvalue.records_of(holder, names)} - told:
			row = rows.one(kind, name)
			if row and setvalue.is_covered(kind, row):
				told.add((kind, name))
				yield Entry(
					"update", kind, name, rows=[(kind, name, row)], values=row["fields"], detail=detail
				)


def _places(doctype: str, new: str) -> Iterator[tuple[str, Filters]]:
	"""DocTypes, and which of their rows were written to. Plain links Frappe sets with `set_value`, which tells by itself."""
	for field in get_dynamic_link_map().get(doctype, ()):
		yield field.parent, {field.options: doctype, field.fieldname: new}
	yield "File", {"attached_to_doctype": doctype, "attached_to_name": new}
	if doctype == "User":
		yield from ((kind, {"owner": new}) for kind in sorted(governed().covered))


def _names(holder: str, filters: Filters) -> list[str]:
	if not setvalue.is_watched(holder) or not frappe.db.table_exists(holder):
		return []
	return frappe.get_all(holder, filters=filters, pluck="name", order_by="name", limit=0)
