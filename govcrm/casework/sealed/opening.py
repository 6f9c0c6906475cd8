"""Who opens a sealed case to somebody when nobody is left who could: a privacy officer, who reads none of it.

Else a case whose last reader has left would be lost to the agency. They name the case by its number, open it to others and
never to themselves, and everything of it stands in the history of the case.
"""

import frappe
from frappe import _

from govcrm.casework.grants import deciding


def open_to(case: str, user: str, opens: str, reason: str, authority: str, valid_to: str) -> str:
	"""The name of the grant. What is not sealed, not there or not theirs is refused in the same words."""
	if not deciding.guards_sealed(case):
		message = _("There is no sealed case {0} that you decide about.")
		frappe.throw(message.format(frappe.utils.escape_html(case)), frappe.PermissionError)
	return deciding.open_to(frappe.get_doc("Case", case), user, opens, reason, authority, valid_to).name
