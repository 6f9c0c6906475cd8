"""What callers send to our endpoints as JSON: taken, or refused with words."""

from typing import Any

import frappe
from frappe import _


def parsed(said: Any, *kinds: type) -> Any:
	"""The value, of one of these kinds where some are named. Raises ValidationError for what is no JSON, or of another kind."""
	try:
		value = frappe.parse_json(said)
	except ValueError:
		value = frappe.throw(_("{0} is no JSON.").format(frappe.utils.escape_html(str(said)[:80])))
	if kinds and not isinstance(value, kinds):
		frappe.throw(
			_("{0} is not of the form that is asked for.").format(frappe.utils.escape_html(str(said)[:80]))
		)
	return value
