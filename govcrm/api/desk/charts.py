"""Charts, each reader's own.

Frappe keeps a chart's numbers under the chart's name alone and shows them to whoever looks next: numbers counted
for a supervisor would be shown to everybody. Charts of governed DocTypes are therefore never cached.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.query_builder.functions import Avg, Count, Sum
from frappe.utils import escape_html
from pypika.terms import ValueWrapper

from govcrm.access.stored import Escaped
from govcrm.arguments import parsed
from govcrm.gate.check import objection_to_terms
from govcrm.gate.governed import tells_of_records

AGGREGATES = {"Count": Count, "Sum": Sum, "Average": Avg}
COUNTED = ("based_on", "value_based_on", "group_by_based_on", "aggregate_function_based_on")


def draw(
	chart_name: str | None, chart: str | dict | None, options: dict[str, Any], **caching: Any
) -> dict[str, Any] | None:
	"""Return labels and datasets of a chart, counted through `get_list` for the present user."""
	target = {"chart_name": chart_name, "chart": chart}
	if not tells_of_records(_doctype_of(chart_name, chart)):
		return dashboard_chart.get(**target, **options, **caching)
	_check_chart(chart_name)
	_refuse_heatmap(chart_name, chart)
	_refuse_expressions(chart_name, chart, options["filters"])
	# The Desk sends empty texts for what is not chosen; Frappe's cache turns them into None on the way.
	chosen = {name: value or None for name, value in options.items()}
	said = partial(_said, chart_name, chart)
	if _is_of_groups(said):
		return _grouped(said, chosen["filters"])
	return inspect.unwrap(dashboard_chart.get)(**target, **chosen)


# Groups ------------------------------------------------------------------------------------------------------


def _is_of_groups(said: Callable[[str], Any]) -> bool:
	return said("chart_type") == "Group By"


def _grouped(said: Callable[[str], Any], chosen: Any) -> dict[str, Any] | None:
	"""Groups under the words that forms show for them. None where there are none.

	Frappe 15 draws what is stored: codes, and nothing for none. 16 draws titles of linked records, whoever may read them.
	"""
	doctype, field = said("document_type"), said("group_by_based_on")
	if not field or said("group_by_type") not in AGGREGATES:
		frappe.throw(_("Say by which field the chart groups, and whether it counts, sums or averages."))
	filters = parsed(chosen) or parsed(said("filters_json")) or []
	# Records that were cancelled are in no chart of Frappe's.
	rows = _counted(said, [*filters, [doctype, "docstatus", "<", 2]])
	if not rows:
		return None
	groups, values = zip(*rows, strict=True)
	return {
		"labels": _labels(doctype, field, groups),
		"datasets": [{"name": said("name"), "values": list(values)}],
	}


def _counted(said: Callable[[str], Any], filters: list) -> Sequence[tuple]:
	"""(group, value) of the records that the reader may read, the largest first."""
	doctype, summed = said("document_type"), said("aggregate_function_based_on")
	parent = said("parent_document_type")
	readable = frappe.get_list(
		doctype, filters=filters, fields=["name"], order_by=None, run=False, parent_doctype=parent
	)
	table = frappe.qb.DocType(doctype)
	group, value = table[said("group_by_based_on")], AGGREGATES[said("group_by_type")]
	value = value(table[summed] if summed else ValueWrapper(1)).as_("value")
	query = frappe.qb.from_(table).select(group, value).where(table.name.isin(Escaped(f"({readable})")))
	return query.groupby(group).orderby(value, order=frappe.qb.desc).run()


def _labels(doctype: str, field: str, groups: Iterable[Any]) -> list[str]:
	"""As HTML: so Frappe's charts take them."""
	found = frappe.get_meta(doctype).get_field(field)
	words = _titles(found.options, groups) if found and found.fieldtype == "Link" else {}
	return [
		escape_html(str(words.get(group) or group)) if group not in (None, "") else _("Not Specified")
		for group in groups
	]


def _titles(doctype: str, names: Iterable[str]) -> dict[str, str]:
	"""Those that links show, of records that the reader may read."""
	meta = frappe.get_meta(doctype)
	if not (meta.title_field and meta.show_title_field_in_link and frappe.has_permission(doctype, "read")):
		return {}
	named = {"name": ("in", list(filter(None, names)))}
	rows = frappe.get_list(doctype, filters=named, fields=["name", meta.title_field], order_by="name")
	return {row.name: row.get(meta.title_field) for row in rows}


def _doctype_of(chart_name: str | None, chart: str | dict | None) -> str | None:
	return _said(chart_name, chart, "document_type")


def _said(chart_name: str | None, chart: str | dict | None, field: str) -> str | None:
	if chart_name:
		return frappe.get_cached_value("Dashboard Chart", chart_name, field)
	return (parsed(chart, dict, type(None)) or {}).get(field)


def _refuse_heatmap(chart_name: str | None, chart: str | dict | None) -> None:
	"""Frappe counts for this kind of chart by `get_all`, past the access rule."""
	if _said(chart_name, chart, "type") == "Heatmap":
		frappe.throw(_("There is no heatmap of these records. Choose another type of chart."))


def _refuse_expressions(chart_name: str | None, chart: str | dict | None, filters: Any) -> None:
	"""What a chart counts stands in its record, which whoever drew it wrote."""
	doctype = _doctype_of(chart_name, chart)
	for field in COUNTED:
		said = {"field": _said(chart_name, chart, field)}
		if why := objection_to_terms(doctype, said):
			frappe.throw(why, frappe.PermissionError)
	for given in (filters, _said(chart_name, chart, "filters_json")):
		if why := objection_to_terms(doctype, {"filters": given}):
			frappe.throw(why, frappe.PermissionError)


def _check_chart(chart_name: str | None) -> None:
	if chart_name:
		frappe.get_cached_doc("Dashboard Chart", chart_name).check_permission()
