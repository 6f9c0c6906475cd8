"""The numbers in the "Connections" of a form. Frappe counts all records there are; who may see a few is told of those."""

import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe.desk import notifications

from govcrm.gate.governed import tells_of_records

AT_MOST = 100  # Frappe's own limit; the Desk then shows "99+"


def counted(doctype: str, name: str, items: str | list | None) -> dict[str, Any]:
	"""As `notifications.get_open_count`, for what this user may list."""
	found = notifications.get_open_count(
		doctype, name, json.loads(items) if isinstance(items, str) else items
	)
	links = frappe.get_meta(doctype).get_dashboard_data()
	counts = found["count"]
	for one in counts["external_links_found"] if isinstance(counts, dict) else ():
		if tells_of_records(one["doctype"]):
			_count_anew(one, name, links)
	return found


def _count_anew(one: dict[str, Any], name: str, links: Mapping) -> None:
	doctype = one["doctype"]
	field = links.get("non_standard_fieldnames", {}).get(doctype, links.get("fieldname"))
	filters = {field: name, **(notifications.get_dynamic_link_filters(doctype, links, field) or {})}
	one["count"] = _count(doctype, filters)
	open_ones = notifications.get_filters_for(doctype)
	one["open_count"] = _count(doctype, {**filters, **open_ones}) if open_ones else 0


def _count(doctype: str, filters: dict) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	return len(frappe.get_list(doctype, filters=filters, fields=["name"], limit=AT_MOST, order_by=None))
