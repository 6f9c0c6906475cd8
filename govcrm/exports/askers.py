"""Whose report it is: that of who asks for it. Frappe's endpoint takes a `user` from the client, and filters by their rights."""

import frappe
from frappe import _
from frappe.core.report.permitted_documents_for_user import permitted_documents_for_user
from frappe.desk import query_report

from govcrm.gate import governed
from govcrm.wrapping import wrap

OF_USERS = frozenset({"Permitted Documents For User"})  # their filters say as whom the list is made


def install() -> None:
	wrap(query_report, "validate_filters_permissions", _checked)
	wrap(query_report, "get_filtered_data", _filtered)
	wrap(query_report, "get_prepared_report_result", _prepared)
	wrap(permitted_documents_for_user, "execute", _of_oneself)


def asker(user: str | None) -> str | None:
	"""In a request who is logged in, whoever is named. Jobs and reports by mail say for whom they run."""
	return frappe.session.user if getattr(frappe.local, "request", None) else user


def _checked(check):
	return lambda report_name, filters=None, user=None: check(report_name, filters, asker(user))


def _filtered(select):
	return lambda ref_doctype, columns, data, user: select(ref_doctype, columns, data, asker(user))


def _prepared(find):
	return lambda report, filters, dn="", user=None: find(report, filters, dn, asker(user))


def _of_oneself(execute):
	"""It shows the records themselves, as the user that is chosen would see them."""

	def executed(filters=None):
		user, doctype = (filters or {}).get("user"), (filters or {}).get("doctype")
		is_ones_own = frappe.session.user in ("Administrator", user)
		if not is_ones_own and governed.tells_of_records(governed.meant(doctype) or doctype):
			frappe.throw(_("These records are shown to yourself only."), frappe.PermissionError)
		return execute(filters)

	return executed
