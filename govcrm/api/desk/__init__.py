"""Endpoints of Frappe's Desk that Frappe itself would answer without the access rule, answered with it.

The hook `override_whitelisted_methods` puts them in place; each has the arguments of the method it stands for.
"""

from typing import Any

import frappe

from govcrm.api.desk import assignments, boards, charts, counts


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
