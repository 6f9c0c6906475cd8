"""Lists that Frappe makes by queries of its own, which know nothing of the access rule."""

from typing import Any

import frappe
from frappe.desk import listview
from frappe.query_builder.functions import Count
from frappe.utils import global_search
from frappe.workflow.doctype.workflow import workflow
from pypika.terms import Term

from govcrm.access.stored import Escaped
from govcrm.api.desk.links import may
from govcrm.arguments import parsed
from govcrm.gate.governed import is_scoped

SHOWN_GROUPS = 50


def group_by_count(doctype: str, current_filters: str | list | dict, field: str) -> list[dict]:
	"""How many records have each value of a field. Frappe counts whom records are assigned to past the rule."""
	if field != "assigned_to" or not is_scoped(doctype):
		return listview.get_group_by_count(doctype, current_filters, field)
	filters = parsed(current_filters)
	readable = frappe.get_list(doctype, filters=filters, fields=["name"], order_by=None, run=False)
	return _assigned(doctype, Escaped(f"({readable})"))


def _assigned(doctype: str, readable: Term) -> list[dict]:
	"""Of the records that the subquery finds, which may be a million."""
	todo, user, count = frappe.qb.DocType("ToDo"), frappe.qb.DocType("User"), Count("*").as_("count")
	query = (
		frappe.qb.from_(todo)
		.join(user)
		.on(todo.allocated_to == user.name)
		.select(todo.allocated_to.as_("name"), count)
		.where((todo.status != "Cancelled") & (user.user_type == "System User"))
		.where((todo.reference_type == doctype) & todo.reference_name.isin(readable))
		.groupby(todo.allocated_to)
		.orderby(count, order=frappe.qb.desc)
	)
	return query.limit(SHOWN_GROUPS).run(as_dict=True)


def state_counts(doctype: str, field: str, states: str | list) -> list[dict]:
	"""Records in states that a workflow no longer has. Ours run on what their version pinned: none depends on it."""
	return [] if is_scoped(doctype) else workflow.get_workflow_state_count(doctype, field, states)


def search(text: str, start: int, limit: int, doctype: str) -> list[dict]:
	"""Global search, which asks for the right to the DocType only."""
	found = global_search.search(text, start, limit, doctype)
	return [one for one in found if not is_scoped(one["doctype"]) or may(one["doctype"], one["name"])]


def coordinates(doctype: str, filters: Any, kind: str) -> dict[str, Any]:
	"""Points of a map: {"type": "FeatureCollection", "features": […]}, as Frappe 15 draws them. Frappe 16 lists them itself."""
	if not is_scoped(doctype):
		return _frappes_coordinates(doctype, filters, kind)
	if not frappe.get_meta(doctype).has_field("longitude"):
		return {"type": "FeatureCollection", "features": []}
	fields = ["name", "latitude", "longitude"]
	rows = frappe.get_list(doctype, filters=parsed(filters), fields=fields)
	return {"type": "FeatureCollection", "features": [_point(row) for row in rows if row.longitude]}


def _frappes_coordinates(doctype: str, filters: Any, kind: str) -> dict[str, Any]:
	try:
		answer = frappe.get_attr("frappe.geo.utils.get_coords")
	except ImportError:
		raise frappe.DoesNotExistError from None
	return answer(doctype, filters, kind)


def _point(row: Any) -> dict[str, Any]:
	place = {"type": "Point", "coordinates": [float(row.longitude), float(row.latitude)]}
	return {"type": "Feature", "properties": {"name": row.name}, "geometry": place}
