"""Endpoints of the statistics that anybody in the Desk may be shown: publishing for administrators, and what cards show."""

from typing import Any

import frappe

from govcrm.api.statistics import services
from govcrm.arguments import parsed
from govcrm.reports.statistics import publishing, report


@frappe.whitelist(methods=["POST"])
def publish() -> None:
	"""Publish the months that have ended and were not published yet, in the background; for Agency Administrators."""
	publishing.begin()


@frappe.whitelist(methods=["POST"])
def publish_again(month: str, reason: str) -> None:
	"""A new edition of the month of a day, in the background; for Agency Administrators."""
	publishing.begin_again(month, reason)


@frappe.whitelist(methods=["GET", "POST"])
def choices() -> dict[str, list[str]]:
	"""Months and departments that were published: {months: [first days, the last first], departments}."""
	return report.choices()


@frappe.whitelist(methods=["GET", "POST"])
def last_month(filters: str | list | dict | None = None) -> dict[str, Any] | str:
	"""A number card: a number of the whole agency in the last month, `{"measure": …}` of received, closed, share, median_days."""
	return services.last_month(parsed(filters, dict, list, type(None)))
