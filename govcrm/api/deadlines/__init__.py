"""Endpoints of the Desk's cards and calendars of deadlines. Each answers with what the reader may list, and keeps nothing."""

from typing import Any

import frappe

from govcrm.api.deadlines import services
from govcrm.arguments import parsed
from govcrm.casework.clocks import recompute


@frappe.whitelist(methods=["GET", "POST"])
def on_time(filters: str | list | dict | None = None) -> dict[str, Any] | str:
	"""The number card "On Time Last 30 Days": percent of the deadlines settled since then, or a word if there are none."""
	return services.on_time()


@frappe.whitelist(methods=["GET"])
def due_cases(
	start: str,
	end: str,
	doctype: str | None = None,
	fields: str | list | None = None,
	filters: str | list | None = None,
	field_map: str | dict | None = None,
) -> list[dict[str, Any]]:
	"""Open cases whose next deadline falls into the time shown by the calendar: {name, title, start, end, status}."""
	return services.due_cases(start, end, filters)


@frappe.whitelist(methods=["GET"])
def due_clocks(
	start: str,
	end: str,
	doctype: str | None = None,
	fields: str | list | None = None,
	filters: str | list | None = None,
	field_map: str | dict | None = None,
) -> list[dict[str, Any]]:
	"""Every deadline that falls into the time shown by the calendar: {name, title, start, end, status}."""
	return services.due_clocks(start, end, filters)


@frappe.whitelist(methods=["POST"])
def dates_that_move(calendar: str | dict) -> dict[str, Any]:
	"""What saving a Business Calendar with these values would do to running deadlines; for those who may save it.

	{total, clocks, moved, earlier, missed, examples: [{case, label, before, after}]}; nothing is changed.
	"""
	return recompute.preview_form(parsed(calendar, dict))
