"""Reports: a query that an administrator wrote is sent to the database as it is, and knows of no rule."""

from typing import Any

import frappe
from frappe import _

from govcrm.gate import governed
from govcrm.gate.asked import Asked, parsed

METHODS = frozenset(
	{
		"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report",
		"frappe.desk.query_report.export_query",
		"frappe.desk.query_report.get_script",
		"frappe.desk.query_report.run",
	}
)


def objection(found: Asked) -> str | None:
	"""Why this report is not run for this user, in words for the caller."""
	if found.method not in METHODS:
		return None
	frappe.local.form_dict.pop("user", None)  # Frappe would narrow the rows to what that user may see
	report, filters = found.args.get("report_name"), parsed(found.args.get("filters"))
	if isinstance(report, str) and (why := why_not(report)):
		return why
	if isinstance(filters, dict) and not _is_ones_own(filters.get("prepared_report_name"), report):
		return _("This result was prepared for somebody else. Prepare the report anew.")
	return None


def why_not(report: str) -> str | None:
	"""Whether the user may run the report at all: Frappe asks nothing where it prepares one."""
	found = frappe.get_cached_doc("Report", report) if frappe.db.exists("Report", report) else None
	if not found:
		return None  # Frappe says so
	if not found.is_permitted() or not frappe.has_permission(found.ref_doctype, "report"):
		return _("This report is not for you.")
	base = found
	while base.report_type == "Custom Report" and base.reference_report:
		base = frappe.get_cached_doc("Report", base.reference_report)
	if base.report_type == "Query Report" and governed.read_by(base.query or ""):
		return past_the_rules()
	return None


def past_the_rules() -> str:
	return _(
		"This report asks the database past the rules on who may see what. Make a report of another type."
	)


def refuse_preparing(doc: Any, method: str | None = None) -> None:
	"""Doc event of Prepared Report: whoever makes one has it run, and gets the file."""
	if frappe.session.user != "Administrator" and (why := why_not(doc.report_name)):
		frappe.throw(why, frappe.PermissionError)


def _is_ones_own(prepared: Any, report: Any) -> bool:
	if not prepared:
		return True
	found = frappe.db.get_value("Prepared Report", str(prepared), ["owner", "report_name"])
	return found == (frappe.session.user, report)
