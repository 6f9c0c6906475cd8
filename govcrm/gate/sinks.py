"""The few places of Frappe that send whatever they hold to the database, guarded where they do, whoever led there."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.report.report import Report
from frappe.core.report.permitted_documents_for_user import permitted_documents_for_user
from frappe.desk.doctype.system_console.system_console import SystemConsole
from frappe.integrations.doctype.webhook.webhook import Webhook

from govcrm.gate import governed, reports
from govcrm.wrapping import OURS, wrap

ADMINISTRATOR = "Administrator"
PREVIEWS = (
	"meets_condition",
	"preview_request_body",
)  # of Frappe 15; those of 16 are methods, which the gate turns back


def install() -> None:
	wrap(Report, "execute_query_report", _not_past_the_rules)
	wrap(SystemConsole, "run", _for_the_administrator)
	wrap(permitted_documents_for_user, "execute", _as_oneself)
	for name in PREVIEWS:
		if isinstance(held := vars(Webhook).get(name), property) and not hasattr(held.fget, OURS):
			getter = SimpleNamespace(fget=held.fget)
			wrap(getter, "fget", _of_no_governed_record)
			setattr(Webhook, name, property(getter.fget))


def _not_past_the_rules(run: Callable) -> Callable:
	def execute_query_report(self, filters):
		if frappe.session.user != ADMINISTRATOR and governed.read_by(self.query or ""):
			frappe.throw(reports.past_the_rules(), frappe.PermissionError)
		return run(self, filters)

	return execute_query_report


def _as_oneself(run: Callable) -> Callable:
	"""The report *Permitted Documents For User* lists what somebody else may see, Administrator among them."""

	def execute(filters=None):
		given = filters or {}
		own = given.get("user") in (None, "", frappe.session.user)
		if (
			frappe.session.user != ADMINISTRATOR
			and not own
			and governed.leads_to_records(given.get("doctype"))
		):
			message = _("{0} is shown to each by what they may see themselves, and not as to another user.")
			frappe.throw(message.format(_(given.get("doctype"))), frappe.PermissionError)
		return run(filters)

	return execute


def _for_the_administrator(run: Callable) -> Callable:
	def console(self) -> None:
		if frappe.session.user != ADMINISTRATOR:
			frappe.throw(_("This is for the Administrator only."), frappe.PermissionError)
		return run(self)

	return console


def _of_no_governed_record(show: Callable) -> Callable:
	def preview(self) -> Any:
		if frappe.session.user != ADMINISTRATOR and governed.leads_to_records(self.webhook_doctype):
			return _("There is no preview of {0}.").format(_(self.webhook_doctype))
		return show(self)

	return preview
