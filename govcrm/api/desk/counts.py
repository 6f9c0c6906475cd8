"""How many records a list has.

Frappe counts by the field ``count(`tabCase`.name)`` and then refuses it: its guard against SQL in field names takes
the name of the DocType for the word CASE of SQL.
"""

import frappe
from frappe.desk import reportview
from frappe.utils import cint, sbool

ALL = 2**31 - 1


def get_count() -> int | None:
	"""Return the number of records the user may read, for the DocType and filters of the request."""
	form = frappe.local.form_dict
	if not _is_mistaken(form.doctype) or cint(form.limit):
		return reportview.get_count()
	if sbool(form.distinct):
		form.limit = ALL  # with a limit Frappe counts the rows of a query, by no field
		return reportview.get_count()
	return _count_rows()


def _is_mistaken(doctype: str) -> bool:
	return "case" in doctype.split(" ", 1)[0].lower()


def _count_rows() -> int:
	args = reportview.get_form_params()
	args.update(fields=["count(*) as total_count"], order_by=None, limit=0, distinct=False)
	return reportview.execute(**args)[0].get("total_count")
