"""Where the agency is."""

import frappe


def dialling_region() -> str | None:
	"""Return the ISO 3166-1 alpha-2 code of the site's country, if one is set."""
	country = frappe.db.get_default("country") or frappe.get_system_settings("country")
	code = country and frappe.get_cached_value("Country", country, "code")
	return code.upper() if code else None
