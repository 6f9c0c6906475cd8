"""Endpoints of Frappe's Desk that Frappe itself would answer without the access rule, answered with it.

The hook `override_whitelisted_methods` puts them in place; each has the arguments of the method it stands for.
"""

from typing import Any

import frappe

from govcrm.api.desk import assignments, boards, charts, comments, connections, counts, links, lists


@frappe.whitelist(methods=["GET", "POST"])
def get_chart(
	chart_name: str | None = None,
	chart: str | dict | None = None,
	no_cache: str | int | bool | None = None,
	filters: str | list | dict | None = None,
	from_date: str | None = None,
	to_date: str | None = None,
	timespan: str | None = None,
	time_interval: str | None = None,
	heatmap_year: str | int | None = None,
	refresh: str | int | bool | None = None,
) -> dict[str, Any] | None:
	"""Stands for `dashboard_chart.get`: charts of governed records are drawn anew for each reader."""
	options = {
		"filters": filters,
		"from_date": from_date,
		"to_date": to_date,
		"timespan": timespan,
		"time_interval": time_interval,
		"heatmap_year": heatmap_year,
	}
	return charts.draw(chart_name, chart, options, no_cache=no_cache, refresh=refresh)


@frappe.whitelist(methods=["GET", "POST"])
def get_count() -> int | None:
	"""Stands for `reportview.get_count`; like it, reads `doctype`, `filters`, `distinct` from the form."""
	return counts.get_count()


@frappe.whitelist(methods=["POST"])
def update_board(board_name: str, order: str | dict) -> tuple[Any, list]:
	"""Stands for `kanban_board.update_order`."""
	return boards.update_order(board_name, order)


@frappe.whitelist(methods=["POST"])
def move_card(
	board_name: str,
	docname: str,
	from_colname: str,
	to_colname: str,
	old_index: str | int,
	new_index: str | int,
) -> Any:
	"""Stands for `kanban_board.update_order_for_single_card`."""
	return boards.move_card(board_name, docname, from_colname, to_colname, old_index, new_index)


@frappe.whitelist(methods=["POST"])
def remove_assignment(doctype: str, name: str | int, assign_to: str) -> list:
	"""Stands for `assign_to.remove`."""
	return assignments.remove(doctype, name, assign_to)


@frappe.whitelist(methods=["POST"])
def remove_assignments(doctype: str, names: str) -> None:
	"""Stands for `assign_to.remove_multiple`."""
	assignments.remove_multiple(doctype, names)


@frappe.whitelist(methods=["POST"])
def close_assignment(doctype: str, name: str | int, assign_to: str) -> list:
	"""Stands for `assign_to.close`."""
	return assignments.close(doctype, name, assign_to)


@frappe.whitelist(methods=["GET", "POST"])
def count_records(
	doctype: str,
	filters: str | list | dict | None = None,
	debug: str | bool | int = False,
	cache: str | bool | int = False,
) -> int:
	"""Stands for `client.get_count`."""
	return counts.count_records(doctype, filters)


@frappe.whitelist(methods=["GET", "POST"])
def validate_link(doctype: str, docname: str | int, fields: str | list | None = None) -> dict:
	"""Stands for `client.validate_link`."""
	return links.validate(doctype, str(docname), fields)


@frappe.whitelist(methods=["GET", "POST"])
def get_link_title(doctype: str, docname: str | int) -> str | None:
	"""Stands for `search.get_link_title`."""
	return links.title(doctype, str(docname))


@frappe.whitelist(methods=["GET", "POST"])
def has_permission(doctype: str, docname: str | int, perm_type: str = "read") -> dict:
	"""Stands for `client.has_permission`."""
	return links.has_permission(doctype, str(docname), perm_type)


@frappe.whitelist(methods=["GET", "POST"])
def get_doc_permissions(doctype: str, docname: str | int) -> dict:
	"""Stands for `client.get_doc_permissions`."""
	return links.permissions(doctype, str(docname))


@frappe.whitelist(methods=["GET", "POST"])
def get_open_count(doctype: str, name: str | int, items: str | list | None = None) -> dict:
	"""Stands for `notifications.get_open_count`."""
	return connections.counted(doctype, str(name), items)


@frappe.whitelist(methods=["GET", "POST"])
def get_group_by_count(doctype: str, current_filters: str | list | dict, field: str) -> list:
	"""Stands for `listview.get_group_by_count`."""
	return lists.group_by_count(doctype, current_filters, field)


@frappe.whitelist(methods=["GET", "POST"])
def get_coords(doctype: str, filters: str | list | dict | None = None, type: str | None = None) -> dict:
	"""Stands for `geo.utils.get_coords`."""
	return lists.coordinates(doctype, filters, type or "coordinates")


@frappe.whitelist(methods=["GET", "POST"])
def get_workflow_state_count(doctype: str, workflow_state_field: str, states: str | list) -> list | None:
	"""Stands for `workflow.get_workflow_state_count`."""
	return lists.state_counts(doctype, workflow_state_field, states)


@frappe.whitelist(methods=["GET", "POST"])
def search(text: str, start: str | int = 0, limit: str | int = 20, doctype: str = "") -> list:
	"""Stands for `global_search.search`."""
	return lists.search(text, frappe.utils.cint(start), frappe.utils.cint(limit), doctype)


@frappe.whitelist(methods=["POST", "PUT"])
def add_comment(
	reference_doctype: str,
	reference_name: str | int,
	content: str,
	comment_email: str | None = None,
	comment_by: str | None = None,
) -> Any:
	"""Stands for `form.utils.add_comment`; who wrote it is who is logged in."""
	return comments.add(reference_doctype, str(reference_name), content)
