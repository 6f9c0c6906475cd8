"""What the number cards of the statistics show."""

from typing import Any

import frappe
from frappe import _

from govcrm.reports.statistics import DOCTYPE, REPORT, WITHHELD, report

MEASURES = ("received", "closed", "share", "median_days")


def last_month(filters: dict | list | None) -> dict[str, Any] | str:
	"""A word where there is no number."""
	frappe.has_permission(DOCTYPE, "report", throw=True)
	measure = filters.get("measure") if isinstance(filters, dict) else None
	found = report.newest()
	if measure not in MEASURES or not found or found[measure] == "":
		return _("None yet")
	return _card(measure, found[measure])


def _card(measure: str, shown: int | str) -> dict[str, Any] | str:
	"""A card takes a number or, in place of all, a word."""
	if shown == _(WITHHELD):
		return shown
	percent = measure == "share"
	value = float(shown.removesuffix("%")) if percent else shown
	return {
		"value": value,
		"fieldtype": "Percent" if percent else "Int",
		"precision": 1,
		"route": ["query-report", REPORT],
	}
