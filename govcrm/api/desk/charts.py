"""Charts, each reader's own.

Frappe keeps a chart's numbers under the chart's name alone and shows them to whoever looks next: numbers counted
for a supervisor would be shown to everybody. Charts of governed DocTypes are therefore never cached.
"""

import inspect
from typing import Any

import frappe
from frappe import _
from frappe.desk.doctype.dashboard_chart import dashboard_chart

from govcrm.arguments import parsed
from govcrm.gate.check import objection_to_terms
from govcrm.gate.governed import tells_of_records

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
	drawn = inspect.unwrap(dashboard_chart.get)(**target, **chosen)
	if _said(chart_name, chart, "chart_type") != "Group By":
		return drawn
	return _labelled(drawn, _doctype_of(chart_name, chart), _said(chart_name, chart, "group_by_based_on"))


def _labelled(drawn: Any, doctype: str, field: str | None) -> Any:
	"""Groups under the words that forms show for them, where Frappe draws what is stored: codes, and nothing for none."""
	found = frappe.get_meta(doctype).get_field(field) if field else None
	if not drawn or not found:
		return drawn
	words = _titles(found.options, drawn["labels"]) if found.fieldtype == "Link" else {}
	return {**drawn, "labels": [words.get(label, label) or _("Not Specified") for label in drawn["labels"]]}


def _titles(doctype: str, names: list[str]) -> dict[str, str]:
	"""Those that links show, of records that the reader may read."""
	meta = frappe.get_meta(doctype)
	if not (meta.title_field and meta.show_title_field_in_link and frappe.has_permission(doctype, "read")):
		return {}
	named = {"name": ("in", list(filter(None, names)))}
	rows = frappe.get_list(
		doctype, filters=named, fields=["name", meta.title_field], order_by="name", limit=len(names)
	)
	return {row.name: row[meta.title_field] for row in rows}


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
