"""Makes service areas of the features of a GeoJSON file, after they have been shown."""

from collections.abc import Sequence

import frappe
from frappe import _

from govcrm.domain.area_files import (
	Columns,
	Row,
	features_of,
	likely_name,
	parents_first,
	property_names,
	read_rows,
)
from govcrm.domain.boundaries import BadBoundary, as_features

MAKE, REPLACE = "Make", "Replace Boundary"


def preview(text: str, columns: Columns, parent: str | None) -> dict:
	"""What `save` would do: `properties` of the file, the `columns` taken, a row for each feature.

	A row has number, name, code, parent, points, act (one of MAKE, REPLACE) and problem (empty if it is sound).
	"""
	features = read_file(text)
	columns = columns if columns.name else Columns(likely_name(features), columns.code, columns.parent)
	rows = read_rows(features, columns)
	return {
		"properties": property_names(features),
		"columns": vars(columns),
		"rows": [_shown(row, parent, names_of(rows)) for row in rows],
	}


def save(text: str, columns: Columns, parent: str | None) -> dict[str, int]:
	"""Make or change the areas of all sound rows; the others are left out. Returns how many of each."""
	rows = read_rows(read_file(text), columns)
	sound = [row for row in rows if not problem_of(row, parent, names_of(rows))]
	above = {row.parent for row in sound}
	acts = [_save(row, parent, row.name in above) for row in parents_first(sound)]
	return {"made": acts.count(MAKE), "replaced": acts.count(REPLACE), "left_out": len(rows) - len(acts)}


def read_file(text: str) -> Sequence:
	try:
		return features_of(text)
	except BadBoundary as bad:
		frappe.throw(_(bad.message).format(*bad.values), title=_("File"))


def names_of(rows: Sequence[Row]) -> frozenset[str]:
	return frozenset(row.name for row in rows if not row.problem)


def problem_of(row: Row, parent: str | None, in_file: frozenset[str]) -> str:
	"""Translated words, or an empty text."""
	if row.problem:
		message, values = row.problem
		return _(message).format(*values)
	above = row.parent or parent
	if above == row.name:
		return _("It would be a part of itself.")
	if above and above not in in_file and not frappe.db.exists("Service Area", above):
		return _("There is no area {0} that it could be a part of.").format(above)
	return ""


def _shown(row: Row, parent: str | None, in_file: frozenset[str]) -> dict:
	points = (
		sum(len(ring.coords) for polygon in row.boundary.geoms for ring in _rings(polygon))
		if row.boundary
		else 0
	)
	return {
		"number": row.number,
		"name": row.name,
		"code": row.code,
		"parent": row.parent or parent or "",
		"points": points,
		"act": REPLACE if frappe.db.exists("Service Area", row.name) else MAKE,
		"problem": problem_of(row, parent, in_file),
	}


def _rings(polygon) -> list:
	return [polygon.exterior, *polygon.interiors]


def _save(row: Row, parent: str | None, is_group: bool) -> str:
	known = frappe.db.exists("Service Area", row.name)
	area = frappe.get_doc("Service Area", row.name) if known else frappe.new_doc("Service Area")
	area.update({"area_name": row.name, "boundary": frappe.as_json(as_features(row.boundary), indent=None)})
	if row.code:
		area.area_code = row.code
	if above := row.parent or (None if known else parent):
		area.parent_service_area = _open_above(above)
	area.is_group = int(bool(area.is_group or is_group))
	area.save()
	return REPLACE if known else MAKE


def _open_above(name: str) -> str:
	"""The user has said that others are parts of it, so it can have areas below it."""
	if not frappe.db.get_value("Service Area", name, "is_group"):
		above = frappe.get_doc("Service Area", name)
		above.is_group = 1
		above.save()
	return name
